//! What can happen to a shipment, in one vocabulary.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::booking::MetaData;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorName, Awb, OrderNumber, ShipmentCode, WarehouseCode};

/// The closed set of notification types; the name on the wire is the name here in capitals.
// `docs/notifications.md` says of each what is said here.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::EnumMessage,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum NotificationType {
    /// The shipping label was made.
    ShippingLabelGenerated,
    /// The courier is on its way to pick the shipment up.
    OutForPickup,
    /// The courier picked the return up at the customer's.
    ReturnPickedUp,
    /// The courier is on its way to the consignee.
    OutForDelivery,
    /// The courier could not deliver: the address was not found, or the consignee was absent.
    FailedDelivery,
    /// The shipment was delivered.
    Delivered,
    /// The shipment could not be delivered and goes back to its origin (return to origin).
    Rto,
    /// The customer placed a return order.
    ReturnOrderPlaced,
    /// The courier's tracking number was assigned.
    AwbGenerated,
    /// The shipment was cancelled.
    Cancelled,
    /// The undelivered shipment is back at its origin.
    RtoDelivered,
    /// The new goods of an exchange were picked up at the warehouse.
    ExchangePickup,
    /// The new goods of an exchange were delivered and the old ones picked up.
    ExchangeDelivered,
    /// The pickup was cancelled.
    PickupCancelled,
    /// The shipment does not move.
    ShipmentStuck,
    /// The shipment was not delivered in the promised time.
    SlaBreached,
    /// The shipment was lost on its way.
    Lost,
    /// The shipment was damaged on its way.
    Damaged,
    /// The aggregator made an invoice for the shipment.
    Invoiced,
    /// The label exists and the shipment waits for its pickup.
    ReadyToShip,
    /// The courier was asked for a pickup and has a date for it.
    PickupScheduled,
    /// The shipment left the warehouse.
    Shipped,
    /// The payment of the order failed.
    PaymentFailed,
    /// The order cannot be fulfilled.
    Unfulfillable,
    /// The scheduled pickup waits for its turn.
    PickupQueue,
    /// The pickup has another date.
    PickupRescheduled,
    /// The pickup could not be arranged.
    PickupError,
    /// The cancellation of the order was requested.
    CancellationRequested,
    /// The shipment is on its way.
    Transit,
    /// An attempt to deliver failed.
    Undelivered,
    /// The shipment is late, but within the promised time.
    Delayed,
    /// A part of the shipment was delivered.
    PartialDelivered,
    /// The order was fulfilled.
    Fulfilled,
    /// The aggregator closed its record of the order.
    Archived,
    /// The shipment reached the last hub before the consignee.
    ReachedDestinationHub,
    /// The shipment was sent the wrong way.
    Misrouted,
    /// The courier picked the shipment up.
    PickedUp,
    /// The seller confirmed that the shipment is back.
    RtoAcknowledged,
    /// An invoice of the order was made.
    InvoiceGenerated,
}

/// A piece of goods in a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotifiedItem {
    /// The client's id of the line.
    pub item_id: Option<String>,
    /// Stock keeping unit; unknown where a pushed line names none.
    pub sku: Option<String>,
    /// Number of pieces; unknown where a pushed line says none that can be read.
    pub quantity: Option<u32>,
}

/// What a push says of the shipment that it is about, in the pusher's own ids: an order code may be the client's order
/// number or the aggregator's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedShipment {
    /// The forward order.
    pub forward_order_code: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// The forward shipment's AWB.
    pub forward_awb: Option<Awb>,
    /// The forward shipment's courier.
    pub carrier_name: Option<String>,
    /// Present exactly when the event is a return's.
    pub returning: Option<PushedReturn>,
    /// The booking round whose name at the aggregator the push has, where the name is one of ours.
    pub round: Option<u32>,
}

/// What a push says of the return that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedReturn {
    /// The return order.
    pub order_code: OrderNumber,
    /// The return's AWB.
    pub awb: Option<Awb>,
    /// The return's courier.
    pub carrier_name: Option<String>,
}

impl PushedShipment {
    /// Forward or return.
    pub fn shipment_type(&self) -> ShipmentType {
        if self.returning.is_some() {
            ShipmentType::Return
        } else {
            ShipmentType::Forward
        }
    }

    /// The code of the order that moves: the return order of a return.
    pub fn order_code(&self) -> &OrderNumber {
        self.returning
            .as_ref()
            .map_or(&self.forward_order_code, |returning| &returning.order_code)
    }

    /// The AWB of the parcel that moves.
    pub fn awb(&self) -> Option<&Awb> {
        self.returning
            .as_ref()
            .map_or(self.forward_awb.as_ref(), |returning| {
                returning.awb.as_ref()
            })
    }
}

/// What makes two pushes the same notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The pusher's own id of the event.
    Event(String),
    /// A digest of the push: a repeat within ten minutes is the same, a later one is a new event.
    Digest([u8; 32]),
}

/// How sure a push is of the direction of its shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The push says it, and cannot be read otherwise.
    Certain,
    /// A flag, a name or a code says it. An AWB that RMS booked decides against it.
    Told,
    /// It says nothing: what RMS booked decides, else it is taken for a forward shipment.
    Unknown,
}

