//! An outbound order: what RMS knows about it, without its content, which goes to the OMS as it came.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::text::{SalesOrderNumber, WarehouseCode};

/// The types of orders: `order_type` on the wire.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    utoipa::ToSchema,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum OutboundType {
    /// A sale.
    So,
    /// A transfer to another warehouse.
    Tt,
    /// A return.
    Rt,
}

/// An accepted order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundOrder {
    /// Its number, unique within the client.
    pub number: SalesOrderNumber,
    /// Its type, if the request said one.
    pub order_type: Option<OutboundType>,
    /// What its delivery is tracked by.
    pub tracking: TrackingId,
    /// The warehouse that it leaves.
    pub warehouse: WarehouseCode,
    /// The group of its request.
    pub group: GroupKey,
    /// A digest of its content, which a repeat must match.
    pub content: String,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// Until when the OMS should have confirmed it.
    pub deadline: Timestamp,
    /// When the client was told that the OMS had not confirmed it; absent if it was not.
    pub unconfirmed_at: Option<Timestamp>,
    /// The first result that the OMS gave; absent before.
    pub result: Option<DatedResult>,
    /// When something about it is to be told, if anything: its deadline, or soon after a message of which it is not known whether
    /// it was sent.
    pub due_at: Option<Timestamp>,
}

/// The result of an order in the OMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OmsResult {
    /// The OMS created the order.
    Confirmed,
    /// The OMS did not create it, for this reason.
    Failed(String),
}

/// A result with the time at which RMS learned of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedResult {
    /// When.
    pub at: Timestamp,
    /// The result.
    pub result: OmsResult,
}
