//! The account's settings, named as in docs/aggregators/clickpost.md.

use rust_decimal::Decimal;

use crate::domain::account::LogisticAccount;
use crate::domain::text::WarehouseCode;
use crate::partners::failure::PartnerFailure;

/// The settings of an account, with precedence for those of the warehouse.
#[derive(Clone, Copy)]
pub(crate) struct ClickpostSettings<'a> {
    pub(crate) account: &'a LogisticAccount,
    pub(crate) warehouse: Option<&'a WarehouseCode>,
}

impl<'a> ClickpostSettings<'a> {
    /// Only the account's settings, if no warehouse is known.
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

    /// The alias of the courier account: the one for this courier, otherwise the one for all.
    pub(crate) fn account_code(&self, courier: i64) -> Option<&'a str> {
        self.get(&format!("accountCode.{courier}"))
            .or_else(|| self.get("accountCode"))
    }

    /// The seller's GST registration.
    pub(crate) fn seller_gstin(&self) -> Option<&'a str> {
        self.get("sellerGstin")
    }

    /// The pickup location code that some couriers require.
    pub(crate) fn vendor_code(&self) -> Option<&'a str> {
        self.get("vendorCode")
    }

    /// The e-mail address for pickups without one.
    pub(crate) fn contact_email(&self) -> Option<&'a str> {
        self.get("contactEmail")
    }

    /// Whether Clickpost queues orders.
    pub(crate) fn queues(&self) -> bool {
        self.is_on("async")
    }

    /// Whether Clickpost itself marks cancelled orders as cancelled, because many couriers never report it.
    pub(crate) fn marks_cancelled(&self) -> bool {
        self.is_on("manuallyUpdateStatus")
    }

    /// The parameters of quality checks at the door.
    pub(crate) fn checked_parameters(&self) -> Vec<&'a str> {
        self.get("qcParams")
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|parameter| !parameter.is_empty())
            .collect()
    }

    /// The contents of a parcel without line items.
    pub(crate) fn item(&self) -> &'a str {
        self.get("defaultItem").unwrap_or("goods")
    }

    /// A default dimension or weight of a parcel.
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
