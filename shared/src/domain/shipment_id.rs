//! The identity of a shipment.

use crate::domain::shipment::ShipmentType;
use crate::domain::text::{ClientId, OrderNumber, ShipmentCode};

/// The identity of a shipment: a client's order number, its type and, if the order has several parcels, a code.
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
