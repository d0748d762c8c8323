//! What we send to an aggregator says exactly what the client asked for.

use jiff::Timestamp;
use jiff::tz::Offset;
use logistics::contract::fields::read_body;
use logistics::contract::shipment::{self, ShipmentBody};
use logistics::domain::address::Address;
use logistics::domain::measure::Parcel;
use logistics::domain::money::{Amount, Currency};
use logistics::domain::order::{LineItem, OrderDate, PaymentType, Purpose, ShipmentRequest};
use logistics::domain::personal::Personal;
use logistics::domain::text::{Rule, Text};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn text() -> impl Strategy<Value = String> {
    "[\\PC\\n\\t]{1,40}".prop_filter("not blank", |text| !text.trim().is_empty())
}

fn personal() -> impl Strategy<Value = Personal> {
    text().prop_map(Personal::from)
}

fn code<R: Rule + std::fmt::Debug>() -> impl Strategy<Value = Text<R>> {
    "\\PC{1,100}".prop_filter_map("no code", |code| code.parse().ok())
}

/// A number up to the largest one, with up to four decimals.
fn decimal(largest: i64) -> impl Strategy<Value = Decimal> {
    (0..=largest * 10_000, 0_u32..=4)
        .prop_map(|(digits, scale)| Decimal::new(digits, 4).trunc_with_scale(scale))
}

fn amount() -> impl Strategy<Value = Amount> {
    decimal(100_000_000_000).prop_map(|value| value.try_into().unwrap())
}

fn date() -> impl Strategy<Value = OrderDate> {
    let in_year_zero = -62_135_596_800_i64 + 86_400;
    let instant = (in_year_zero..253_402_000_000, 0_i32..1_000_000_000);
    (instant, -18_i32 * 60..=18 * 60).prop_map(|((second, nanosecond), minutes)| OrderDate {
        instant: Timestamp::new(second, nanosecond).unwrap(),
        offset: Offset::from_seconds(minutes * 60).unwrap(),
    })
}

fn address() -> impl Strategy<Value = Address> {
    let names = (personal(), option::of(personal()), option::of(personal()));
    let lines = (personal(), option::of(personal()), option::of(personal()));
    let place = (text(), text(), text(), text());
    let contact = (option::of(personal()), option::of(personal()));
    (names, lines, place, contact).prop_map(|(names, lines, place, contact)| Address {
        first_name: names.0,
        middle_name: names.1,
        last_name: names.2,
        line1: lines.0,
        line2: lines.1,
        line3: lines.2,
        city: place.0,
        state: place.1,
        zip: place.2,
        country: place.3,
        email: contact.0,
        phone: contact.1,
    })
}

fn line() -> impl Strategy<Value = LineItem> {
    let quantity = 1_u32..=1_000_000;
    (option::of(text()), text(), text(), amount(), quantity).prop_map(
        |(item_id, sku, name, price_per_unit, quantity)| LineItem {
            item_id,
            sku,
            name,
            price_per_unit,
            quantity,
        },
    )
}

fn parcel() -> impl Strategy<Value = Parcel> {
    let length = || decimal(10_000).prop_filter_map("no length", |value| value.try_into().ok());
    let weight = decimal(10_000_000).prop_filter_map("no weight", |value| value.try_into().ok());
    (length(), length(), length(), weight).prop_map(|(length, breadth, height, weight)| Parcel {
        length,
        breadth,
        height,
        weight,
    })
}

fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![
        Just(Purpose::Forward),
        text().prop_map(|reason| Purpose::Return { reason })
    ]
}

fn currency() -> impl Strategy<Value = Currency> {
    "[A-Z]{3}".prop_map(|code| code.parse().unwrap())
}

fn request() -> impl Strategy<Value = ShipmentRequest> {
    let courier = option::of((0..=i64::MAX).prop_map(|id| id.to_string().parse().unwrap()));
    let ids = (code(), option::of(code()), courier, option::of(code()));
    let payment = select(vec![PaymentType::Prepaid, PaymentType::Cod]);
    let money = (payment, amount(), currency());
    let lines = proptest::collection::vec(line(), 1..4);
    (
        purpose(),
        address(),
        address(),
        ids,
        money,
        date(),
        lines,
        parcel(),
    )
        .prop_map(
            |(purpose, pickup, drop, ids, money, order_date, lines, parcel)| ShipmentRequest {
                purpose,
                pickup,
                drop,
                order_number: ids.0,
                shipment_code: ids.1,
                payment: money.0,
                amount: money.1,
                currency: money.2,
                order_date,
                lines,
                parcel,
                courier: ids.2,
                warehouse: ids.3,
            },
        )
}

proptest! {
    #[test]
    fn a_request_that_is_sent_reads_as_the_one_that_was_asked_for(asked in request()) {
        let sent = serde_json::to_vec(&ShipmentBody::from(&asked)).unwrap();
        let wanted = asked.purpose.shipment_type();
        let read = read_body(&sent, |fields| shipment::read(fields, wanted)).unwrap();
        prop_assert_eq!(read.request, asked);
        prop_assert_eq!(read.alias, None);
    }

    #[test]
    fn every_amount_survives_a_json_number(asked in amount()) {
        let number = logistics::contract::number::json_number(asked.value());
        let read = logistics::contract::fields::decimal(&serde_json::Value::Number(number)).unwrap();
        prop_assert_eq!(Amount::try_from(read).unwrap(), asked);
    }
}
