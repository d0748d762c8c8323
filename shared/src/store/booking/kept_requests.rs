//! The requests of booked forward shipments. A return order of such a shipment leaves out what they say.
//!
//! They are separate items, because a push reads the shipment and is billed by its size.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::Put;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::domain::claim_record::ShipmentRecord;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::store::batch_read::{self, Found, Wanted};
use crate::store::booking::shipments::{FoundShipment, Shipments};
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, item, key_of};
use crate::store::keys::{Key, kept_request};
use crate::store::packed::unpack;
use crate::store::transaction::Part;

/// The item of a request.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct KeptRequest {
    request: ByteBuf,
}

/// What is known of the shipments of a return order.
#[derive(Debug)]
pub struct KnownOfReturn {
    /// The shipment whose goods come back.
    pub forward: Option<FoundShipment>,
    /// The JSON of the request for it.
    pub forward_request: Option<Vec<u8>>,
    /// The parcel in which they come.
    pub parcel: Option<ShipmentRecord>,
}

impl Shipments {
    /// The write of the packed request of a forward shipment.
    pub(super) fn kept(
        &self,
        id: &ShipmentId,
        request: Option<ByteBuf>,
    ) -> Result<Option<Part>, StoreFailure> {
        let Some(request) = request.filter(|_| id.shipment_type == ShipmentType::Forward) else {
            return Ok(None);
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&kept_request(id), &KeptRequest { request })?));
        Ok(Some(put.build()?.into()))
    }

    /// The shipments of a return order: the first of `forward` that exists, and `parcel`. The items of other tables come
    /// with the same read.
    pub async fn of_return(
        &self,
        forward: &[ShipmentId],
        parcel: &ShipmentId,
        beside: impl IntoIterator<Item = Wanted>,
    ) -> Result<(KnownOfReturn, Found), StoreFailure> {
        let keys = forward.iter().flat_map(|id| [id.key(), kept_request(id)]);
        let keys: Vec<Key> = keys.chain([parcel.key()]).collect();
        // What is decided on them is written on the condition that they are current.
        let own = Wanted::new(&self.table, &keys, None, true)?;
        let mut found = batch_read::read(&self.client, beside.into_iter().chain([own])).await?;
        let items = found.of(&self.table).into_iter();
        let mut items: HashMap<Key, _> = items.map(|item| (key_of(&item), item)).collect();
        let first = forward.iter().find(|id| items.contains_key(&id.key()));
        let (of_forward, of_request) = first
            .map(|id| (items.remove(&id.key()), items.remove(&kept_request(id))))
            .unwrap_or_default();
        let request: Option<KeptRequest> = of_request.map(from_item).transpose()?;
        let known = KnownOfReturn {
            forward: of_forward.map(from_item).transpose()?,
            // It only fills gaps.
            forward_request: request.and_then(|kept| unpack(&kept.request).ok()),
            parcel: items.remove(&parcel.key()).map(from_item).transpose()?,
        };
        Ok((known, found))
    }
}
