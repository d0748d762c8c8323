//! Aggregators that also run warehouses: what their accounts say about outbound orders.

use std::fmt;
use std::time::Duration;

use jiff::tz::Offset;

use crate::aggregators::{Registers, find_pushing};
use crate::domain::account::LogisticAccount;

/// An aggregator that ships orders from its own warehouses.
pub trait Fulfils: Send + Sync {
    /// How long an outbound order may be unconfirmed before that is reported.
    fn confirmation_deadline(&self, account: &LogisticAccount) -> Duration;

    /// The offset from UTC of dates without one.
    fn time_zone(&self, account: &LogisticAccount) -> Offset;
}

/// A client's account for fulfilment.
#[derive(Clone)]
pub struct FulfilmentAccount {
    /// The account.
    pub account: LogisticAccount,
    fulfils: &'static dyn Fulfils,
}

impl FulfilmentAccount {
    /// The first of these accounts whose aggregator fulfils orders. Accounts are read in the order of their aliases, so it is
    /// always the same one.
    pub fn first_of(accounts: impl IntoIterator<Item = LogisticAccount>) -> Option<Self> {
        accounts.into_iter().find_map(|account| {
            let fulfils = find_pushing(&account.aggregator).and_then(Registers::fulfils)?;
            Some(Self { account, fulfils })
        })
    }

    /// How long an outbound order may be unconfirmed before that is reported.
    pub fn confirmation_deadline(&self) -> Duration {
        self.fulfils.confirmation_deadline(&self.account)
    }

    /// The offset from UTC of dates without one.
    pub fn time_zone(&self) -> Offset {
        self.fulfils.time_zone(&self.account)
    }
}

impl fmt::Debug for FulfilmentAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("FulfilmentAccount");
        shown.field("alias", &self.account.alias);
        shown.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Region;
    use crate::domain::proof::PushProofs;
    use crate::domain::status_mappings::StatusMappings;

    fn account(alias: &str, aggregator: &str, settings: &[(&str, &str)]) -> LogisticAccount {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        LogisticAccount {
            client_id: "demo".parse().unwrap(),
            alias: alias.parse().unwrap(),
            aggregator: aggregator.parse().unwrap(),
            region: Region::Domestic,
            credentials: [].into(),
            urls: [].into(),
            settings: settings.iter().map(owned).collect(),
            warehouses: [].into(),
            default_courier: None,
            notifications_enabled: true,
            status_mappings: StatusMappings::default(),
            proofs: PushProofs::default(),
            push_name: None,
        }
    }

    /// The name of an aggregator that fulfils orders.
    fn fulfilling() -> &'static str {
        let mut all = crate::aggregators::all_pushing();
        all.find(|adapter| adapter.fulfils().is_some())
            .unwrap()
            .name()
    }

    #[test]
    fn the_first_account_that_fulfils_is_the_clients() {
        let found = FulfilmentAccount::first_of([
            account("a", "RMS_MAGIC", &[]),
            account("b", fulfilling(), &[]),
            account("c", fulfilling(), &[]),
        ]);
        let found = found.unwrap();
        assert_eq!(found.account.alias.as_str(), "b");
        assert_eq!(found.confirmation_deadline(), Duration::from_mins(15));
        assert_eq!(found.time_zone().seconds(), 7 * 3600);
        assert!(FulfilmentAccount::first_of([account("a", "RMS_MAGIC", &[])]).is_none());
        assert!(FulfilmentAccount::first_of([]).is_none());
    }

    #[test]
    fn the_settings_decide() {
        let settings = [
            ("confirmationDeadlineMinutes", "0.5"),
            ("timeZone", "Asia/Jayapura"),
        ];
        let found = FulfilmentAccount::first_of([account("a", fulfilling(), &settings)]).unwrap();
        assert_eq!(found.confirmation_deadline(), Duration::from_secs(30));
        assert_eq!(found.time_zone().seconds(), 9 * 3600);
    }
}
