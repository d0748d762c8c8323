//! An outbound order as a client's platform sends it.

use crate::domain::fulfilling::outbound_order::OutboundType;
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::personal::Personal;
use crate::domain::text::{SalesOrderNumber, WarehouseCode};

/// A valid order that is to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedOrder {
    /// Its number.
    pub number: SalesOrderNumber,
    /// Its type, if the request says one.
    pub order_type: Option<OutboundType>,
    /// What its delivery is tracked by.
    pub tracking: TrackingId,
    /// The warehouse that it leaves.
    pub warehouse: WarehouseCode,
    /// A digest of its content, whatever the order of its fields.
    pub content: String,
    /// The order in JSON, as it came: it goes to the OMS like this.
    pub document: Personal,
}
