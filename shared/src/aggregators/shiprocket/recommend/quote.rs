//! What a row of `serviceability` says about a courier's price and delivery.

use jiff::civil::Date;
use serde_json::Value;

use crate::aggregators::instants;
use crate::aggregators::quotes::{TransitDays, charge, price};
use crate::aggregators::shiprocket::wire::{ShiprocketAnswer, text};
use crate::domain::account::Region;
use crate::domain::money::Currency;
use crate::domain::quote::{DeliveryDates, Quote};

/// What applies to all rows of a response.
#[derive(Debug, Clone, Copy)]
pub(super) struct RateCard {
    currency: Option<Currency>,
    today: Date,
}

impl RateCard {
    /// Of a response that arrived `today`, in India.
    pub(super) fn of(answer: &ShiprocketAnswer, region: Region, today: Date) -> Self {
        let currency = match answer.at("/currency").filter(|said| !said.is_null()) {
            Some(currency) => text(currency).and_then(|code| code.parse().ok()),
            None => usual_currency(region),
        };
        Self { currency, today }
    }

    /// What a courier's row says. Abroad, the form of `rate` is not documented.
    pub(super) fn quote(self, courier: &Value) -> Quote {
        let currency = self.currency;
        Quote {
            price: currency.and_then(|currency| price(courier.get("rate"), currency)),
            cod_charge: currency.and_then(|currency| charge(courier.get("cod_charges"), currency)),
            zone: courier
                .get("zone")
                .and_then(text)
                .and_then(|zone| zone.parse().ok()),
            delivery: self.delivery(courier),
        }
    }

    /// The day in `etd`, or the days from today in it or in `estimated_delivery_days`.
    fn delivery(self, courier: &Value) -> Option<DeliveryDates> {
        let etd = courier.get("etd");
        let day = etd.and_then(Value::as_str).and_then(instants::date);
        if let Some(day) = day {
            return DeliveryDates::expected(day, day, self.today);
        }
        let named = [etd, courier.get("estimated_delivery_days")];
        let days = named.into_iter().flatten().find_map(TransitDays::of)?;
        days.after(self.today, self.today)
    }
}

/// Shiprocket's domestic rates are in rupees; abroad only the response says the currency.
fn usual_currency(region: Region) -> Option<Currency> {
    match region {
        Region::Domestic => Some(Currency::INR),
        Region::International => None,
    }
}
