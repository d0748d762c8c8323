//! Messages as they are listed and shown.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::contract::listed::ListedState;
use crate::contract::stored::DeliveryBody;
use crate::domain::message::MessageKind;

/// A page of messages. Those about a subject are in the order in which RMS accepted them, others the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Messages)]
pub struct MessageListBody {
    /// The messages.
    pub messages: Vec<ListedMessageBody>,
    /// Give it as `cursor` for the next page; null at the end. A page may be empty and not be the last.
    pub cursor: Option<String>,
}

/// One message, and where its deliveries stand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedMessage)]
pub struct ListedMessageBody {
    /// Its id; that of a notification is its `notificationId`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Iaf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
    /// What it tells.
    pub kind: MessageKind,
    /// What it is about: an order, a return order, or another subject of docs/messages.md.
    #[schema(example = "asdf1234")]
    pub subject: String,
    /// When RMS accepted it.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// The request that caused it; null where that was not recorded.
    pub request_id: Option<String>,
    /// Its deliveries. One that waits for its first attempt, such as behind an earlier one of its lane, is `PENDING` without
    /// attempts; messages that an earlier version of RMS accepted show it only after that attempt. In a list of what an endpoint did not take: the
    /// delivery to that endpoint.
    pub deliveries: Vec<ListedDeliveryBody>,
}

/// Where a delivery stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedDelivery)]
pub struct ListedDeliveryBody {
    /// Its `webhook-id`.
    pub delivery_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// Where it stands.
    pub state: ListedState,
}

/// One message with its body and all attempts to deliver it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Message)]
pub struct MessageBody {
    /// Its id; that of a notification is its `notificationId`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Iaf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
    /// What it tells.
    pub kind: MessageKind,
    /// What it is about: an order, a return order, or another subject of docs/messages.md.
    #[schema(example = "asdf1234")]
    pub subject: String,
    /// When RMS accepted it.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// The request that caused it; null where that was not recorded.
    pub request_id: Option<String>,
    /// What goes to endpoints.
    #[schema(value_type = Object)]
    pub body: Value,
    /// Its deliveries. One that waits for its first attempt, such as behind an earlier one of its lane, is `PENDING` without
    /// attempts; messages that an earlier version of RMS accepted show it only after that attempt.
    pub deliveries: Vec<DeliveryBody>,
}
