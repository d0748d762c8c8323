//! The requests of booked forward shipments. A return order of such a shipment leaves out what they say.
//!
//! They are separate items, because a push reads the shipment and is billed by its size.

use aws_sdk_dynamodb::types::Put;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_dynamo::from_item;

use crate::domain::claim_record::ShipmentRecord;
use crate::domain::shipment_id::ShipmentId;
use crate::store::batch_read::{self, Found, Wanted};
use crate::store::booking::shipments::{FoundShipment, Shipments};
use crate::store::failure::StoreFailure;
use crate::store::items::{item, key_of};
use crate::store::keys::kept_request;
use crate::store::packed::unpack;
use crate::store::transaction::Part;

/// The item of a request.
#[derive(Serialize, Deserialize)]
struct KeptRequest {
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
    /// The write of a shipment's packed request.
    pub fn keep_request(&self, id: &ShipmentId, request: ByteBuf) -> Result<Part, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&kept_request(id), &KeptRequest { request })?));
        Ok(put.build()?.into())
    }

    /// The shipments of a return order, `forward` and `parcel`, and the items of other tables, with one read.
    pub async fn of_return(
        &self,
        forward: &ShipmentId,
        parcel: &ShipmentId,
        beside: impl IntoIterator<Item = Wanted>,
    ) -> Result<(KnownOfReturn, Found), StoreFailure> {
        let (of_forward, of_request, of_parcel) =
            (forward.key(), kept_request(forward), parcel.key());
        let keys = [of_forward.clone(), of_request.clone(), of_parcel.clone()];
        // What is decided on them is written on the condition that they are current.
        let own = Wanted::new(&self.table, &keys, None, true)?;
        let mut found = batch_read::read(&self.client, beside.into_iter().chain([own])).await?;
        let mut known = KnownOfReturn {
            forward: None,
            forward_request: None,
            parcel: None,
        };
        for item in found.of(&self.table) {
            let key = key_of(&item);
            if key == of_forward {
                known.forward = Some(from_item(item)?);
            } else if key == of_parcel {
                known.parcel = Some(from_item(item)?);
            } else if key == of_request {
                let kept: KeptRequest = from_item(item)?;
                // It only fills gaps.
                known.forward_request = unpack(&kept.request).ok();
            }
        }
        Ok((known, found))
    }
}
