//! Webhook endpoints of clients.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::draft::differing;
use crate::domain::message::{DEFAULT_KINDS, FilterField, MessageKind, MessageSubject, Routing};
use crate::domain::notification::NotificationType;
use crate::domain::secrets::are_same;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::SigningSecrets;
use crate::domain::text::{AccountAlias, ClientId, EndpointId, WarehouseCode};

/// The default number of messages that may be sent to an endpoint concurrently.
pub const DEFAULT_LANES: u16 = 32;

/// A client's URL with its credentials and filters.
#[derive(Debug, Clone)]
pub struct WebhookEndpoint {
    /// The client.
    pub client_id: ClientId,
    /// The id, unique within the client.
    pub id: EndpointId,
    /// The target URL.
    pub url: Url,
    /// The HTTP method.
    pub method: EndpointMethod,
    /// Credentials that are sent as headers; empty if the function may not open them.
    pub headers: BTreeMap<String, SecretString>,
    /// The secrets that sign each delivery: several during a rotation, none if the function may not open them.
    pub signing_secrets: SigningSecrets,
    /// The subscribed kinds of messages: at least one, without duplicates.
    pub messages: Vec<MessageKind>,
    /// The filter for messages.
    pub filter: Filter,
    /// Whether messages are sent.
    pub enabled: bool,
    /// Why RMS disabled it; absent if its client did.
    pub disabled: Option<Disabled>,
    /// The number of lanes. It never changes, because the lane of a subject is derived from it.
    pub lanes: u16,
    /// The age at which a message is given up.
    pub give_up_after: GiveUpAfter,
}

impl WebhookEndpoint {
    /// An endpoint with default settings, no headers and no filter.
    pub fn new(
        client_id: ClientId,
        id: EndpointId,
        url: Url,
        signing_secrets: SigningSecrets,
    ) -> Self {
        Self {
            client_id,
            id,
            url,
            method: EndpointMethod::default(),
            headers: BTreeMap::new(),
            signing_secrets,
            messages: DEFAULT_KINDS.to_vec(),
            filter: Filter::default(),
            enabled: true,
            disabled: None,
            lanes: DEFAULT_LANES,
            give_up_after: GiveUpAfter::default(),
        }
    }

    /// Whether a message is queued for this endpoint. One that RMS disabled, and not its client, still gets its messages
    /// queued: they are given up, so that a recovery finds them.
    pub fn wants(&self, message: &Routing<'_>) -> bool {
        (self.enabled || self.disabled.is_some())
            && self.messages.contains(&message.kind)
            && self.filter.wants(message)
    }

    /// The lane of a subject's messages.
    pub fn lane_of(&self, subject: &MessageSubject) -> u64 {
        subject.lane_seed(&self.client_id) % u64::from(self.lanes.max(1))
    }

    /// The same endpoint, enabled.
    #[must_use]
    pub fn switched_on(&self) -> Self {
        Self {
            enabled: true,
            disabled: None,
            ..self.clone()
        }
    }

    /// The names of the fields that differ from `before`.
    pub fn changed_from(&self, before: &Self) -> Vec<String> {
        let (was, is) = (&before.filter, &self.filter);
        differing([
            ("url", before.url != self.url),
            ("method", before.method != self.method),
            ("messages", before.messages != self.messages),
            ("headers", !are_same(&before.headers, &self.headers)),
            (
                "notificationTypes",
                was.notification_types != is.notification_types,
            ),
            ("shipmentTypes", was.shipment_types != is.shipment_types),
            (
                "logisticAccountAliases",
                was.account_aliases != is.account_aliases,
            ),
            ("warehouseCodes", was.warehouse_codes != is.warehouse_codes),
            ("enabled", before.enabled != self.enabled),
            ("lanes", before.lanes != self.lanes),
            ("giveUpAfter", before.give_up_after != self.give_up_after),
        ])
    }
}

/// The HTTP method of an endpoint.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum EndpointMethod {
    /// POST.
    #[default]
    Post,
    /// PUT.
    Put,
}

/// RMS disabled the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disabled {
    /// The reason.
    pub reason: DisabledReason,
    /// The time.
    pub at: Timestamp,
}

/// Why RMS disables an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DisabledReason {
    /// It answered 410 Gone.
    Gone,
    /// It accepted no delivery until its give-up age had passed.
    Failing,
}

/// The age at which a delivery is given up, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct GiveUpAfter(Duration);

/// The give-up age is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("deliveries are given up after 3600 to 1123200 seconds (1 hour to 13 days)")]
pub struct OutOfBounds;

impl GiveUpAfter {
    /// The minimum: an hour is enough for a restart or a failed deployment.
    pub const LEAST: Self = Self(Duration::from_hours(1));
    /// The maximum. The queue keeps a message for 14 days and then drops it without a record. The remaining day covers
    /// the last wait of at most 15 minutes, and the messages waiting behind it in its lane: after the give-up age each
    /// of them gets one more attempt, and a day has time for 5,760 attempts of 15 seconds.
    pub const MOST: Self = Self(Duration::from_hours(13 * 24));

    /// The age.
    pub fn age(self) -> Duration {
        self.0
    }
}

/// Three days and a few hours: a weekend, and time to act on Monday.
impl Default for GiveUpAfter {
    fn default() -> Self {
        Self(Duration::from_hours(76))
    }
}

impl TryFrom<u64> for GiveUpAfter {
    type Error = OutOfBounds;

