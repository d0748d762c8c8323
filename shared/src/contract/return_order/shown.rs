//! Return orders as callers see them.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::contract::booking::{CancellationStatus, PendingStatus};
use crate::domain::returning::processing::{ItemResult, QcStatus};
use crate::domain::returning::return_order::{ReturnItem, ReturnOrder, ReturnOrderType};
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::returning::timeline::{ReturnTimeline, ReturnTimelineEntry};

/// A return order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnOrder)]
pub struct ShownReturnBody {
    /// The channel's code of it.
    #[schema(example = "R-100078")]
    pub return_order_code: String,
    /// The order whose goods come back.
    pub forward_order_code: String,
    /// The warehouse that receives them.
    pub location_code: String,
    /// How they come back.
    pub order_type: ReturnOrderType,
    /// Its state.
    pub state: ReturnOrderState,
    /// Its AWB; null if unknown.
    pub awb_number: Option<String>,
    /// The courier; null if unknown.
    pub transporter: Option<String>,
    /// When the customer placed it; if that is not known, when RMS accepted it.
    #[schema(format = "date-time")]
    pub return_order_time: String,
    /// When it is expected; null if unknown.
    #[schema(format = "date-time")]
    pub expected_date: Option<String>,
    /// Its pieces.
    pub order_items: Vec<ShownPieceBody>,
    /// What happened, in order.
    pub timeline: Vec<ReturnHappenedBody>,
}

/// A piece of a return order, with its result once it was processed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnPiece)]
pub struct ShownPieceBody {
    /// The channel's code of the piece.
    pub item_code: String,
    /// Its stock keeping unit.
    pub channel_sku_code: String,
    /// Why the customer returns it.
    pub reason: String,
    /// The result of its quality check; null if it was not processed.
    pub qc_status: Option<QcStatus>,
    /// Why it failed; null if it did not.
    pub qc_reason: Option<String>,
    /// Pictures of a piece that failed.
    #[schema(value_type = Vec<String>)]
    pub image_urls: Vec<Url>,
    /// When its result was corrected last; null if it was not.
    #[schema(format = "date-time")]
    pub corrected_at: Option<String>,
}

/// Something that happened to a return order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnHappened)]
pub struct ReturnHappenedBody {
    /// When.
    #[schema(format = "date-time")]
    pub at: String,
    /// A state, a notification type, or the channel's own status.
    #[schema(example = "RETURN_PICKED_UP")]
    pub event: String,
}

/// A page of return orders.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnOrderList)]
pub struct ReturnListBody {
    /// The return orders, newest first.
    pub return_orders: Vec<ShownReturnBody>,
    /// For the next page; null at the end.
    pub cursor: Option<String>,
}

/// A page of return orders, or one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = FoundReturnOrders)]
pub enum FoundReturnsBody {
    /// A page.
    Page(ReturnListBody),
    /// The one with the code.
    One(Box<ShownReturnBody>),
}

/// A return order whose AWB the aggregator queued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PendingReturnOrder)]
pub struct PendingReturnBody<'a> {
    /// The channel's code of it.
    #[schema(value_type = String)]
    pub return_order_code: &'a str,
    /// Always `PENDING`.
    pub status: PendingStatus,
}

/// The result of a cancellation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnCancellation)]
pub struct ReturnCancellationBody<'a> {
    /// The channel's code of the return order.
    #[schema(value_type = String)]
    pub return_order_code: &'a str,
    /// Whether the return and its AWB are cancelled.
    pub status: CancellationStatus,
}

impl ShownReturnBody {
    /// A return order that was accepted at `created_at`.
    pub fn of(order: &ReturnOrder, created_at: Timestamp, timeline: &ReturnTimeline) -> Self {
        let piece =
            |item: &ReturnItem| ShownPieceBody::of(item, timeline.results.get(&item.item_code));
        Self {
            return_order_code: order.return_order_code.to_string(),
            forward_order_code: order.forward_order_code.to_string(),
            location_code: order.location_code.to_string(),
            order_type: order.order_type,
            state: timeline.state,
            awb_number: timeline.awb.as_ref().map(ToString::to_string),
            transporter: timeline.transporter.clone(),
            return_order_time: order.placed_at(created_at).to_string(),
            expected_date: order.expected_date.map(|date| date.to_string()),
            order_items: order.items.iter().map(piece).collect(),
            timeline: timeline
                .entries
                .iter()
                .map(ReturnHappenedBody::of)
                .collect(),
        }
    }
}

impl ShownPieceBody {
    fn of(item: &ReturnItem, result: Option<&ItemResult>) -> Self {
        let corrected_at = result.and_then(|result| result.corrected_at);
        let result = result.map(|result| &result.item);
        Self {
            item_code: item.item_code.to_string(),
            channel_sku_code: item.channel_sku_code.clone(),
            reason: item.reason.clone(),
            qc_status: result.map(|result| result.qc_status),
            qc_reason: result.and_then(|result| result.qc_reason.clone()),
            image_urls: result.map_or_else(Vec::new, |result| result.image_urls.clone()),
            corrected_at: corrected_at.map(|at| at.to_string()),
        }
    }
}

impl ReturnHappenedBody {
    fn of(entry: &ReturnTimelineEntry) -> Self {
        Self {
            at: entry.at.to_string(),
            event: entry.event.clone(),
        }
    }
}
