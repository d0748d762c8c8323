//! Where a client wants its messages.

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

/// How many messages to one endpoint may be under way at once, when the endpoint does not say.
pub const DEFAULT_LANES: u16 = 32;

/// A client's URL, with what is sent along and what is wanted.
#[derive(Debug, Clone)]
pub struct WebhookEndpoint {
    /// The client it belongs to.
    pub client_id: ClientId,
    /// Its name within the client.
    pub id: EndpointId,
    /// Where to send to.
    pub url: Url,
    /// How a message is sent there.
    pub method: EndpointMethod,
    /// Credentials that are sent as headers; none where the function may not open them.
    pub headers: BTreeMap<String, SecretString>,
    /// Sign every delivery; several while one takes over from another, none where the function may not open them.
    pub signing_secrets: SigningSecrets,
    /// The kinds of messages that are wanted: at least one, none twice.
    pub messages: Vec<MessageKind>,
    /// What is wanted of them.
    pub filter: Filter,
    /// Whether anything is sent at all.
    pub enabled: bool,
    /// Why it was switched off, if it was not its client who did it.
    pub disabled: Option<Disabled>,
    /// How many lanes it has; fixed when it is made, because the lane of a subject is derived from it.
    pub lanes: u16,
    /// How old a message gets before it is given up.
    pub give_up_after: GiveUpAfter,
}

impl WebhookEndpoint {
    /// An endpoint that wants all that one gets which says nothing, with nothing sent along.
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

    /// Whether a message goes to this endpoint.
    pub fn wants(&self, message: &Routing<'_>) -> bool {
        self.enabled && self.messages.contains(&message.kind) && self.filter.wants(message)
    }

    /// The lane of messages about a subject.
    pub fn lane_of(&self, subject: &MessageSubject) -> u64 {
        subject.lane_seed(&self.client_id) % u64::from(self.lanes.max(1))
    }

    /// The same endpoint, switched on.
    #[must_use]
    pub fn switched_on(&self) -> Self {
        Self {
            enabled: true,
            disabled: None,
            ..self.clone()
        }
    }

    /// The names of the fields that have another value than `before`.
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

/// How a message is sent to an endpoint.
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

/// That an endpoint was switched off by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disabled {
    /// Why.
    pub reason: DisabledReason,
    /// Since when.
    pub at: Timestamp,
}

/// Why we switch an endpoint off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DisabledReason {
    /// It answered 410 Gone.
    Gone,
    /// It took nothing until its give-up age had passed.
    Failing,
}

/// The age at which a delivery is given up. Stored and spelled in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct GiveUpAfter(Duration);

/// An age at which no delivery can be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("deliveries are given up after 3600 to 1123200 seconds (1 hour to 13 days)")]
pub struct OutOfBounds;

impl GiveUpAfter {
    /// Less is no retrying worth the name: an hour holds a restart and a failed deploy.
    pub const LEAST: Self = Self(Duration::from_hours(1));
    /// The queue keeps a message for 14 days, and what it drops is recorded nowhere. The day between is for the last
    /// wait, of 15 minutes at most, and for what waits behind it in its lane: after the give-up age each of these has one
    /// more attempt, and a day holds 5,760 that last their full 15 seconds.
    pub const MOST: Self = Self(Duration::from_hours(13 * 24));

    /// The age.
    pub fn age(self) -> Duration {
        self.0
    }
}

/// Three days and some hours: a weekend, and time to act on Monday.
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

/// What an endpoint wants of the kinds that it wants; an absent list wants everything. A list applies to the kinds that
/// have what it looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Wanted types.
    pub notification_types: Option<Vec<NotificationType>>,
    /// Forward, return or both.
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Wanted accounts.
    pub account_aliases: Option<Vec<AccountAlias>>,
    /// Wanted warehouses; a message without a warehouse is then not wanted, if those of its kind have one.
    pub warehouse_codes: Option<Vec<WarehouseCode>>,
}

impl Filter {
    /// Whether the filter lets a message through.
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

/// Whether a list lets a value through: it is absent, or does not apply, or has the value.
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
    fn an_absent_list_wants_everything_and_a_present_one_only_what_it_lists() {
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
    fn a_filter_applies_only_to_kinds_that_have_what_it_looks_at() {
        let nothing = Filter {
            notification_types: Some(Vec::new()),
            shipment_types: Some(Vec::new()),
            account_aliases: Some(Vec::new()),
            warehouse_codes: Some(Vec::new()),
        };
        let let_through: Vec<_> = MessageKind::all()
            .filter(|kind| nothing.wants(&Routing::of(*kind)))
            .map(MessageKind::word)
            .collect();
        assert_eq!(
            let_through,
            [
                "INVOICE",
                "ORDER_UPDATE",
                "CHANNEL_ORDER",
                "OUTBOUND_CONFIRMATION",
                "PGI",
                "ORDER_STATUS"
            ]
        );
    }

    #[test]
    fn an_endpoint_gets_the_kinds_that_it_names_while_it_is_on() {
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
    }
}
