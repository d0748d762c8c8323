//! `DELETE order/{order_id}`.

use serde_json::Value;

use crate::calls::VendorRequest;
use crate::clock;
use crate::shipper::Shipper;
use crate::shipper::envelope::Answer;
use crate::shipper::fields::Reader;
use crate::shipper::order::Scan;
use crate::shipper::refusal::Refusal;
use crate::shipper::statuses;

/// Cancels an order whose parcel was not fetched yet. A pickup that was requested ends with it.
pub(super) fn cancel(
    shipper: &Shipper,
    order_id: &str,
    request: &VendorRequest,
) -> Result<Answer, Refusal> {
    let body = request.body();
    let mut reader = Reader::of(&body);
    let reason = reader.text("reason");
    reader.finish()?;
    let mut book = shipper.book();
    let order = book.by_id_mut(order_id).ok_or(Refusal::UnknownOrder)?;
    if order.cancelled.is_some() || order.status().is_cancellation() {
        return Err(Refusal::invalid("The order is cancelled already"));
    }
    if !order.is_cancellable() {
        return Err(Refusal::invalid(
            "The order cannot be cancelled: the courier has the parcel",
        ));
    }
    order.cancelled = Some(reason);
    order.pickup = None;
    order.keep(Scan {
        step: None,
        status: statuses::cancelled(),
        time: clock::now(),
    });
    Ok(Answer::ok(Value::Null))
}
