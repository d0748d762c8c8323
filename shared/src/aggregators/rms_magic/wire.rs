//! Shared parsing of RMS Magic responses, whose formats the contract defines.

use serde_json::Value;

use crate::aggregators::unused_fields::log_unused;
use crate::contract::booking;
use crate::contract::fields::read_value;
use crate::contract::optional_fields::OptionalFields;
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::Reply;
use crate::partners::json;

/// A response with a booking.
pub(super) struct MagicAnswer(Value);

impl MagicAnswer {
    /// The response, if it is a JSON object.
    pub(super) fn of(reply: &Reply) -> Option<Self> {
        json::object(&reply.body).map(Self)
    }

    /// The order number in the response.
    pub(super) fn order_number(&self) -> Option<String> {
        booking::told(self.0.get("orderNumber")?)
    }

    /// The booking, if it has an AWB.
    pub(super) fn booking(&self, shipment_type: ShipmentType) -> Option<Booking> {
        let mut optional = OptionalFields::default();
        let booking = read_value(&self.0, |fields| {
            booking::read(fields, shipment_type, &mut optional)
        });
        log_unused(&optional);
        booking.ok()
    }

    /// Whether the response says explicitly that the order does not exist.
    pub(super) fn denies(&self) -> bool {
        self.0.get("found") == Some(&Value::Bool(false))
    }
}
