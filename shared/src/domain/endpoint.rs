//! Where a client wants its notifications.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::draft::differing;
use crate::domain::notification::NotificationType;
use crate::domain::secrets::are_same;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::SigningSecrets;
use crate::domain::text::{AccountAlias, ClientId, EndpointId, WarehouseCode};

/// How many notifications of one endpoint may be under way at once, when the endpoint does not say.
pub const DEFAULT_LANES: u16 = 32;

/// A client's URL, with what is sent along and what is wanted.
#[derive(Debug, Clone)]
pub struct WebhookEndpoint {
    /// The client it belongs to.
    pub client_id: ClientId,
    /// Its name within the client.
    pub id: EndpointId,
    /// Where to POST.
    pub url: Url,
    /// Credentials that are sent as headers; none where the function may not open them.
    pub headers: BTreeMap<String, SecretString>,
    /// Sign every delivery; several while one takes over from another, none where the function may not open them.
    pub signing_secrets: SigningSecrets,
    /// What is wanted.
    pub filter: Filter,
    /// Whether anything is sent at all.
    pub enabled: bool,
    /// Why it was switched off, if it was not its client who did it.
    pub disabled: Option<Disabled>,
    /// How many lanes it has; fixed when it is made, because a shipment's lane is derived from it.
    pub lanes: u16,
    /// How old a notification gets before it is given up.
    pub give_up_after: GiveUpAfter,
}

impl WebhookEndpoint {
    /// An endpoint that wants everything, with nothing sent along.
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
            headers: BTreeMap::new(),
            signing_secrets,
            filter: Filter::default(),
            enabled: true,
            disabled: None,
            lanes: DEFAULT_LANES,
            give_up_after: GiveUpAfter::default(),
        }
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
    /// The queue keeps a message for 14 days, and what it drops nobody records. The day between is for the last wait,
    /// of 15 minutes at most, and for what waits behind it in its lane: after the give-up age each of these has one
    /// more attempt, and a day holds 5,760 that last their full 15 seconds.
    pub const MOST: Self = Self(Duration::from_hours(13 * 24));

    /// The age.
    pub fn age(self) -> Duration {
        self.0
    }
}

/// Three days, and the hours until somebody is back at work.
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

/// What an endpoint wants; an absent list wants everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Wanted types.
    pub notification_types: Option<Vec<NotificationType>>,
    /// Forward, return or both.
    pub shipment_types: Option<Vec<ShipmentType>>,
    /// Wanted accounts.
    pub account_aliases: Option<Vec<AccountAlias>>,
    /// Wanted warehouses; a notification without a warehouse is then not wanted.
    pub warehouse_codes: Option<Vec<WarehouseCode>>,
}

/// What of a notification a filter looks at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its type.
    pub notification_type: NotificationType,
    /// Its shipment's type.
    pub shipment_type: ShipmentType,
    /// The account that pushed it.
    pub alias: &'a AccountAlias,
    /// Its warehouse.
    pub warehouse: Option<&'a WarehouseCode>,
}

impl Filter {
    /// Tells whether the endpoint wants the notification.
    pub fn wants(&self, subject: Subject<'_>) -> bool {
        fn listed<T: PartialEq>(list: Option<&Vec<T>>, value: Option<&T>) -> bool {
            list.is_none_or(|list| value.is_some_and(|value| list.contains(value)))
        }
        listed(
            self.notification_types.as_ref(),
            Some(&subject.notification_type),
        ) && listed(self.shipment_types.as_ref(), Some(&subject.shipment_type))
            && listed(self.account_aliases.as_ref(), Some(subject.alias))
            && listed(self.warehouse_codes.as_ref(), subject.warehouse)
    }
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
        let subject = |warehouse| Subject {
            notification_type: NotificationType::Delivered,
            shipment_type: ShipmentType::Forward,
            alias: &alias,
            warehouse,
        };
        assert!(Filter::default().wants(subject(None)));
        let other = "wh-2".parse().unwrap();
        let filter = Filter {
            warehouse_codes: Some(vec![warehouse]),
            ..Filter::default()
        };
        assert!(filter.wants(subject(filter.warehouse_codes.as_ref().unwrap().first())));
        assert!(!filter.wants(subject(Some(&other))));
        assert!(!filter.wants(subject(None)));
        let filter = Filter {
            notification_types: Some(vec![NotificationType::Rto]),
            ..Filter::default()
        };
        assert!(!filter.wants(subject(None)));
    }
}
