//! Messages that RMS sends to a client's systems. A message has a kind, an id, a subject and a body.
//!
//! The queue, lanes, retries, health, parking, records and recovery know only these properties. A new kind of message
//! therefore needs one variant here, one row in [`MessageKind::rule`], its body in `contract/messages`, and the flow
//! that creates it.

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::digest::Sha256;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{
    AccountAlias, ChannelOrderId, ClientId, EndpointId, NotAllowed, OrderNumber, SalesOrderNumber,
    Text, WarehouseCode,
};

/// The kind of a message; its wire name is this name in capitals.
// `docs/messages.md` repeats these descriptions.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
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
    strum::IntoStaticStr,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageKind {
    /// An aggregator pushed a status.
    #[default]
    Notification,
    /// The client's system reported an invoice or a credit note with `POST /invoices`.
    Invoice,
    /// A return was processed; for the system that ordered it.
    ReturnOrderAck,
    /// A return was processed; for the returns system.
    ReturnsProcessingUpdate,
    /// An order changed in the shop.
    OrderUpdate,
    /// A poll of a channel found a new or a changed order.
    ChannelOrder,
    /// A sales order to be fulfilled.
    OutboundOrder,
    /// The result of a sales order in the system that fulfils it.
    OutboundConfirmation,
    /// Goods left the warehouse (post goods issue).
    Pgi,
    /// A status of the logistics provider, as pushed.
    LogisticsStatus,
    /// A status of a sales order.
    OrderStatus,
    /// Something of the client's stopped working, works again, or lost messages.
    OperatorEvent,
}

/// The default kinds of an endpoint.
pub const DEFAULT_KINDS: [MessageKind; 2] = [MessageKind::Notification, MessageKind::Invoice];

/// A filter of an endpoint, with its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumIter)]
pub enum FilterField {
    /// The types of notifications.
    #[strum(serialize = "notificationTypes")]
    NotificationType,
    /// Forward or return.
    #[strum(serialize = "shipmentTypes")]
    ShipmentType,
    /// The accounts.
    #[strum(serialize = "logisticAccountAliases")]
    Account,
    /// The warehouses.
    #[strum(serialize = "warehouseCodes")]
    Warehouse,
}

/// The rules of a kind of message.
#[derive(Debug, Clone, Copy)]
struct KindRule {
    /// The first letter of the sort keys of its messages, which no other kind has. A notification has two, for forward
    /// shipments and returns.
    letters: &'static str,
    /// The filters that apply to it: those on properties that its messages have.
    filters: &'static [FilterField],
}

impl MessageKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// The name on the wire.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// When a message of this kind is sent.
    pub fn cause(self) -> &'static str {
        strum::EnumMessage::get_documentation(&self).unwrap_or_default()
    }

    fn rule(self) -> KindRule {
        use FilterField::{Account, NotificationType, ShipmentType, Warehouse};
        let rule = |letters, filters| KindRule { letters, filters };
        match self {
            Self::Notification => rule("FR", &[NotificationType, ShipmentType, Account, Warehouse]),
            Self::Invoice => rule("I", &[]),
            Self::ReturnOrderAck => rule("A", &[Warehouse]),
            Self::ReturnsProcessingUpdate => rule("U", &[Warehouse]),
            Self::OrderUpdate => rule("O", &[]),
            Self::ChannelOrder => rule("C", &[]),
            Self::OutboundOrder => rule("B", &[Warehouse]),
            Self::OutboundConfirmation => rule("K", &[]),
            Self::Pgi => rule("P", &[Warehouse]),
            Self::LogisticsStatus => rule("L", &[Account]),
            Self::OrderStatus => rule("S", &[Warehouse]),
            Self::OperatorEvent => rule("E", &[]),
        }
    }

    /// The first letters of sort keys of this kind.
    pub fn letters(self) -> &'static str {
        self.rule().letters
    }

    /// The kind whose sort keys begin with this letter.
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::iter().find(|kind| kind.rule().letters.contains(letter))
    }

    /// Whether a filter applies to this kind.
    pub fn has(self, filter: FilterField) -> bool {
        self.rule().filters.contains(&filter)
    }
}

/// The subject of a message. Messages of one subject reach an endpoint in the order of acceptance, whatever their
/// kinds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageSubject {
    /// A forward order with all its parcels.
    ForwardOrder(OrderNumber),
    /// A return order.
    ReturnOrder(OrderNumber),
    /// An order in a sales channel.
    ChannelOrder(ChannelOrderId),
    /// A sales order (`so_number`).
    SalesOrder(SalesOrderNumber),
    /// A webhook endpoint.
    Endpoint(EndpointId),
    /// A logistic account, or a channel account.
    Account(AccountAlias),
}

/// The kind of a subject.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SubjectKind {
    /// A forward order.
    ForwardOrder,
    /// A return order.
    ReturnOrder,
    /// An order in a sales channel.
    ChannelOrder,
    /// A sales order.
    SalesOrder,
    /// A webhook endpoint.
    Endpoint,
    /// A logistic account, or a channel account.
    Account,
}

