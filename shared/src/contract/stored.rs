//! One notification with all that is kept of it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::delivery::{Attempt, DeliveryRecord, DeliveryState, instant};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;

/// A notification as it came, as it was translated, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StoredNotification)]
pub struct StoredBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// What became of it when it came.
    #[schema(example = "ACCEPTED")]
    pub status: String,
    /// The aggregator whose account pushed it; null where that was not recorded.
    pub aggregator: Option<String>,
    /// The account that pushed it.
    pub logistic_account_alias: String,
    /// The order that it is about.
    pub order_number: String,
    /// One of several parcels of the order.
    pub shipment_code: Option<String>,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The AWB that was pushed; null where none was.
    pub awb: Option<String>,
    /// Another order of the client's that the push names, although its AWB belongs to this one; null in general.
    pub contradicts: Option<String>,
    /// RMS's word for what happened; null where there is none.
    pub notification_type: Option<NotificationType>,
    /// The pusher's own word or code.
    pub pushed_type: String,
    /// When it came.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, where the pusher says so.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// When it is deleted; null when it is kept.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
    /// The push as it came, without credentials: JSON, or text where it is none.
    #[schema(value_type = Object)]
    pub raw: Value,
    /// What goes to endpoints; null when it is not forwarded.
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
    /// Its deliveries. One that waits for its first attempt, such as behind an earlier one of its lane, is `PENDING` without
    /// attempts; messages that an earlier version of RMS accepted show it only after that attempt.
    pub deliveries: Vec<DeliveryBody>,
}

/// The delivery of a notification to one endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
pub struct DeliveryBody {
    /// Its `webhook-id`.
    pub delivery_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// DELIVERED, PENDING or FAILED.
    #[schema(value_type = String, example = "DELIVERED")]
    pub state: DeliveryState,
    /// How many attempts there were.
    pub attempt_count: u32,
    /// How often it was recovered.
    pub recoveries: u32,
    /// The attempts; of more than forty the first and the last twenty.
    pub attempts: Vec<AttemptBody>,
}

/// One attempt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attempt)]
pub struct AttemptBody {
    /// When it began.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// The HTTP status of the endpoint's answer, where there was one.
    pub status: Option<u16>,
    /// How it ended: `ACCEPTED`, `REJECTED`, `NO_CONNECTION`, `NO_ANSWER`, `FORBIDDEN_TARGET`, `NOT_SIGNED`, `DISABLED`,
    /// `REMOVED` or `EXPIRED`.
    #[schema(example = "REJECTED")]
    pub end: String,
    /// How long it lasted.
    pub duration_ms: u64,
}

impl From<&Attempt> for AttemptBody {
    fn from(attempt: &Attempt) -> Self {
        Self {
            at: instant(attempt.at),
            status: attempt.status,
            end: attempt.end.to_string(),
            duration_ms: attempt.duration_ms,
        }
    }
}

impl DeliveryBody {
    /// What is told of a delivery.
    pub fn new(delivery_id: String, endpoint_id: String, record: &DeliveryRecord) -> Self {
        let attempts = record.first.iter().chain(&record.last);
        Self {
            delivery_id,
            endpoint_id,
            state: record.state,
            attempt_count: record.attempts,
            recoveries: record.generation(),
            attempts: attempts.map(AttemptBody::from).collect(),
        }
    }
}

/// A stored body: JSON where it is, else text.
pub fn embedded(body: &[u8]) -> Value {
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}
