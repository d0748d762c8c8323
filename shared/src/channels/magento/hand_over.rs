//! Hands an order over: `POST /order/{id}/ship`, which counts its rows as shipped. The order is complete if it is invoiced too.

use serde_json::{Value, json};

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::source_code;
use crate::channels::magento::call::{changes, post};
use crate::channels::magento::documents::{created_id, number_of, sent_items};
use crate::channels::magento::session::ask;
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::handover::HandoverRequest;
use crate::domain::selling::shipment::Track;
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const HAND_OVER: Operation = changes("hand_over");

/// Hands an order over; the shop answers the id of the shipment that it makes.
pub(super) async fn hand_over(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
    handover: &HandoverRequest,
) -> Result<ChannelDocumentId, PartnerFailure> {
    let id = number_of(order)?.to_string();
    let body = body(handover, source_code(call.account))?;
    let request = post(call.account, &["order", &id, "ship"], &body)?;
    let answer = ask(call, HAND_OVER, request).await?;
    answer.read(|reply| created_id(reply, HAND_OVER))
}

/// The tracks are a list even if there is one (#9416); a shop with several sources must be told from which it ships (#26741).
fn body(handover: &HandoverRequest, source: Option<&str>) -> Result<Value, PartnerFailure> {
    let track = |track: &Track| {
        json!({
            "track_number": track.track_number,
            "title": track.title,
            "carrier_code": track.carrier_code,
        })
    };
    let mut body = json!({
        "items": sent_items(&handover.items)?,
        "notify": handover.notify,
        "appendComment": false,
        "tracks": handover.tracks.iter().map(track).collect::<Vec<_>>(),
    });
    if let (Some(source), Some(fields)) = (source, body.as_object_mut()) {
        let arguments = json!({ "extension_attributes": { "source_code": source } });
        fields.insert("arguments".to_owned(), arguments);
    }
    Ok(body)
}