/// One pushed status event, proved and translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedEvent {
    /// What makes it the same as another push.
    pub identity: Identity,
    /// What it is about.
    pub shipment: PushedShipment,
    /// The pusher's own word for what happened.
    pub pushed_type: String,
    /// What happened, in our vocabulary.
    pub meaning: Meaning,
    /// What happened, if the shipment goes the other way.
    pub meaning_turned: Meaning,
    /// How sure the push is of the direction.
    pub direction: Direction,
    /// When it happened, where the pusher says so.
    pub occurred_at: Option<Timestamp>,
    /// The aggregator's name, to be told to the client.
    pub aggregator_name: AggregatorLabel,
    /// The warehouse.
    pub warehouse: Option<WarehouseCode>,
    /// The goods, where the pusher lists them.
    pub items: Vec<NotifiedItem>,
    /// What else the push says of the booking.
    pub meta_data: MetaData,
    /// What else it says of this event alone: why, where, how often.
    pub details: MetaData,
    /// The adapter's own ids of the booking, for a claim that this push settles.
    pub own_ids: std::collections::BTreeMap<String, String>,
    /// What is stored of the push, where that is not its whole body: one event of several, or without a credential.
    pub raw: Option<Vec<u8>>,
}

impl PushedEvent {
    /// The same event of a shipment that goes the other way. The forward order of a return that is found so is unknown:
    /// the return's own number stands for it.
    #[must_use]
    pub fn turned(self) -> Self {
        Self {
            meaning: self.meaning_turned,
            meaning_turned: self.meaning,
            shipment: self.shipment.turned(),
            ..self
        }
    }
}

impl PushedShipment {
    fn turned(self) -> Self {
        match self.returning {
            Some(returning) => Self {
                forward_order_code: returning.order_code,
                forward_awb: returning.awb,
                carrier_name: returning.carrier_name,
                returning: None,
                ..self
            },
            None => Self {
                returning: Some(PushedReturn {
                    order_code: self.forward_order_code.clone(),
                    awb: self.forward_awb,
                    carrier_name: self.carrier_name,
                }),
                forward_awb: None,
                carrier_name: None,
                ..self
            },
        }
    }
}

/// What a pusher's word or code is in our vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This.
    Word(NotificationType),
    /// Nothing that a client needs to hear of.
    Ignored,
    /// Unknown to us.
    Unmapped,
}

impl Meaning {
    /// Our word, if there is one.
    pub fn word(self) -> Option<NotificationType> {
        match self {
            Self::Word(word) => Some(word),
            Self::Ignored | Self::Unmapped => None,
        }
    }
}

/// A notification as the client gets it: about its own order numbers, with what we know of the shipment filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The client's number of the forward order.
    pub forward_order: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// The forward AWB.
    pub forward_awb: Option<Awb>,
    /// The forward courier.
    pub carrier_name: Option<String>,
    /// What happened.
    pub notification_type: NotificationType,
    /// When we received it.
    pub received_at: Timestamp,
    /// When it happened, where the pusher says so.
    pub occurred_at: Option<Timestamp>,
    /// The aggregator's name.
    pub aggregator_name: String,
    /// What else the aggregator says.
    pub meta_data: MetaData,
    /// Present exactly when the event is a return's.
    pub returning: Option<ReturnOrder>,
    /// The warehouse.
    pub warehouse: Option<WarehouseCode>,
    /// The goods; empty where they are unknown.
    pub items: Vec<NotifiedItem>,
}

/// The return that a notification is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnOrder {
    /// The client's number of the return order.
    pub number: OrderNumber,
    /// The return's AWB.
    pub awb: Option<Awb>,
    /// The return's courier.
    pub carrier_name: Option<String>,
    /// When the return was placed, in epoch seconds.
    pub placed_at: Option<i64>,
}

/// How an aggregator is named to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AggregatorLabel {
    /// The name that was pushed.
    Pushed(String),
    /// The adapter's own name.
    Own(AggregatorName),
}

impl AggregatorLabel {
    /// The name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pushed(name) => name,
            Self::Own(name) => name.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn the_vocabulary_is_closed_and_spelled_as_the_contract_spells_it() {
        let words: Vec<String> = NotificationType::iter()
            .map(|word| word.to_string())
            .collect();
        insta::assert_snapshot!(words.join(" "), @"SHIPPING_LABEL_GENERATED OUT_FOR_PICKUP RETURN_PICKED_UP OUT_FOR_DELIVERY FAILED_DELIVERY DELIVERED RTO RETURN_ORDER_PLACED AWB_GENERATED CANCELLED RTO_DELIVERED EXCHANGE_PICKUP EXCHANGE_DELIVERED PICKUP_CANCELLED SHIPMENT_STUCK SLA_BREACHED LOST DAMAGED INVOICED READY_TO_SHIP PICKUP_SCHEDULED SHIPPED PAYMENT_FAILED UNFULFILLABLE PICKUP_QUEUE PICKUP_RESCHEDULED PICKUP_ERROR CANCELLATION_REQUESTED TRANSIT UNDELIVERED DELAYED PARTIAL_DELIVERED FULFILLED ARCHIVED REACHED_DESTINATION_HUB MISROUTED PICKED_UP RTO_ACKNOWLEDGED INVOICE_GENERATED");
        for word in NotificationType::iter() {
            assert_eq!(serde_json::to_value(word).unwrap(), word.to_string());
            assert_eq!(word.to_string().parse::<NotificationType>().unwrap(), word);
        }
    }
}