    fn try_from(seconds: u64) -> Result<Self, OutOfBounds> {
        let age = Self(Duration::from_secs(seconds));
        if (Self::LEAST..=Self::MOST).contains(&age) {
            Ok(age)
        } else {
            Err(OutOfBounds)
        }
    }
}

impl From<GiveUpAfter> for u64 {
    fn from(age: GiveUpAfter) -> Self {
        age.0.as_secs()
    }
}

/// The filter of an endpoint, applied to its subscribed kinds. An absent list accepts everything. A list applies only
/// to kinds whose messages have that property.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Accepted types.
    pub notification_types: Option<Vec<NotificationType>>,
    /// Forward, return or both.
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Accepted accounts.
    pub account_aliases: Option<Vec<AccountAlias>>,
    /// Accepted warehouses; a message without a warehouse is then rejected, if messages of its kind can have one.
    pub warehouse_codes: Option<Vec<WarehouseCode>>,
}

impl Filter {
    /// Whether the filter accepts a message.
    pub fn wants(&self, message: &Routing<'_>) -> bool {
        let Routing {
            kind,
            notification_type,
            shipment_type,
            alias,
            warehouse,
        } = message;
        let by = |field| kind.has(field);
        lists(
            self.notification_types.as_ref(),
            notification_type.as_ref(),
            || by(FilterField::NotificationType),
        ) && lists(self.shipment_types.as_ref(), shipment_type.as_ref(), || {
            by(FilterField::ShipmentType)
        }) && lists(self.account_aliases.as_ref(), *alias, || {
            by(FilterField::Account)
        }) && lists(self.warehouse_codes.as_ref(), *warehouse, || {
            by(FilterField::Warehouse)
        })
    }
}

/// Whether a list accepts a value: it is absent, does not apply, or contains the value.
fn lists<T: PartialEq>(
    list: Option<&Vec<T>>,
    value: Option<&T>,
    applies: impl FnOnce() -> bool,
) -> bool {
    list.is_none_or(|list| !applies() || value.is_some_and(|value| list.contains(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_give_up_age_is_from_an_hour_to_a_day_less_than_the_queue_keeps_messages() {
        let hours = |hours: u64| GiveUpAfter::try_from(hours * 3600).map(u64::from);
        assert_eq!(hours(1), Ok(3600));
        assert_eq!(hours(13 * 24), Ok(1_123_200));
        for seconds in [0, 3599, 1_123_201, u64::MAX] {
            assert_eq!(
                GiveUpAfter::try_from(seconds),
                Err(OutOfBounds),
                "{seconds}"
            );
        }
        assert_eq!(u64::from(GiveUpAfter::default()), 76 * 3600);
    }

    #[test]
    fn an_absent_list_accepts_everything_and_a_list_only_its_values() {
        let alias = "magic".parse().unwrap();
        let warehouse: WarehouseCode = "wh-1".parse().unwrap();
        let message = |warehouse| Routing {
            kind: MessageKind::Notification,
            notification_type: Some(NotificationType::Delivered),
            shipment_type: Some(ShipmentType::Forward),
            alias: Some(&alias),
            warehouse,
        };
        assert!(Filter::default().wants(&message(None)));
        let other = "wh-2".parse().unwrap();
        let filter = Filter {
            warehouse_codes: Some(vec![warehouse]),
            ..Filter::default()
        };
        assert!(filter.wants(&message(filter.warehouse_codes.as_ref().unwrap().first())));
        assert!(!filter.wants(&message(Some(&other))));
        assert!(!filter.wants(&message(None)));
        let filter = Filter {
            notification_types: Some(vec![NotificationType::Rto]),
            ..Filter::default()
        };
        assert!(!filter.wants(&message(None)));
    }

    #[test]
    fn a_filter_applies_only_to_kinds_with_that_property() {
        let nothing = Filter {
            notification_types: Some(Vec::new()),
            shipment_types: Some(Vec::new()),
            account_aliases: Some(Vec::new()),
            warehouse_codes: Some(Vec::new()),
        };
        for (kind, is_wanted) in [
            (MessageKind::Notification, false),
            (MessageKind::LogisticsStatus, false),
            (MessageKind::Invoice, true),
        ] {
            assert_eq!(
                nothing.wants(&Routing::of(kind)),
                is_wanted,
                "{}",
                kind.word()
            );
        }
    }

    #[test]
    fn an_enabled_endpoint_gets_its_subscribed_kinds() {
        let url = "https://example.com/hook".parse().unwrap();
        let secrets = SigningSecrets::new("whsec_x".into());
        let endpoint = WebhookEndpoint::new(
            "demo".parse().unwrap(),
            "sink".parse().unwrap(),
            url,
            secrets,
        );
        let wants = |endpoint: &WebhookEndpoint, kind| endpoint.wants(&Routing::of(kind));
        assert!(wants(&endpoint, MessageKind::Invoice));
        assert!(!wants(&endpoint, MessageKind::ReturnOrderAck));
        let acks = WebhookEndpoint {
            messages: vec![MessageKind::ReturnOrderAck],
            ..endpoint.clone()
        };
        assert!(wants(&acks, MessageKind::ReturnOrderAck));
        assert!(!wants(&acks, MessageKind::Invoice));
        let off = WebhookEndpoint {
            enabled: false,
            ..endpoint
        };
        assert!(!wants(&off, MessageKind::Invoice));
        let disabled = Some(Disabled {
            reason: DisabledReason::Gone,
            at: Timestamp::UNIX_EPOCH,
        });
        let off_by_rms = WebhookEndpoint { disabled, ..off };
        assert!(wants(&off_by_rms, MessageKind::Invoice));
    }
}
