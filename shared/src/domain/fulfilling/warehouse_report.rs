//! What a warehouse reports about a sales order: that goods were issued, or a status.

use serde::{Deserialize, Serialize};

use crate::domain::fulfilling::event::FulfilmentEvent;
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::text::{SalesOrderNumber, WarehouseCode};

/// A report, as far as RMS reads it: it is forwarded as it was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarehouseReport {
    /// What happened.
    pub event: FulfilmentEvent,
    /// The numbers by which it may name the order. The first one that RMS has counts.
    pub orders: Vec<SalesOrderNumber>,
    /// The number of the delivery, which finds the order if RMS has none with these numbers.
    pub delivery: Option<TrackingId>,
    /// The warehouse.
    pub warehouse: Option<WarehouseCode>,
    /// When it happened, as the warehouse writes it.
    pub time: Option<String>,
}

/// What is unusual about a report. It is stored and forwarded nevertheless.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
    strum::EnumMessage,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportFlag {
    /// RMS did not know the order when the report arrived.
    UnknownOrder,
    /// The time that it names cannot be read; that of its arrival is used.
    UnreadableTime,
    /// The status code is not in the table, so it leads to no state.
    UnmappedStatus,
}
