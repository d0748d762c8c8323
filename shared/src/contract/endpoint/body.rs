//! Webhook endpoints in requests and responses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::{Secret, UserName, WebUrl, headers};
use crate::domain::delivery::AttemptEnd;
use crate::domain::endpoint::EndpointMethod;
use crate::domain::failure_cause::FailureCause;
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::SignatureScheme;
use crate::domain::text::{AccountAlias, WarehouseCode};

/// The configuration of an endpoint. PUT replaces all of it, except secrets that are not given and fields that are
/// documented as kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpointConfiguration)]
pub struct EndpointRequestBody {
    /// The target URL: https, without a user name, with a public address. The name must resolve when it is saved.
    #[schema(value_type = WebUrl)]
    pub url: String,
    /// `POST` (if absent) or `PUT`.
    pub method: Option<EndpointMethod>,
    /// The subscribed kinds of messages, at least one; `["NOTIFICATION", "INVOICE"]` if absent.
    #[schema(min_items = 1, max_items = 500)]
    pub messages: Option<Vec<MessageKind>>,
    /// Headers that are sent with every delivery.
    #[schema(schema_with = headers)]
    pub headers: Option<BTreeMap<String, Option<String>>>,
    /// Sent as Basic authorization; stored as the header `authorization`, which must not be given in `headers` too.
    pub basic: Option<BasicBody>,
    /// Only notifications of these types; absent: all.
    #[schema(min_items = 1, max_items = 500)]
    pub notification_types: Option<Vec<NotificationType>>,
    /// Only notifications of forward shipments or of returns: `FORWARD` or `RETURN`; absent: both.
    #[schema(min_items = 1, max_items = 500)]
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Only notifications and logistics statuses of these accounts; absent: all.
    #[schema(value_type = Option<Vec<AccountAlias>>, min_items = 1, max_items = 500)]
    pub logistic_account_aliases: Option<Vec<String>>,
    /// Only messages with one of these warehouses, of those kinds that have a warehouse; absent: all.
    #[schema(value_type = Option<Vec<WarehouseCode>>, min_items = 1, max_items = 500)]
    pub warehouse_codes: Option<Vec<String>>,
    /// Whether messages are sent. Absent: a new endpoint is enabled, an existing one is unchanged.
    pub enabled: Option<bool>,
    /// The maximum number of concurrent deliveries, from 1 to 256; 32 if absent. Cannot be changed later.
    #[schema(minimum = 1, maximum = 256)]
    pub lanes: Option<u16>,
    /// The age in seconds at which a delivery is given up, from 3600 to 1123200; 273600 (76 hours) if absent.
    #[schema(minimum = 3600, maximum = 1_123_200)]
    pub give_up_after: Option<u64>,
    /// `v1` (HMAC-SHA256 with a shared secret; default) or `v1a` (ed25519). Changing it replaces the secret.
    #[schema(value_type = Option<SignatureScheme>)]
    pub signature_scheme: Option<String>,
    /// Your own secret for `v1`, for example that of an earlier sender: `whsec_` and the base64 form of 24 to 64 bytes. It
    /// is never shown. Absent: RMS generates one for a new endpoint, and keeps that of an existing one. Another secret
    /// replaces the present one, which also signs for 24 hours.
    #[schema(
        pattern = "^(whsec_([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{4}|([A-Za-z0-9+/]{4})?[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?)?$",
        write_only
    )]
    pub signing_secret: Option<String>,
}

/// Basic credentials.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BasicCredentials)]
pub struct BasicBody {
    /// Without a colon.
    #[schema(value_type = UserName)]
    pub username: String,
    /// The password.
    #[schema(value_type = Secret)]
    pub password: String,
}

/// An endpoint in responses. Sending it back with PUT changes nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpoint)]
pub struct EndpointBody {
    /// The id, unique within the client.
    pub id: String,
    /// The target URL.
    pub url: String,
    /// The HTTP method.
    pub method: EndpointMethod,
    /// The subscribed kinds of messages.
    pub messages: Vec<MessageKind>,
    /// The names of the headers that are sent, each with null instead of its value.
    pub headers: BTreeMap<String, Option<String>>,
    /// Accepted types; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_types: Option<Vec<NotificationType>>,
    /// Accepted shipment types; absent: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Accepted accounts; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logistic_account_aliases: Option<Vec<String>>,
    /// Accepted warehouses; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_codes: Option<Vec<String>>,
    /// Whether messages are sent.
    pub enabled: bool,
    /// The maximum number of concurrent deliveries.
    pub lanes: u16,
    /// The age in seconds at which a delivery is given up.
    pub give_up_after: u64,
    /// The signature scheme of deliveries.
    #[schema(value_type = String, example = "v1")]
    pub signature_scheme: SignatureScheme,
    /// `v1a` only: the `whpk_…` key for verification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// The health of the endpoint.
    pub health: HealthBody,
    /// The retry schedule.
    pub schedule: ScheduleBody,
    /// The signing secret, `whsec_…`, that RMS generated; only in the response that created it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
}

impl EndpointBody {
    /// The fields that a PUT does not read.
    pub(super) const ONLY_SHOWN: [&str; 4] = ["id", "publicKey", "health", "schedule"];
}

/// The health of an endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndpointHealth)]
pub struct HealthBody {
    /// Whether messages are sent.
    pub state: HealthState,
    /// Since when, if known.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<Timestamp>,
    /// The reason, unless it is active or its client disabled it.
    #[schema(example = json!(null))]
    pub reason: Option<String>,
}

/// Whether an endpoint gets messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum HealthState {
    /// It gets all.
    Active,
    /// It failed for so long that its messages wait.
    Suspended,
    /// It works again and gets the messages that waited.
    Draining,
    /// It is switched off.
    Disabled,
}

/// The retry schedule of deliveries. All times are in seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RetrySchedule)]
pub struct ScheduleBody {
    /// The waits after the first failed attempts; the last one repeats.
    #[schema(example = json!([5, 15, 30, 60, 120, 300]))]
    pub waits: Vec<u64>,
    /// The share by which each wait is randomly changed, up or down.
    #[schema(example = 0.2)]
    pub jitter: f64,
    /// The longest accepted `Retry-After`.
    #[schema(example = 900)]
    pub longest_retry_after: u64,
    /// The number of attempts for a delivery that the endpoint refuses while it accepts others.
    #[schema(example = 8)]
    pub most_refusals: u32,
    /// The age at which a delivery is given up.
    #[schema(example = 273_600)]
    pub give_up_after: u64,
}

/// A page of endpoints, sorted by id.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookEndpoints)]
pub struct EndpointsBody {
    /// The endpoints.
    pub webhook_endpoints: Vec<EndpointBody>,
    /// The `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}

/// A new signing secret, shown only once. The previous one also signs for 24 hours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RotatedSecret)]
pub struct RotatedBody {
    /// `v1` only: the `whsec_…` secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// `v1a` only: the `whpk_…` key for verification; RMS keeps the private half.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// The result of a test delivery.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TestedEndpoint)]
pub struct TestedBody {
    /// The status of the endpoint's response; null if there was none.
    pub status: Option<u16>,
    /// Its duration.
    pub duration_ms: u64,
    /// `ACCEPTED`, `REJECTED`, `NO_CONNECTION`, `NO_ANSWER`, `FORBIDDEN_TARGET` or `NOT_SIGNED`.
    pub outcome: AttemptEnd,
    /// Why there was no response, if it was tried and there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<FailureCause>,
}
