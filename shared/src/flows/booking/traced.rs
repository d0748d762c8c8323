//! What the log lines about a booking say of it: the span around it learns it as soon as it is known.

use crate::domain::account::LogisticAccount;
use crate::domain::shipment_id::ShipmentId;
use crate::telemetry::set_field;

/// From now on, lines name the shipment.
pub(super) fn name_shipment(id: &ShipmentId) {
    set_field("order_number", &id.order_number);
    set_field("shipment_type", &id.shipment_type);
}

/// From now on, lines name the account and its partner.
pub(super) fn name_account(account: &LogisticAccount) {
    set_field("alias", &account.alias);
    set_field("partner", &account.aggregator);
}
