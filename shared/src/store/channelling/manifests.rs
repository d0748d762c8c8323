//! The table of manifests. A manifest is written once and never changed or removed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::domain::selling::manifest::{Manifest, ManifestId};
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item};
use crate::store::keys::manifest;
use crate::store::packed::{MOST_BYTES, pack, unpack_json};

/// The maximum size of a packed manifest. DynamoDB's limit of an item is 400 KB, with its keys.
const MOST_PACKED: usize = 390_000;

/// The table.
#[derive(Debug, Clone)]
pub struct Manifests {
    client: DynamoDb,
    table: String,
}

/// The item of a manifest.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct ManifestItem {
    manifest: ByteBuf,
    created_at: Timestamp,
}

/// A manifest that fits into an item.
#[derive(Debug)]
pub struct PackedManifest(ByteBuf);

impl PackedManifest {
    /// Packs a manifest; `None` if it is too large.
    pub fn of(manifest: &Manifest) -> Result<Option<Self>, StoreFailure> {
        let corrupt = |error| StoreFailure::CorruptBody(error);
        let json = serde_json::to_vec(manifest).map_err(|error| corrupt(error.into()))?;
        if u64::try_from(json.len()).is_ok_and(|length| length > MOST_BYTES) {
            return Ok(None);
        }
        let packed = pack(&json).map_err(|error| corrupt(error.into()))?;
        Ok((packed.len() <= MOST_PACKED).then_some(Self(packed)))
    }
}

impl Manifests {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// Writes a new manifest of a channel account.
    pub async fn add(
        &self,
        (client, alias): (&ClientId, &AccountAlias),
        made: &Manifest,
        packed: PackedManifest,
    ) -> Result<(), StoreFailure> {
        let value = ManifestItem {
            manifest: packed.0,
            created_at: made.created_at,
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(&manifest(client, alias, &made.id), &value)?))
            .condition_expression("attribute_not_exists(pk)");
        self.client.send(put).await?;
        Ok(())
    }

    /// A manifest of a channel account.
    pub async fn get(
        &self,
        (client, alias): (&ClientId, &AccountAlias),
        id: &ManifestId,
    ) -> Result<Option<Manifest>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&manifest(client, alias, id))))
            // The caller may have just received the id.
            .consistent_read(true);
        let found = self.client.send(read).await?;
        found
            .item
            .map(|item| unpack_json(&from_item::<ManifestItem>(item)?.manifest))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::selling::manifest::HandedOver;

    /// A manifest with texts of this length that do not compress.
    fn manifest(parcels: usize, length: usize) -> Manifest {
        let noise = || -> String { (0..length).map(|_| fastrand::alphanumeric()).collect() };
        let parcel = |_| HandedOver {
            order_number: noise().parse().unwrap(),
            shipment_code: Some(noise().parse().unwrap()),
            awb: noise().parse().unwrap(),
            carrier_name: Some("Express".to_owned()),
        };
        Manifest {
            id: "mft_1".parse().unwrap(),
            created_at: Timestamp::UNIX_EPOCH,
            courier_name: None,
            warehouse: None,
            shipments: (0..parcels).map(parcel).collect(),
        }
    }

    #[test]
    fn a_thousand_parcels_with_long_names_fit_into_an_item() {
        let made = manifest(1000, 60);
        let packed = PackedManifest::of(&made).unwrap().unwrap();
        let item = ManifestItem {
            manifest: packed.0,
            created_at: made.created_at,
        };
        assert_eq!(unpack_json::<Manifest>(&item.manifest).unwrap(), made);
    }

    #[test]
    fn what_does_not_fit_into_an_item_is_not_packed() {
        assert!(PackedManifest::of(&manifest(3000, 100)).unwrap().is_none());
        let mut repeating = manifest(1, 10);
        let parcel = repeating.shipments.remove(0);
        repeating.shipments = vec![parcel; 20_000];
        assert!(PackedManifest::of(&repeating).unwrap().is_none());
    }
}
