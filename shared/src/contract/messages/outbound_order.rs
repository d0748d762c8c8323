//! The body of an `OUTBOUND_ORDER` (docs/webhooks.md).

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::contract::fulfilling::described::OutboundOrderRequest;

/// An order that the OMS is to create.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundOrderMessage)]
pub struct OutboundOrderBody<'a> {
    /// The key of its group, by which it is confirmed.
    #[schema(value_type = String, example = "019a8f0e6c1c7d3b9c552f1d4f0f7a10-SO-1001")]
    pub group_key: &'a str,
    /// The order, as the client's platform sent it.
    #[schema(value_type = OutboundOrderRequest)]
    pub order: &'a RawValue,
}
