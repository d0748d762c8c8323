//! A notification with all of its stored data.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::contract::fields::Violation;
use crate::contract::push::PushStatus;
use crate::contract::surrogates::without_halves;
use crate::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, DeliveryState, instant};
use crate::domain::failure_cause::FailureCause;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;

/// A notification as pushed, as translated, and with its deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StoredNotification)]
pub struct StoredBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// Its result: on arrival, or of a replay if it was `UNMAPPED` then.
    #[schema(value_type = PushStatus)]
    pub status: String,
    /// The aggregator of the account; null if it was not recorded.
    pub aggregator: Option<String>,
    /// The account that pushed it, or that a return order is about; null if there is none.
    pub logistic_account_alias: Option<String>,
    /// The order number.
    pub order_number: String,
    /// One of several parcels of the order.
    pub shipment_code: Option<String>,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The pushed AWB; null if none was pushed.
    pub awb: Option<String>,
    /// Another order of the client that the push names, although its AWB belongs to this order; usually null.
    pub contradicts: Option<String>,
    /// The mapped type; null if the code is not mapped.
    pub notification_type: Option<NotificationType>,
    /// Present if the type comes from `statusMappings` of the account, because RMS does not know the code.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub mapped_by_account: bool,
    /// When it was replayed: it was stored as `UNMAPPED`, and got its type later. Absent if it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub replayed_at: Option<Timestamp>,
    /// The type or code as pushed; empty if it could not be read.
    pub pushed_type: String,
    /// Present if it is the sample that the aggregator's panel sends to test the push URL: it is not forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub test: bool,
    /// Present if it is an entry of a batch that could not be read: it is not forwarded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(default = false)]
    pub unreadable: bool,
    /// Why it could not be read; absent if it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Violation>,
    /// When it arrived.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
    /// When it happened, if the push says so.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub occurred_at: Option<Timestamp>,
    /// When it is deleted; null if it is kept forever.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
    /// The original push, without credentials: JSON, or a string if it is not JSON.
    #[schema(value_type = Object)]
    pub raw: Box<RawValue>,
    /// The payload for endpoints; null if it is not forwarded.
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Box<RawValue>>,
    /// Its deliveries. A delivery that waits for its first attempt, for example behind an earlier one of its lane, is
    /// `PENDING` without attempts; for messages that an earlier version of RMS accepted, a delivery is listed once its first
    /// attempt has ended.
    pub deliveries: Vec<DeliveryBody>,
}

/// The delivery of a message to an endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
pub struct DeliveryBody {
    /// Its `webhook-id`.
    pub delivery_id: String,
    /// The endpoint.
    pub endpoint_id: String,
    /// How far it is.
    pub state: DeliveryState,
    /// The number of attempts.
    pub attempt_count: u32,
    /// How often it was recovered.
    pub recoveries: u32,
    /// The attempts; if there are more than forty, the first and the last twenty.
    pub attempts: Vec<AttemptBody>,
}

/// An attempt.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attempt)]
pub struct AttemptBody {
    /// When it began.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// The HTTP status of the endpoint's response, if there was one.
    pub status: Option<u16>,
    /// The result.
    pub end: AttemptEnd,
    /// Why there was no response, if it was tried and there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<FailureCause>,
    /// Its duration.
    pub duration_ms: u64,
}

impl From<&Attempt> for AttemptBody {
    fn from(attempt: &Attempt) -> Self {
        Self {
            at: instant(attempt.at),
            status: attempt.status,
            end: attempt.end,
            cause: attempt.cause,
            duration_ms: attempt.duration_ms,
        }
    }
}

impl DeliveryBody {
    /// A delivery from its record.
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

/// A stored body with all its digits: as JSON if it is JSON, otherwise as a string.
pub fn embedded(body: &[u8]) -> Box<RawValue> {
    let whole = without_halves(body);
    let body = whole.as_deref().unwrap_or(body);
    let text = String::from_utf8_lossy(body);
    let is_json = serde_json::from_str::<Value>(&text).is_ok();
    let json = Some(text.as_ref()).filter(|_| is_json);
    json.and_then(|json| RawValue::from_string(json.to_owned()).ok())
        .or_else(|| to_raw_value(text.as_ref()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_body_keeps_its_digits() {
        for (body, shown) in [
            (
                r#"{"awb": 12345678901234567890123}"#,
                r#"{"awb": 12345678901234567890123}"#,
            ),
            (r#"{"name": "x\ud83d"}"#, r#"{"name": "x\ufffd"}"#),
            ("status=DELIVERED", r#""status=DELIVERED""#),
            ("1e400", r#""1e400""#),
        ] {
            assert_eq!(embedded(body.as_bytes()).get(), shown);
        }
    }
}
