//! The facts of a shipment, without its claim.

use serde::{Deserialize, Serialize};

use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booking, MetaData};
use crate::domain::notification::NotifiedItem;
use crate::domain::order::{LineItem, ShipmentRequest};
use crate::domain::returning::mark::ReturnMark;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{
    AccountAlias, AggregatorName, AggregatorOrderId, Awb, ClientId, OrderNumber, ShipmentCode,
    WarehouseCode,
};

/// The facts of a shipment. Its finders have a copy, so that a push needs only one read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentFacts {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_code: Option<ShipmentCode>,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The account that books it.
    pub alias: AccountAlias,
    /// The account's aggregator.
    pub aggregator: AggregatorName,
    /// The aggregator's order id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<AggregatorOrderId>,
    /// The AWB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awb: Option<Awb>,
    /// The courier's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_name: Option<String>,
    /// The warehouse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<WarehouseCode>,
    /// When the order was placed, in epoch seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_at: Option<i64>,
    /// The items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<NotifiedItem>,
    /// Additional data of the aggregator from the booking.
    #[serde(default, skip_serializing_if = "MetaData::is_empty")]
    pub meta_data: MetaData,
    /// The return order, if it is the parcel of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_of: Option<Box<ReturnMark>>,
}

impl ShipmentFacts {
    /// The facts from a booking request.
    pub fn requested(request: &ShipmentRequest, account: &LogisticAccount) -> Self {
        let item = |line: &LineItem| NotifiedItem {
            item_id: line.item_id.clone(),
            sku: Some(line.sku.clone()),
            quantity: Some(line.quantity),
        };
        Self {
            order_number: request.order_number.clone(),
            shipment_code: request.shipment_code.clone(),
            shipment_type: request.purpose.shipment_type(),
            alias: account.alias.clone(),
            aggregator: account.aggregator.clone(),
            order_id: None,
            awb: None,
            carrier_name: None,
            warehouse: request.warehouse.clone(),
            ordered_at: Some(request.order_date.instant.as_second()),
            items: request.lines.iter().map(item).collect(),
            meta_data: MetaData::new(),
            return_of: None,
        }
    }

    /// The shipment's id.
    pub fn id(&self, client: &ClientId) -> ShipmentId {
        ShipmentId {
            client_id: client.clone(),
            shipment_type: self.shipment_type,
            order_number: self.order_number.clone(),
            shipment_code: self.shipment_code.clone(),
        }
    }

    /// The facts with the aggregator's order id.
    #[must_use]
    pub fn ordered(mut self, order_id: &AggregatorOrderId) -> Self {
        self.order_id = Some(order_id.clone());
        self
    }

    /// The facts with a booking added.
    #[must_use]
    pub fn booked(mut self, booking: &Booking) -> Self {
        self.order_id = booking.order_id.clone().or(self.order_id);
        self.awb = Some(booking.awb.clone());
        self.carrier_name = booking.carrier_name.clone().or(self.carrier_name);
        self.meta_data.extend(booking.meta_data.clone());
        self
    }
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use crate::domain::booking::MetaData;
    use crate::domain::facts::ShipmentFacts;
    use crate::domain::shipment::ShipmentType;

    /// Minimal facts of a forward order.
    pub(in crate::domain) fn facts(order_number: &str) -> ShipmentFacts {
        ShipmentFacts {
            order_number: order_number.parse().unwrap(),
            shipment_code: None,
            shipment_type: ShipmentType::Forward,
            alias: "north".parse().unwrap(),
            aggregator: "OTHER".parse().unwrap(),
            order_id: None,
            awb: None,
            carrier_name: None,
            warehouse: None,
            ordered_at: None,
            items: Vec::new(),
            meta_data: MetaData::new(),
            return_of: None,
        }
    }
}
