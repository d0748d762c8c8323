//! Webhook endpoints as a client writes and sees them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::endpoint::EndpointMethod;
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::SignatureScheme;

/// What an endpoint is to be. PUT replaces all of it but for secrets and what says that it stays.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpointConfiguration)]
pub struct EndpointRequestBody {
    /// Where to send to: https, without a user name in it, a public address. A name must resolve when it is saved.
    #[schema(example = "https://oms.brand.example/webhooks/rms")]
    pub url: String,
    /// `POST` (if absent) or `PUT`.
    pub method: Option<EndpointMethod>,
    /// The kinds of messages that are wanted, at least one; `["NOTIFICATION", "INVOICE"]` if absent.
    pub messages: Option<Vec<MessageKind>>,
    /// Sent along with every delivery. Null for a value keeps the one that is stored; without `headers` all are kept.
    pub headers: Option<BTreeMap<String, Option<String>>>,
    /// Sent along as Basic authorization; kept as the header `authorization`.
    pub basic: Option<BasicBody>,
    /// Only notifications of these types; absent: all.
    pub notification_types: Option<Vec<NotificationType>>,
    /// Only notifications of forward shipments or of returns: `FORWARD` or `RETURN`; absent: both.
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Only notifications and logistics statuses of these accounts; absent: all.
    pub logistic_account_aliases: Option<Vec<String>>,
    /// Only messages with one of these warehouses, of those kinds that have a warehouse; absent: all.
    pub warehouse_codes: Option<Vec<String>>,
    /// Whether anything is sent. Absent: a new endpoint is on, another stays as it is.
    pub enabled: Option<bool>,
    /// How many deliveries may be under way at once, from 1 to 256; 32 if absent. Fixed when the endpoint is made.
    pub lanes: Option<u16>,
    /// In seconds: the age at which a delivery is given up, from 3600 to 1123200; 273600 (76 hours) if absent.
    pub give_up_after: Option<u64>,
    /// `v1` (HMAC-SHA256 by a shared secret; if absent) or `v1a` (ed25519). To change it replaces the secret.
    #[schema(example = "v1")]
    pub signature_scheme: Option<String>,
}

/// Basic credentials.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BasicCredentials)]
pub struct BasicBody {
    /// Without a colon.
    pub username: String,
    /// The password.
    pub password: String,
}

/// An endpoint as its client sees it: a PUT of the same is no change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpoint)]
pub struct EndpointBody {
    /// Its name within the client.
    pub id: String,
    /// Where to send to.
    pub url: String,
    /// How.
    pub method: EndpointMethod,
    /// Wanted kinds of messages.
    pub messages: Vec<MessageKind>,
    /// The names of the headers that are sent along, each with null instead of its value.
    pub headers: BTreeMap<String, Option<String>>,
    /// Wanted types; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_types: Option<Vec<NotificationType>>,
    /// Wanted kinds of shipments; absent: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Wanted accounts; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logistic_account_aliases: Option<Vec<String>>,
    /// Wanted warehouses; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_codes: Option<Vec<String>>,
    /// Whether anything is sent.
    pub enabled: bool,
    /// How many deliveries may be under way at once.
    pub lanes: u16,
    /// In seconds: the age at which a delivery is given up.
    pub give_up_after: u64,
    /// How deliveries are signed.
    #[schema(value_type = String, example = "v1")]
    pub signature_scheme: SignatureScheme,
    /// With `v1a`: the `whpk_…` that verifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// Whether it takes what it is sent.
    pub health: HealthBody,
    /// How deliveries are repeated.
    pub schedule: ScheduleBody,
    /// The secret that signs, `whsec_…`; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
}

/// Whether an endpoint takes what it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndpointHealth)]
pub struct HealthBody {
    /// `ACTIVE`, `SUSPENDED`, `DRAINING` or `DISABLED`.
    #[schema(example = "ACTIVE")]
    pub state: String,
    /// Since when, where that is known.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<Timestamp>,
    /// Why, unless it is active or its client switched it off.
    #[schema(example = json!(null))]
    pub reason: Option<String>,
}

/// How deliveries are repeated. All times are in seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RetrySchedule)]
pub struct ScheduleBody {
    /// The waits after the first failed attempts; the last one is repeated.
    #[schema(example = json!([5, 15, 30, 60, 120, 300]))]
    pub waits: Vec<u64>,
    /// The share by which each wait is lengthened or shortened at random.
    #[schema(example = 0.2)]
    pub jitter: f64,
    /// The longest `Retry-After` that is honoured.
    #[schema(example = 900)]
    pub longest_retry_after: u64,
    /// How often a delivery is offered that the endpoint refuses while it takes others.
    #[schema(example = 8)]
    pub most_refusals: u32,
    /// The age at which a delivery is given up.
    #[schema(example = 273_600)]
    pub give_up_after: u64,
}

/// A page of endpoints, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpoints)]
pub struct EndpointsBody {
    /// The endpoints.
    pub webhook_endpoints: Vec<EndpointBody>,
    /// Give it as `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// A new signing secret, shown this once. The one before signs beside it for 24 hours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RotatedSecret)]
pub struct RotatedBody {
    /// With `v1`: the `whsec_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// With `v1a`: the `whpk_…` that verifies; the private half stays with RMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// What became of a test delivery.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TestedEndpoint)]
pub struct TestedBody {
    /// The status that the endpoint answered; null if it did not.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: u64,
    /// `ACCEPTED`, `REJECTED`, `NO_CONNECTION`, `NO_ANSWER`, `FORBIDDEN_TARGET` or `NOT_SIGNED`.
    #[schema(example = "ACCEPTED")]
    pub outcome: String,
}
