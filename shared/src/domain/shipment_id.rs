//! Which shipment is meant.

use crate::domain::shipment::ShipmentType;
use crate::domain::text::{ClientId, OrderNumber, ShipmentCode};

/// Which shipment: a client's order number with its type and, for one of several parcels, its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipmentId {
    /// The client.
    pub client_id: ClientId,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
}
