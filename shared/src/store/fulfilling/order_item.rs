//! The item of an outbound order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::outbound_order::{DatedResult, OutboundOrder, OutboundType};
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::text::{ClientId, SalesOrderNumber, WarehouseCode};
use crate::store::attributes::instant;
use crate::store::failure::StoreFailure;
use crate::store::fulfilling::due_orders::shard;
use crate::store::keys::outbound_tracking;

/// The item, with its entries in the indexes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct OutboundOrderItem {
    number: SalesOrderNumber,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_type: Option<OutboundType>,
    tracking: TrackingId,
    warehouse: WarehouseCode,
    #[serde(rename = "groupKey")]
    group: GroupKey,
    content: String,
    accepted_at: i64,
    deadline: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unconfirmed_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<DatedResult>,
    /// Its entry in the index by client.
    client_of: String,
    /// Its entry in the index by tracking id.
    tracking_of: String,
    /// Its entry in the index of orders about which something is to be told; absent if there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_at: Option<i64>,
}

impl OutboundOrderItem {
    /// A new order. It is due at its deadline, if not at another time.
    pub(super) fn new(client: &ClientId, order: &OutboundOrder) -> Self {
        let deadline = order.deadline.as_millisecond();
        Self {
            number: order.number.clone(),
            order_type: order.order_type,
            tracking: order.tracking.clone(),
            warehouse: order.warehouse.clone(),
            group: order.group.clone(),
            content: order.content.clone(),
            accepted_at: order.accepted_at.as_millisecond(),
            deadline,
            unconfirmed_at: order.unconfirmed_at.map(Timestamp::as_millisecond),
            result: order.result.clone(),
            client_of: client.to_string(),
            tracking_of: outbound_tracking(client, &order.tracking),
            due_of: Some(shard(client, &order.number)),
            due_at: Some(order.due_at.map_or(deadline, Timestamp::as_millisecond)),
        }
    }

    /// The order.
    pub(super) fn order(self) -> Result<OutboundOrder, StoreFailure> {
        Ok(OutboundOrder {
            number: self.number,
            order_type: self.order_type,
            tracking: self.tracking,
            warehouse: self.warehouse,
            group: self.group,
            content: self.content,
            accepted_at: instant(self.accepted_at)?,
            deadline: instant(self.deadline)?,
            unconfirmed_at: self.unconfirmed_at.map(instant).transpose()?,
            result: self.result,
            due_at: self.due_at.map(instant).transpose()?,
        })
    }
}
