//! Makes and reads manifests: the record of which parcels were handed over to a courier. No channel and no aggregator is called.

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::fields::Violation;
use crate::contract::selling::manifest::{ManifestRequest, NamedParcel};
use crate::domain::selling::manifest::{HandedOver, Labelled, Manifest, ManifestId, NotHandedOver};
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, ClientId, NotAllowed};
use crate::flows::channelling::dependencies::ManifestDependencies;
use crate::flows::failure::FlowFailure;
use crate::store::channelling::manifests::PackedManifest;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;

/// Makes a manifest of a channel account. Each request makes one, a repeated one too.
pub async fn make_manifest(
    dependencies: &ManifestDependencies,
    (client, alias): (&ClientId, &AccountAlias),
    request: ManifestRequest,
    now: Timestamp,
) -> Result<ManifestId, FlowFailure> {
    let account = dependencies.accounts.present(client, alias).await?;
    account.ok_or(FlowFailure::NotFound("channel account not found"))?;
    let keys: Vec<Key> = request
        .shipments
        .iter()
        .map(|parcel| key(client, parcel))
        .collect();
    let mut labelled = dependencies.shipments.labelled(&keys).await?;
    let labelled = keys.iter().map(|key| labelled.remove(key));
    let manifest = Manifest {
        id: new_id().map_err(|error| StoreFailure::CorruptBody(error.into()))?,
        created_at: now,
        courier_name: request.courier_name,
        warehouse: request.warehouse,
        shipments: handed_over(request.shipments, labelled)?,
    };
    let packed = PackedManifest::of(&manifest)?.ok_or_else(too_large)?;
    let manifests = &dependencies.manifests;
    manifests.add((client, alias), &manifest, packed).await?;
    Ok(manifest.id)
}

/// A manifest of a channel account; also of one that was removed since.
pub async fn get_manifest(
    dependencies: &ManifestDependencies,
    account: (&ClientId, &AccountAlias),
    id: &ManifestId,
) -> Result<Manifest, FlowFailure> {
    let found = dependencies.manifests.get(account, id).await?;
    found.ok_or(FlowFailure::NotFound("manifest not found"))
}

fn key(client: &ClientId, parcel: &NamedParcel) -> Key {
    let id = ShipmentId {
        client_id: client.clone(),
        shipment_type: ShipmentType::Forward,
        order_number: parcel.order_number.clone(),
        shipment_code: parcel.shipment_code.clone(),
    };
    id.key()
}

fn new_id() -> Result<ManifestId, NotAllowed> {
    format!("mft_{}", Uuid::now_v7().simple()).parse()
}

/// The parcels with their AWBs, or what is wrong with each.
fn handed_over(
    parcels: Vec<NamedParcel>,
    labelled: impl Iterator<Item = Option<Labelled>>,
) -> Result<Vec<HandedOver>, FlowFailure> {
    let mut wrong = Vec::new();
    let mut handed_over = Vec::with_capacity(parcels.len());
    for (index, (parcel, labelled)) in parcels.into_iter().zip(labelled).enumerate() {
        let taken = labelled
            .ok_or(NotHandedOver::Unknown)
            .and_then(Labelled::taken_by);
        match taken {
            Ok((awb, carrier_name)) => handed_over.push(HandedOver {
                order_number: parcel.order_number,
                shipment_code: parcel.shipment_code,
                awb,
                carrier_name,
            }),
            Err(why) => wrong.push(Violation {
                pointer: format!("/shipments/{index}/orderNumber"),
                detail: why.to_string(),
            }),
        }
    }
    if wrong.is_empty() {
        Ok(handed_over)
    } else {
        Err(FlowFailure::Invalid(wrong))
    }
}

fn too_large() -> FlowFailure {
    let detail = "have names that are too long for one manifest; make several";
    FlowFailure::of_field("/shipments", detail.to_owned())
}
