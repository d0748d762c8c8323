//! Lists of orders, and an order's status.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::selling::order::ShopOrderBody;
use crate::domain::selling::listing::SkippedOrder;

/// A page of a channel's orders, in the order of their last change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChannelOrders)]
pub struct ShopOrdersBody<'a> {
    /// The orders.
    pub orders: Vec<ShopOrderBody<'a>>,
    /// The orders that the channel cannot show, or that RMS cannot read.
    pub skipped: Vec<SkippedOrderBody>,
    /// The `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// An order that is not shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SkippedChannelOrder)]
pub struct SkippedOrderBody {
    /// The channel's id of the order.
    #[schema(example = "11254")]
    pub channel_order_id: String,
    /// Why.
    pub detail: String,
}

impl From<SkippedOrder> for SkippedOrderBody {
    fn from(skipped: SkippedOrder) -> Self {
        Self {
            channel_order_id: skipped.id.to_string(),
            detail: skipped.detail,
        }
    }
}

/// The status of an order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelOrderStatus)]
pub struct OrderStatusBody {
    /// The channel's id of the order.
    #[schema(example = "11254")]
    pub channel_order_id: String,
    /// The status in the channel's words; null if the channel has none for it.
    #[schema(example = "processing")]
    pub status: Option<String>,
}
