//! The order's state after an invoice, a shipment or a cancellation.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::magento::items::{self, Deed};
use crate::magento::shop::{Fields, move_to};

/// Whether nothing can be done to the order any more.
pub(super) fn is_final(order: &Fields) -> bool {
    let state = order.get("state").and_then(Value::as_str);
    matches!(state, Some("canceled" | "closed" | "complete" | "holded"))
}

/// An order is complete when all of it is invoiced and shipped; before that it is processing.
pub(super) fn settle(order: &mut Fields, bundles_stay: bool) {
    let open = |deed| !items::open(order, deed).is_empty();
    let stays = bundles_stay && items::has_bundle_together(order);
    let state = if open(Deed::Invoice) || open(Deed::Ship) || stays {
        "processing"
    } else {
        "complete"
    };
    move_to(order, state);
}

/// Cancelled if nothing was invoiced or shipped; else the rest of the order goes on or is complete.
pub(super) fn after_cancellation(order: &Fields) -> &'static str {
    let done = |item: &Fields, name| items::number(item, name) > Decimal::ZERO;
    let touched = |item: &&Fields| done(item, "qty_invoiced") || done(item, "qty_shipped");
    if !items::of(order).iter().any(touched) {
        "canceled"
    } else if items::open(order, Deed::Ship).is_empty() {
        "complete"
    } else {
        "processing"
    }
}
