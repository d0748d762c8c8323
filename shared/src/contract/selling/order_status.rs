//! The status of an order after it was acknowledged or cancelled.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::text::ChannelOrderId;

/// An order with its status.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangedChannelOrder)]
pub struct ChangedOrderBody<'a> {
    /// The order.
    pub channel_order_id: &'a ChannelOrderId,
    /// Its status, as it was read back.
    #[schema(example = "processing")]
    pub status: Option<&'a str>,
}
