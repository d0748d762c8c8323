//! The events of a shipment, in one vocabulary.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::booking::MetaData;
use crate::domain::event_kind::EventKind;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorName, Awb, OrderNumber, ShipmentCode, WarehouseCode};

/// The closed set of notification types; the wire name is this name in capitals.
// `docs/notifications.md` repeats these descriptions.
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
    /// The shipping label was created.
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
    /// The aggregator created an invoice for the shipment.
    Invoiced,
    /// The label exists and the shipment waits for its pickup.
    ReadyToShip,
    /// A pickup was requested from the courier and has a date.
    PickupScheduled,
    /// The shipment left the warehouse.
    Shipped,
    /// The payment of the order failed.
    PaymentFailed,
    /// The order cannot be fulfilled.
    Unfulfillable,
    /// The scheduled pickup waits for its turn.
    PickupQueue,
    /// The pickup has a new date.
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
    /// An invoice of the order was created.
    InvoiceGenerated,
}

impl NotificationType {
    /// Whether it is a delivery exception: something went wrong on the way, and it needs attention.
    pub fn is_exception(self) -> bool {
        matches!(
            self,
            Self::FailedDelivery
                | Self::Undelivered
                | Self::PartialDelivered
                | Self::Rto
                | Self::ShipmentStuck
                | Self::SlaBreached
                | Self::Delayed
                | Self::Misrouted
                | Self::Lost
                | Self::Damaged
                | Self::PickupError
        )
    }
}

/// An item in a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotifiedItem {
    /// The client's id of the line.
    pub item_id: Option<String>,
    /// Stock keeping unit; unknown if a pushed line has none.
    pub sku: Option<String>,
    /// Number of pieces; unknown if a pushed line has no valid number.
    pub quantity: Option<u32>,
}

/// The shipment of a push, with the sender's own ids: an order code may be the client's order number or the
/// aggregator's id.
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
    /// Present only if the event is about a return.
    pub returning: Option<PushedReturn>,
    /// The booking round of the pushed name, if the name is one of ours.
    pub round: Option<u32>,
}

/// The return of a push.
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

    /// The code of the moving order: for a return, the return order.
    pub fn order_code(&self) -> &OrderNumber {
        self.returning
            .as_ref()
            .map_or(&self.forward_order_code, |returning| &returning.order_code)
    }

    /// The AWB of the moving parcel.
    pub fn awb(&self) -> Option<&Awb> {
        self.returning
            .as_ref()
            .map_or(self.forward_awb.as_ref(), |returning| {
                returning.awb.as_ref()
            })
    }
}

/// The identity of a notification, by which repeated pushes are recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The sender's own id of the event.
    Event(String),
    /// A digest of the push: a repeat within ten minutes is the same event, a later one is a new event.
    Digest([u8; 32]),
}

/// How certain a push is of the direction of its shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The push says it unambiguously.
    Certain,
    /// A flag, a name or a code says it. An AWB that RMS booked overrides it.
    Told,
    /// The push does not say it: the booking of RMS decides, otherwise it is treated as a forward shipment.
    Unknown,
}

/// A pushed status event, authenticated and translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedEvent {
    /// What it is.
    pub kind: EventKind,
    /// Its identity.
    pub identity: Identity,
    /// Its shipment.
    pub shipment: PushedShipment,
    /// The sender's own status.
    pub pushed_type: String,
    /// Its meaning in our vocabulary.
    pub meaning: Meaning,
    /// Its meaning if the shipment goes in the other direction.
    pub meaning_turned: Meaning,
    /// How certain the push is of the direction.
    pub direction: Direction,
    /// When it happened, if the sender says so.
    pub occurred_at: Option<Timestamp>,
    /// The aggregator's name for the client.
    pub aggregator_name: AggregatorLabel,
    /// The warehouse.
    pub warehouse: Option<WarehouseCode>,
    /// The items, if the sender lists them.
    pub items: Vec<NotifiedItem>,
    /// Additional data of the push about the booking.
    pub meta_data: MetaData,
    /// Additional data of the push about this event only: reason, location, number of attempts.
    pub details: MetaData,
    /// The adapter's own ids of the booking, for a claim that this push settles.
    pub own_ids: std::collections::BTreeMap<String, String>,
    /// The stored form of the push, if it is not the whole body: one event of several, or without a credential.
    pub raw: Option<Vec<u8>>,
}

impl PushedEvent {
    /// The same event for a shipment in the other direction. If it becomes a return, its forward order is unknown: the
    /// return's own number is used instead.
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

/// The meaning of a pushed status in our vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This notification type.
    Word(NotificationType),
    /// This notification type, by the configuration of the account: the aggregator's table does not know the code.
    Mapped(NotificationType),
    /// Not relevant for clients.
    Ignored,
    /// Unknown.
    Unmapped,
}

impl Meaning {
    /// The notification type, if there is one.
    pub fn word(self) -> Option<NotificationType> {
        match self {
            Self::Word(word) | Self::Mapped(word) => Some(word),
            Self::Ignored | Self::Unmapped => None,
        }
    }

    /// Whether the configuration of the account says so.
    pub fn is_by_account(self) -> bool {
        matches!(self, Self::Mapped(_))
    }
}

/// A notification for the client: with its own order numbers and our data of the shipment.
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
    /// When it happened, if the sender says so.
    pub occurred_at: Option<Timestamp>,
    /// The aggregator's name.
    pub aggregator_name: String,
    /// Additional data of the aggregator.
    pub meta_data: MetaData,
    /// Present only if the event is about a return.
    pub returning: Option<NotifiedReturn>,
    /// The warehouse.
    pub warehouse: Option<WarehouseCode>,
    /// The items; empty if unknown.
    pub items: Vec<NotifiedItem>,
}

/// The return of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotifiedReturn {
    /// The client's number of the return order.
    pub number: OrderNumber,
    /// The return's AWB.
    pub awb: Option<Awb>,
    /// The return's courier.
    pub carrier_name: Option<String>,
    /// When the return was placed, in epoch seconds.
    pub placed_at: Option<i64>,
}

/// The aggregator's name for the client.
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
    fn the_vocabulary_matches_the_contract() {
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