impl MessageSubject {
    /// The subject with this kind and code.
    pub fn new(kind: SubjectKind, code: &str) -> Result<Self, NotAllowed> {
        Ok(match kind {
            SubjectKind::ForwardOrder => Self::ForwardOrder(Text::stored(code)?),
            SubjectKind::ReturnOrder => Self::ReturnOrder(Text::stored(code)?),
            SubjectKind::ChannelOrder => Self::ChannelOrder(Text::stored(code)?),
            SubjectKind::SalesOrder => Self::SalesOrder(Text::stored(code)?),
            SubjectKind::Endpoint => Self::Endpoint(Text::stored(code)?),
            SubjectKind::Account => Self::Account(Text::stored(code)?),
        })
    }

    /// Its kind.
    pub fn kind(&self) -> SubjectKind {
        match self {
            Self::ForwardOrder(_) => SubjectKind::ForwardOrder,
            Self::ReturnOrder(_) => SubjectKind::ReturnOrder,
            Self::ChannelOrder(_) => SubjectKind::ChannelOrder,
            Self::SalesOrder(_) => SubjectKind::SalesOrder,
            Self::Endpoint(_) => SubjectKind::Endpoint,
            Self::Account(_) => SubjectKind::Account,
        }
    }

    /// The order number, if it is a forward or return order.
    pub fn order_number(&self) -> Option<&OrderNumber> {
        match self {
            Self::ForwardOrder(number) | Self::ReturnOrder(number) => Some(number),
            Self::ChannelOrder(_) | Self::SalesOrder(_) | Self::Endpoint(_) | Self::Account(_) => {
                None
            }
        }
    }

    /// The client's code for it.
    pub fn code(&self) -> &str {
        match self {
            Self::ForwardOrder(number) | Self::ReturnOrder(number) => number.as_str(),
            Self::ChannelOrder(id) => id.as_str(),
            Self::SalesOrder(number) => number.as_str(),
            Self::Endpoint(id) => id.as_str(),
            Self::Account(alias) => alias.as_str(),
        }
    }

    /// The number from which its lane is derived: the lane is this modulo the endpoint's number of lanes. The hashed
    /// data must never change: messages of one subject wait in the queue across versions.
    pub fn lane_seed(&self, client: &ClientId) -> u64 {
        let (space, last) = match self {
            Self::ForwardOrder(_) => ("ORDER", "FORWARD#"),
            Self::ReturnOrder(_) => ("ORDER", "RETURN#"),
            Self::ChannelOrder(_) => ("CHANNEL_ORDER", ""),
            Self::SalesOrder(_) => ("SALES_ORDER", ""),
            Self::Endpoint(_) => ("ENDPOINT", ""),
            Self::Account(_) => ("ACCOUNT", ""),
        };
        let digest = Sha256::new()
            .chain_update(client.as_str())
            .chain_update("#")
            .chain_update(space)
            .chain_update("#")
            .chain_update(self.code())
            .chain_update([0])
            .chain_update(last)
            .finalize();
        digest
            .iter()
            .take(8)
            .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }
}

impl ShipmentId {
    /// The subject of messages about this shipment: its order.
    pub fn subject(&self) -> MessageSubject {
        let order_number = self.order_number.clone();
        match self.shipment_type {
            ShipmentType::Forward => MessageSubject::ForwardOrder(order_number),
            ShipmentType::Return => MessageSubject::ReturnOrder(order_number),
        }
    }
}

/// What determines the endpoints of a message: its kind, and the properties for filters. Properties that the kind does
/// not have are absent. A filter of the kind never accepts a message without its property, so there are no default
/// values: each flow names every property.
#[derive(Debug, Clone, Copy)]
pub struct Routing<'a> {
    /// Its kind.
    pub kind: MessageKind,
    /// The type of a notification.
    pub notification_type: Option<NotificationType>,
    /// Forward or return.
    pub shipment_type: Option<ShipmentType>,
    /// The account that it comes from.
    pub alias: Option<&'a AccountAlias>,
    /// The warehouse.
    pub warehouse: Option<&'a WarehouseCode>,
}

#[cfg(test)]
impl Routing<'_> {
    /// For a message without any filter properties except its kind.
    pub(crate) fn of(kind: MessageKind) -> Self {
        Self {
            kind,
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: None,
        }
    }
}

/// A message that was caused by a request or a scheduled run, ready to be sent. Its id is derived from the client,
/// kind, subject and identity, so that every repeat of the cause finds it.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// The client.
    pub client_id: &'a ClientId,
    /// The properties that select its endpoints.
    pub routing: Routing<'a>,
    /// Its subject.
    pub subject: MessageSubject,
    /// What distinguishes it from other messages of the same kind and subject.
    pub identity: Vec<String>,
    /// Additional content that a repeat must match.
    pub content: String,
    /// Whether it corrects an earlier message: every attempt says so in a header.
    pub correction: bool,
    /// The outgoing body, serialised once: every attempt signs and sends these bytes.
    pub body: String,
}

#[cfg(test)]
mod tests;
