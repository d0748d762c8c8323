//! The account's settings, by the names that docs/aggregators/clickpost.md gives them.

use rust_decimal::Decimal;

use crate::domain::account::LogisticAccount;
use crate::domain::text::WarehouseCode;
use crate::partners::failure::PartnerFailure;

/// Settings of an account, those of a warehouse first.
#[derive(Clone, Copy)]
pub(crate) struct ClickpostSettings<'a> {
    pub(crate) account: &'a LogisticAccount,
    pub(crate) warehouse: Option<&'a WarehouseCode>,
}

impl<'a> ClickpostSettings<'a> {
    /// Those of the account alone: where no warehouse is known.
    pub(crate) fn of(account: &'a LogisticAccount) -> Self {
        Self {
            account,
            warehouse: None,
        }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let value = self.account.setting(name, self.warehouse)?.trim();
        (!value.is_empty()).then_some(value)
    }

    fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The alias of the courier account: the courier's own, else the one for all.
    pub(crate) fn account_code(&self, courier: i64) -> Option<&'a str> {
        self.get(&format!("accountCode.{courier}"))
            .or_else(|| self.get("accountCode"))
    }

    /// The seller's registration for goods and services tax.
    pub(crate) fn seller_gstin(&self) -> Option<&'a str> {
        self.get("sellerGstin")
    }

    /// What some couriers call the pickup place.
    pub(crate) fn vendor_code(&self) -> Option<&'a str> {
        self.get("vendorCode")
    }

    /// The e-mail address of a pickup that has none.
    pub(crate) fn contact_email(&self) -> Option<&'a str> {
        self.get("contactEmail")
    }

    /// Whether orders are queued at Clickpost.
    pub(crate) fn queues(&self) -> bool {
        self.is_on("async")
    }

    /// Whether Clickpost marks what it cancels as cancelled, because many couriers never report it.
    pub(crate) fn marks_cancelled(&self) -> bool {
        self.is_on("manuallyUpdateStatus")
    }

    /// Which parameters are checked at the door.
    pub(crate) fn checked_parameters(&self) -> Vec<&'a str> {
        self.get("qcParams")
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|parameter| !parameter.is_empty())
            .collect()
    }

    /// What is in a parcel of which nothing is said.
    pub(crate) fn item(&self) -> &'a str {
        self.get("defaultItem").unwrap_or("goods")
    }

    /// A measure of a parcel of which nothing is said.
    pub(crate) fn measure(&self, name: &'static str) -> Result<Option<Decimal>, PartnerFailure> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        text.parse()
            .ok()
            .filter(|measure| *measure > Decimal::ZERO)
            .map(Some)
            .ok_or(PartnerFailure::NotConfigured(name))
    }
}
