//! Sets fields of the booking's span as soon as they are known.

use crate::domain::account::LogisticAccount;
use crate::domain::shipment_id::ShipmentId;
use crate::telemetry::set_field;

/// Adds the shipment to later log lines.
pub(super) fn name_shipment(id: &ShipmentId) {
    set_field("order_number", &id.order_number);
    set_field("shipment_type", &id.shipment_type);
}

/// Adds the account and its partner to later log lines.
pub(super) fn name_account(account: &LogisticAccount) {
    set_field("alias", &account.alias);
    set_field("partner", &account.aggregator);
}
