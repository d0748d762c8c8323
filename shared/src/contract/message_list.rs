//! Messages in lists and single responses.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::contract::listed::ListedState;
use crate::contract::stored::{AttemptBody, DeliveryBody};
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;

/// A page of messages. Those of a subject are in order of acceptance, others newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Messages)]
pub struct MessageListBody {
    /// The messages.
    pub messages: Vec<ListedMessageBody>,
    /// The `cursor` for the next page; null at the end. An empty page may be followed by others.
    pub cursor: Option<String>,
}

/// A message with the states of its deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedMessage)]
pub struct ListedMessageBody {
    /// Its id; that of a notification is its `notificationId`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Iaf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
    /// The kind.
    pub kind: MessageKind,
    /// Of a notification only: its type. Absent if its code is not mapped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_type: Option<NotificationType>,
    /// The subject: an order, a return order, or another subject of docs/messages.md.
    #[schema(example = "asdf1234")]
    pub subject: String,
    /// When RMS accepted it.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// The request that caused it; null if it was not recorded.
    pub request_id: Option<String>,
    /// Its deliveries. A delivery that waits for its first attempt, for example behind an earlier one of its lane, is
    /// `PENDING` without attempts; for messages that an earlier version of RMS accepted, a delivery is listed once its first
    /// attempt has ended. In a list of undelivered messages of an endpoint: the delivery to that endpoint.
    pub deliveries: Vec<ListedDeliveryBody>,
}

/// The state of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedDelivery)]
pub struct ListedDeliveryBody {
    /// Its `webhook-id`.
    pub delivery_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// The state.
    pub state: ListedState,
    /// In a list of undelivered messages of an endpoint only: the number of attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt_count: Option<u32>,
    /// In a list of undelivered messages of an endpoint only: the latest attempt, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempt: Option<AttemptBody>,
}

/// A message with its body and all delivery attempts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Message)]
pub struct MessageBody {
    /// Its id; that of a notification is its `notificationId`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Iaf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
    /// The kind.
    pub kind: MessageKind,
    /// The subject: an order, a return order, or another subject of docs/messages.md.
    #[schema(example = "asdf1234")]
    pub subject: String,
    /// When RMS accepted it.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// The request that caused it; null if it was not recorded.
    pub request_id: Option<String>,
    /// The body for endpoints.
    #[schema(value_type = Object)]
    pub body: Box<RawValue>,
    /// Its deliveries. A delivery that waits for its first attempt, for example behind an earlier one of its lane, is
    /// `PENDING` without attempts; for messages that an earlier version of RMS accepted, a delivery is listed once its first
    /// attempt has ended.
    pub deliveries: Vec<DeliveryBody>,
}
