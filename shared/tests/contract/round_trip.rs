//! Requests to an aggregator contain exactly what the client requested.

use jiff::Timestamp;
use jiff::tz::Offset;
use logistics::contract::fields::read_body;
use logistics::contract::shipment::{self, body::ShipmentBody};
use logistics::domain::address::Address;
use logistics::domain::customs::{Customs, IgstStatus, Incoterm};
use logistics::domain::measure::{Grams, Parcel};
use logistics::domain::money::{Amount, Currency};
use logistics::domain::order::{
    Invoice, LineItem, OrderDate, PaymentType, Purpose, QualityCheck, ShipmentRequest,
};
use logistics::domain::personal::Personal;
use logistics::domain::place::{Latitude, Longitude, Place};
use logistics::domain::text::{CountryCode, Rule, Text, has_invisible};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn text() -> impl Strategy<Value = String> {
    "[\\PC\\n\\t]{1,40}".prop_filter("not blank", |text| !text.trim().is_empty())
}

/// Sent by clients with no invisible characters.
fn identifier() -> impl Strategy<Value = String> {
    text().prop_filter("visible", |text| !has_invisible(text))
}

fn personal() -> impl Strategy<Value = Personal> {
    text().prop_map(Personal::from)
}

fn code<R: Rule + std::fmt::Debug>() -> impl Strategy<Value = Text<R>> {
    "\\PC{1,100}".prop_filter_map("not a code", |code| code.parse().ok())
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
    let place = (text(), text(), postal_code(), text());
    let contact = (
        option::of(personal()),
        option::of(personal()),
        option::of(country()),
        option::of("[1-9][0-9]{0,2}".prop_map(|code| code.parse().unwrap())),
        option::of(text()),
    );
    let parts = (names, lines, place, contact, exact_place());
    parts.prop_map(|(names, lines, place, contact, exact)| Address {
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
        country_code: contact.2,
        calling_code: contact.3,
        district: contact.4,
        place: exact,
    })
}

fn exact_place() -> impl Strategy<Value = Place> {
    let degrees = |most: i64| (-most..=most).prop_map(|number| Decimal::new(number, 4));
    let area = (1..=9_007_199_254_740_991_u64).prop_map(|area| area.to_string().parse().unwrap());
    let latitude = degrees(900_000).prop_map(|degrees| Latitude::try_from(degrees).unwrap());
    let longitude = degrees(1_800_000).prop_map(|degrees| Longitude::try_from(degrees).unwrap());
    let parts = (
        option::of(area),
        option::of(latitude),
        option::of(longitude),
    );
    parts.prop_map(|(area, latitude, longitude)| Place {
        area,
        latitude,
        longitude,
    })
}

/// One that is valid in India too.
fn postal_code() -> impl Strategy<Value = String> {
    "[1-9][0-9]{5}"
}

fn country() -> impl Strategy<Value = CountryCode> {
    "[A-Z]{2}".prop_map(|code| code.parse().unwrap())
}

fn line() -> impl Strategy<Value = LineItem> {
    let quantity = 1_u32..=1_000_000;
    let customs = (
        option::of(weight()),
        option::of("[0-9]{4,12}".prop_map(|code| code.parse().unwrap())),
        option::of(country()),
        option::of(quality_check()),
    );
    (
        option::of(identifier()),
        identifier(),
        text(),
        amount(),
        quantity,
        customs,
    )
        .prop_map(
            |(item_id, sku, name, price_per_unit, quantity, customs)| LineItem {
                item_id,
                sku,
                name,
                price_per_unit,
                quantity,
                weight: customs.0,
                hs_code: customs.1,
                made_in: customs.2,
                quality_check: customs.3,
            },
        )
}

fn quality_check() -> impl Strategy<Value = QualityCheck> {
    let words = (option::of(text()), option::of(text()), option::of(text()));
    let numbers = (
        option::of(identifier()),
        option::of(identifier()),
        option::of(identifier()),
    );
    let url = "https://[a-z]{1,8}\\.example/[a-z0-9]{0,8}".prop_map(|url| url.parse().unwrap());
    let images = proptest::collection::vec(url, 0..3);
    (words, numbers, images, option::of(text())).prop_map(
        |(words, numbers, image_urls, instructions)| QualityCheck {
            brand: words.0,
            color: words.1,
            size: words.2,
            serial_number: numbers.0,
            ean: numbers.1,
            imei: numbers.2,
            image_urls,
            instructions,
        },
    )
}

fn invoice() -> impl Strategy<Value = Invoice> {
    let date = (1900_i16..2100, 1_i8..=12, 1_i8..=28);
    let date = date.prop_map(|(year, month, day)| jiff::civil::date(year, month, day));
    (identifier(), option::of(date)).prop_map(|(number, date)| Invoice { number, date })
}

fn customs() -> impl Strategy<Value = Customs> {
    let codes = (
        option::of(0_u8..=3),
        option::of(select(vec![Incoterm::Fob, Incoterm::Cif])),
        option::of(text()),
        option::of(select(vec![IgstStatus::A, IgstStatus::B, IgstStatus::C])),
    );
    let ids = (
        option::of(personal()),
        option::of(personal()),
        option::of(personal()),
        option::of(text()),
        option::of(country()),
    );
    (codes, ids, option::of(amount()), option::of(amount())).prop_map(
        |(codes, ids, shipping_charges, import_charges)| Customs {
            reason_of_export: codes.0,
            incoterm: codes.1,
            purpose: codes.2,
            igst_status: codes.3,
            shipper_tax_id: ids.0,
            exporter_tax_id: ids.1,
            consignee_tax_id: ids.2,
            consignee_tax_type: ids.3,
            consignee_tax_country: ids.4,
            shipping_charges,
            import_charges,
        },
    )
}

fn weight() -> impl Strategy<Value = Grams> {
    decimal(10_000_000).prop_filter_map("not a weight", |value| value.try_into().ok())
}

fn parcel() -> impl Strategy<Value = Parcel> {
    let length = || decimal(10_000).prop_filter_map("not a length", |value| value.try_into().ok());
    (length(), length(), length(), weight()).prop_map(|(length, breadth, height, weight)| Parcel {
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
        (
            option::of(invoice()),
            option::of(customs()),
            option::of("[0-9A-Z]{15}"),
        ),
    )
        .prop_map(
            |(purpose, pickup, drop, ids, money, order_date, lines, parcel, papers)| {
                ShipmentRequest {
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
                    invoice: papers.0,
                    customs: papers.1,
                    seller_gstin: papers.2,
                }
            },
        )
}

proptest! {
    #[test]
    fn a_written_request_is_read_as_the_same_request(asked in request()) {
        let sent = serde_json::to_vec(&ShipmentBody::from(&asked)).unwrap();
        let wanted = asked.purpose.shipment_type();
        let read = read_body(&sent, |fields| shipment::read(fields, wanted)).unwrap();
        prop_assert_eq!(read.request, asked);
        prop_assert_eq!(read.alias, None);
    }

    #[test]
    fn every_amount_survives_a_json_number(asked in amount()) {
        let number = logistics::contract::number::json_number(asked.value());
        let read = logistics::contract::values::decimal(&serde_json::Value::Number(number)).unwrap();
        prop_assert_eq!(Amount::try_from(read).unwrap(), asked);
    }
}
