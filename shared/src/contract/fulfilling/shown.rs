//! Outbound orders as callers see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fulfilling::outbound_order::{OmsResult, OutboundOrder, OutboundType};
use crate::domain::fulfilling::state::OutboundState;
use crate::domain::fulfilling::timeline::OutboundTimeline;
use crate::domain::fulfilling::warehouse_report::ReportFlag;
use crate::domain::fulfilling::warehouse_state::WarehouseState;
use crate::domain::text::SalesOrderNumber;

/// An outbound order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShownOutboundOrder)]
pub struct ShownOutboundBody {
    /// Its number.
    #[schema(example = "SO-1001")]
    pub so_number: String,
    /// The key of its group; null if no request created it here.
    pub group_key: Option<String>,
    /// Its type; null if unknown.
    pub order_type: Option<OutboundType>,
    /// What its delivery is tracked by; null if unknown.
    pub delivery_no: Option<String>,
    /// The warehouse that it leaves; null if unknown.
    pub warehouse_id: Option<String>,
    /// Its state between platform and OMS.
    pub state: OutboundState,
    /// Its state in the warehouse; null if the warehouse reported no known status.
    pub warehouse_state: Option<WarehouseState>,
    /// Why the OMS did not create it; null if it did, or did not answer yet.
    pub error: Option<String>,
    /// When it was accepted; null if no request created it here.
    #[schema(format = "date-time")]
    pub accepted_at: Option<String>,
    /// Until when the OMS should have confirmed it; null if no request created it here.
    #[schema(format = "date-time")]
    pub confirm_until: Option<String>,
    /// What happened, in order.
    pub timeline: Vec<OutboundHappenedBody>,
}

/// Something that happened to an outbound order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundHappened)]
pub struct OutboundHappenedBody {
    /// When.
    #[schema(format = "date-time")]
    pub at: String,
    /// What: a state, or `STATUS` and an unknown code of the warehouse.
    #[schema(example = "CONFIRMED")]
    pub event: String,
    /// The warehouse's status code; absent if it is none of its statuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "80")]
    pub status_code: Option<String>,
    /// The time as the warehouse wrote it, if it could not be read; `at` is when the report arrived then. Otherwise absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_time: Option<String>,
    /// What was unusual about the warehouse's report; absent if nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<ReportFlag>,
}

/// A page of outbound orders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundOrderList)]
pub struct OutboundListBody {
    /// The orders, newest first.
    pub orders: Vec<ShownOutboundBody>,
    /// For the next page; null at the end.
    pub cursor: Option<String>,
}

impl ShownOutboundBody {
    /// An order with its history; it is absent if only the warehouse told of it.
    pub fn of(
        number: &SalesOrderNumber,
        order: Option<&OutboundOrder>,
        timeline: &OutboundTimeline,
    ) -> Self {
        let result = order.and_then(|order| order.result.as_ref());
        let error = result.and_then(|dated| match &dated.result {
            OmsResult::Confirmed => None,
            OmsResult::Failed(reason) => Some(reason.clone()),
        });
        let happened = timeline.entries.iter().map(|entry| OutboundHappenedBody {
            at: entry.at.to_string(),
            event: entry.event.clone(),
            status_code: entry.status_code.clone(),
            written_time: entry.written_time.clone(),
            flags: entry.flags.clone(),
        });
        Self {
            so_number: number.to_string(),
            group_key: order.map(|order| order.group.to_string()),
            order_type: order.and_then(|order| order.order_type),
            delivery_no: order.map(|order| order.tracking.to_string()),
            warehouse_id: order.map(|order| order.warehouse.to_string()),
            state: timeline.state,
            warehouse_state: timeline.warehouse,
            error,
            accepted_at: order.map(|order| order.accepted_at.to_string()),
            confirm_until: order.map(|order| order.deadline.to_string()),
            timeline: happened.collect(),
        }
    }
}
