//! Handing an order over: the request and the response.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::selling::item::{ItemBody, read_items};
use crate::contract::selling::track::{PlainTrackBody, plain_track, read_tracks};
use crate::contract::values::flag;
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::handover::HandoverRequest;

/// Reads the body of `POST /channels/{alias}/orders/{channelOrderId}/handover`.
pub fn read(fields: &Fields<'_>) -> Option<HandoverRequest> {
    let items = read_items(fields);
    let tracks = read_tracks(fields, plain_track);
    let notify = fields.optional("notify", flag);
    Some(HandoverRequest {
        items: items?,
        tracks: tracks?,
        notify: notify?.unwrap_or_default(),
    })
}

/// A request to hand an order over.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelHandoverRequest)]
pub struct HandoverRequestBody {
    /// The items; without it, all that is not handed over.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Option<Vec<ItemBody>>,
    /// The tracking numbers.
    #[schema(max_items = 100)]
    pub tracks: Option<Vec<PlainTrackBody>>,
    /// True: the shop sends the shopper an e-mail. False if it is absent.
    pub notify: Option<bool>,
}

/// An order that was handed over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelHandover)]
pub struct HandoverBody {
    /// The channel's id of the handover.
    #[schema(value_type = ChannelDocumentId)]
    pub handover_id: String,
    /// The order's status after it, as the channel has it. An order without an invoice is not complete.
    #[schema(example = "complete")]
    pub status: Option<String>,
}
