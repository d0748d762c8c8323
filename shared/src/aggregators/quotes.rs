//! Reads what aggregators say about prices and expected delivery: numbers may be texts, and any value may be missing. What
//! cannot be read is left out.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use crate::contract::event_details::whole;
use crate::contract::values::measured;
use crate::domain::money::{Amount, Currency};
use crate::domain::quote::{DeliveryDates, Price};

/// More days are no statement about a parcel.
const MOST_DAYS: i32 = 365;

/// A charge in this currency, which may be 0.
pub fn charge(value: Option<&Value>, currency: Currency) -> Option<Price> {
    let value = value?;
    let trimmed = value.as_str().map(|text| Value::from(text.trim()));
    let amount: Amount = measured(trimmed.as_ref().unwrap_or(value)).ok()?;
    Some(Price { amount, currency })
}

/// A price in this currency. No courier works for nothing: 0 is one of the ways to say that the price is unknown.
pub fn price(value: Option<&Value>, currency: Currency) -> Option<Price> {
    charge(value, currency).filter(|price| !price.amount.value().is_zero())
}

/// The days that a shipment takes, from the fewest to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransitDays {
    fewest: i32,
    most: i32,
}

impl TransitDays {
    /// From two numbers.
    pub fn between(fewest: &Value, most: &Value) -> Option<Self> {
        let (fewest, most) = (days(fewest)?, days(most)?);
        (fewest <= most).then_some(Self { fewest, most })
    }

    /// From one value: a number (`4`, `"4"`) or a text with two (`3-4`), also with the unit (`8 - 12 days`).
    pub fn of(value: &Value) -> Option<Self> {
        let Some(text) = value.as_str() else {
            return Self::between(value, value);
        };
        let text = without_unit(text);
        let (fewest, most) = text.split_once('-').unwrap_or((text, text));
        Self::between(&fewest.into(), &most.into())
    }

    /// The dates of a shipment that begins on this day, as expected `today`.
    pub fn after(self, begins: Date, today: Date) -> Option<DeliveryDates> {
        let day = |days: i32| begins.checked_add(days.days()).ok();
        DeliveryDates::expected(day(self.fewest)?, day(self.most)?, today)
    }
}

fn without_unit(text: &str) -> &str {
    let text = text.trim();
    let units = ["days", "Days", "day", "Day"];
    let unit = units.iter().find_map(|unit| text.strip_suffix(unit));
    unit.unwrap_or(text)
}

fn days(value: &Value) -> Option<i32> {
    let days = whole(value)?.to_i32()?;
    (0..=MOST_DAYS).contains(&days).then_some(days)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn told(price: Option<Price>) -> Option<String> {
        price.map(|price| format!("{} {}", price.amount.value(), price.currency.as_str()))
    }

    #[test]
    fn a_price_is_an_exact_number_or_absent() {
        for value in [
            json!(45.5),
            json!("45.50"),
            json!(" 45.5 "),
            json!("4.55e1"),
        ] {
            let read = told(price(Some(&value), Currency::INR));
            assert_eq!(read.as_deref(), Some("45.5 INR"), "{value}");
        }
        for value in [
            json!(null),
            json!(""),
            json!("NA"),
            json!("1,250"),
            json!("Rs. 45"),
            json!(-45.5),
            json!(3e38),
            json!("45.123456"),
            json!(true),
            json!([45.5]),
            json!({ "rate": 45.5 }),
        ] {
            assert_eq!(charge(Some(&value), Currency::INR), None, "{value}");
        }
        assert_eq!(charge(None, Currency::INR), None);
    }

    #[test]
    fn a_charge_may_be_nothing_but_a_price_may_not() {
        for value in [json!(0), json!("0"), json!("0.00")] {
            let read = told(charge(Some(&value), Currency::INR));
            assert_eq!(read.as_deref(), Some("0 INR"), "{value}");
            assert_eq!(price(Some(&value), Currency::INR), None, "{value}");
        }
    }

    #[test]
    fn days_are_a_number_or_a_range() {
        let read = |value: &Value| TransitDays::of(value).map(|days| (days.fewest, days.most));
        for value in [
            json!(4),
            json!("4"),
            json!(4.0),
            json!("4 days"),
            json!("4 - 4"),
        ] {
            assert_eq!(read(&value), Some((4, 4)), "{value}");
        }
        for value in [json!("3-4"), json!("3 - 4 Days"), json!("3-4 days")] {
            assert_eq!(read(&value), Some((3, 4)), "{value}");
        }
        for value in [
            json!(null),
            json!(""),
            json!("soon"),
            json!("4-3"),
            json!("-3"),
            json!(-3),
            json!(3.5),
            json!("3-4-5"),
            json!(366),
            json!(1e300),
            json!([3, 4]),
            json!(true),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn days_after_a_day_are_dates() {
        let today = date(2026, 11, 28);
        let days = TransitDays::of(&json!("3-4")).unwrap();
        let dates = days.after(date(2026, 11, 28), today).unwrap();
        assert_eq!(dates.earliest().to_string(), "2026-12-01");
        assert_eq!(dates.latest().to_string(), "2026-12-02");
        assert_eq!(days.after(date(2021, 6, 22), today), None);
        assert_eq!(days.after(Date::MAX, today), None);
    }
}
