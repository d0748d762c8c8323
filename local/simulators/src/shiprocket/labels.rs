//! Creating labels. A label that cannot be created, or not yet, is answered with 200.

use serde_json::{Value, json};

use crate::shiprocket::book::{Book, Order, Parcel};
use crate::shiprocket::couriers::Habit;
use crate::shiprocket::fields::id_of;
use crate::shiprocket::refusal::Refusal;

/// A failure with 200.
pub(super) fn failure(message: &str) -> Value {
    json!({ "label_created": 0, "not_created": [], "response": message })
}

/// Answers `courier/generate/label`. The file belongs to the first shipment with a label; shipments without a label are
/// listed.
pub(super) fn generate(
    book: &mut Book,
    body: &Value,
    url: impl Fn(&str) -> String,
) -> Result<Value, Refusal> {
    let ids = body.get("shipment_id").and_then(Value::as_array);
    let ids = ids
        .filter(|ids| !ids.is_empty())
        .ok_or_else(|| Refusal::field("shipment_id", "The shipment id must be an array."))?;
    let mut labelled = Vec::new();
    let mut not_created = Vec::new();
    for id in ids {
        match print(book, id) {
            Some(awb) => labelled.push(awb),
            None => not_created.push(id),
        }
    }
    let Some(awb) = labelled.first() else {
        return Ok(failure("No valid shipment ids found to generate label"));
    };
    Ok(json!({
        "label_created": 1,
        "label_url": url(awb),
        "response": "Label has been created and uploaded successfully!",
        "not_created": not_created,
    }))
}

/// The AWB of a shipment whose label is created now.
fn print(book: &mut Book, shipment_id: &Value) -> Option<String> {
    let order = book.by_shipment_mut(id_of(shipment_id)?)?;
    if order.standing.is_cancelled() {
        return None;
    }
    let parcel = order.parcel.as_mut()?;
    parcel.label_requests += 1;
    is_ready(parcel).then(|| parcel.awb.clone())
}

/// Whether the label was created.
fn is_ready(parcel: &Parcel) -> bool {
    let needed = match parcel.courier.habit {
        Habit::SlowLabel => 2,
        Habit::Usual | Habit::LetteredAwbs | Habit::EmptyWallet | Habit::Deferred => 1,
    };
    parcel.label_requests >= needed
}

/// The AWB of the order's label, if it was created.
pub(super) fn printed(order: &Order) -> Option<&str> {
    let parcel = order.parcel.as_ref()?;
    is_ready(parcel).then_some(parcel.awb.as_str())
}
