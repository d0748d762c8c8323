//! Selects the messages that match every given filter.

use jiff::Timestamp;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::queue::task::DeliveryTask;
use serde_json::Value;

use crate::dlq::letter::{Content, Letter, UNREADABLE};

const NO_PAYLOAD: &str = "the payload is too large for a message, so the AWB is unknown here; filter by --order or --endpoint";

/// Which messages; the default matches all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Messages of the order, or return order, with this number.
    pub order: Option<String>,
    /// Messages of the shipment with this AWB.
    pub awb: Option<String>,
    /// Messages to this webhook endpoint.
    pub endpoint: Option<String>,
    /// Messages that entered the dead-letter queue at this time or later.
    pub since: Option<Timestamp>,
}

/// Whether a filter selects a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// It is selected.
    Yes,
    /// It is not selected.
    No,
    /// Unknown, or the message cannot be delivered.
    Skip(&'static str),
}

impl Filter {
    /// Whether it asks for what only deliveries have.
    fn is_of_deliveries(&self) -> bool {
        self.order.is_some() || self.awb.is_some() || self.endpoint.is_some()
    }

    /// Judges a message.
    pub(super) fn judge(&self, letter: &Letter) -> Meant {
        if self.since.is_some_and(|since| letter.buried_at < since) {
            return Meant::No;
        }
        let task = match &letter.content {
            Content::Delivery(task) => task,
            Content::Reading(_) if self.is_of_deliveries() => return Meant::No,
            Content::Reading(_) => return Meant::Yes,
            Content::Unreadable => return Meant::Skip(UNREADABLE),
        };
        let other_endpoint = |id: &String| task.endpoint_id.as_str() != id;
        if self.endpoint.as_ref().is_some_and(other_endpoint) {
            return Meant::No;
        }
        let payload = payload(task);
        let other_order = |order: &String| !is_of_order(task, payload.as_ref(), order);
        if self.order.as_ref().is_some_and(other_order) {
            return Meant::No;
        }
        match (&self.awb, payload) {
            (None, _) => Meant::Yes,
            (Some(_), None) => Meant::Skip(NO_PAYLOAD),
            (Some(awb), Some(payload)) if has(&payload, "forwardAwb", "returnAwb", awb) => {
                Meant::Yes
            }
            (Some(_), Some(_)) => Meant::No,
        }
    }
}

fn payload(task: &DeliveryTask) -> Option<Value> {
    serde_json::from_str(task.payload.as_deref()?).ok()
}

/// Compares the key of the record, which contains the order number, and the payload for the client.
fn is_of_order(task: &DeliveryTask, payload: Option<&Value>, order: &str) -> bool {
    let by_key = order.parse().is_ok_and(|order_number| {
        let order = ShipmentId {
            client_id: task.client_id.clone(),
            shipment_type: ShipmentType::Forward,
            order_number,
            shipment_code: None,
        };
        order.messages() == task.record.pk
    });
    by_key
        || payload.is_some_and(|payload| has(payload, "forwardOrderCode", "returnOrderId", order))
}

/// Whether a payload has this text in that field of the forward shipment or of the return.
fn has(payload: &Value, forward: &str, returning: &str, wanted: &str) -> bool {
    let fields = [
        payload.get(forward),
        payload
            .get("returnOrderInfo")
            .and_then(|returned| returned.get(returning)),
    ];
    fields
        .into_iter()
        .flatten()
        .any(|field| field.as_str() == Some(wanted))
}
