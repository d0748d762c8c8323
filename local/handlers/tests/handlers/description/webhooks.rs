//! What clients receive at their webhook endpoints: one webhook for each kind of message, with the sample that
//! `POST /webhook-endpoints/{id}/test` sends.

use std::collections::BTreeMap;

use logistics::contract::messages::sample::sample_of;
use logistics::domain::message::MessageKind;
use logistics::domain::notification::NotificationType;
use serde_json::{Value, json};
use utoipa::Modify;
use utoipa::openapi::OpenApi;

/// Adds the webhooks.
pub(super) struct Webhooks;

impl Modify for Webhooks {
    fn modify(&self, api: &mut OpenApi) {
        let webhooks =
            MessageKind::all().map(|kind| (kind.word(), json!({ "post": operation(kind) })));
        let webhooks: BTreeMap<_, _> = webhooks.collect();
        api.webhooks = Some(serde_json::from_value(json!(webhooks)).unwrap());
    }
}

/// The schema of the body, which is that of the type that serialises it.
pub(crate) fn schema_of(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Notification => "ForwardedNotification",
        MessageKind::Invoice => "InvoiceNotification",
        MessageKind::ReturnOrderAck | MessageKind::ReturnsProcessingUpdate => "ReturnOrderAck",
        MessageKind::OrderUpdate => "OrderUpdate",
        MessageKind::ChannelOrder => "ChannelOrder",
        MessageKind::OutboundOrder => "OutboundOrderMessage",
        MessageKind::OutboundConfirmation => "OutboundConfirmation",
        MessageKind::Pgi => "GoodsIssue",
        MessageKind::LogisticsStatus => "LogisticsStatus",
        MessageKind::OperatorEvent => "OperatorEvent",
        MessageKind::OrderStatus => "WarehouseStatus",
    }
}

/// The sample of a kind.
pub(crate) fn sample(kind: MessageKind) -> Value {
    let at = "2026-11-21T10:00:00Z".parse().unwrap();
    let body = sample_of(kind, NotificationType::OutForDelivery, at);
    serde_json::from_str(&body).unwrap()
}

fn operation(kind: MessageKind) -> Value {
    let word = kind.word();
    json!({
        "tags": ["webhooks"],
        "operationId": format!("receive_{}", word.to_lowercase()),
        "summary": kind.cause(),
        "description": format!(
            "A message of the kind `{word}`, sent to every webhook endpoint that wants it, by the endpoint's method: `POST`, or \
             `PUT`. It is signed by Standard Webhooks: verify `webhook-signature` with the endpoint's secret, over `webhook-id`, \
             `webhook-timestamp` and the bytes of the body. Messages about one subject arrive in order; each may arrive more \
             than once, with the same `webhook-id`."
        ),
        "parameters": parameters(kind),
        "requestBody": {
            "required": true,
            "content": {
                "application/json": {
                    "schema": { "$ref": format!("#/components/schemas/{}", schema_of(kind)) },
                    "example": sample(kind),
                },
            },
        },
        "responses": {
            "2XX": { "description": "You have the message" },
            "410": { "description": "You want no messages any more: the endpoint is disabled" },
            "default": { "description": "Sent again, later: after 5 s, 15 s, 30 s, 1 min, 2 min, then every 5 min, or after your `Retry-After`" },
        },
        "security": [],
    })
}

/// The headers that RMS sends besides those that the endpoint configures.
fn parameters(kind: MessageKind) -> Vec<Value> {
    let header = |name: &str, required: bool, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": required, "description": description, "schema": schema });
    let text = || json!({ "type": "string", "maxLength": 256 });
    vec![
        header(
            "webhook-id",
            true,
            "The delivery's id: the same in every attempt.",
            text(),
        ),
        header(
            "webhook-timestamp",
            true,
            "The time of this attempt, in epoch seconds.",
            json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": 253_402_300_799_i64 }),
        ),
        header(
            "webhook-signature",
            true,
            "One or several signatures, separated by blanks: `v1,` or `v1a,` and the base64 form.",
            json!({ "type": "string", "maxLength": 1024 }),
        ),
        header(
            "rms-message-kind",
            true,
            "The kind of the message.",
            json!({ "type": "string", "enum": [kind.word()] }),
        ),
        header(
            "x-request-id",
            false,
            "The request, the push or the scheduled run that caused the message.",
            text(),
        ),
        header(
            "webhook-replayed",
            false,
            "`true` if the delivery was recovered.",
            json!({ "type": "string", "enum": ["true"] }),
        ),
        header(
            "rms-correction",
            false,
            "`true` if it replaces an earlier result.",
            json!({ "type": "string", "enum": ["true"] }),
        ),
    ]
}
