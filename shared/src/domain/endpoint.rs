//! Where a client wants its notifications.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
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
    /// Credentials that are sent as headers.
    pub headers: BTreeMap<String, SecretString>,
    /// Signs every delivery (`whsec_…`); two while it rotates, the newest first.
    pub signing_secrets: Vec<SecretString>,
    /// What is wanted.
    pub filter: Filter,
    /// Whether anything is sent at all.
    pub enabled: bool,
    /// How many lanes it has; fixed when it is made, because a shipment's lane is derived from it.
    pub lanes: u16,
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
