//! Prices and expected delivery of recommended couriers.

use crate::aggregators::shiprocket::tests::*;
use crate::contract::courier;
use crate::contract::fields::read_value;
use crate::domain::quote::{Price, Quote};
use crate::domain::text::Zone;

const SERVES: &str = "/courier/serviceability/";
const SERVES_ABROAD: &str = "/international/courier/serviceability";

/// A row as the vendor's documentation has it.
fn row() -> Value {
    json!({
        "courier_company_id": 142, "courier_name": "Amazon Surface", "rate": "45.5", "freight_charge": "45.5", "cod": 1,
        "cod_charges": 27.5, "etd": "Nov 25, 2026", "etd_hours": 96, "estimated_delivery_days": "4", "zone": "z_d", "blocked": 0
    })
}

fn route(changes: &[(&str, Value)]) -> Route {
    let body = json!({"pickupPincode": "560058", "dropPincode": "682001", "paymentType": "COD", "shipmentType": "FORWARD",
        "orderAmount": 499.50, "shipmentDimension": {"length": 10, "breadth": 11.5, "height": 12, "weight": 750}});
    read_value(&with(&body.to_string(), changes), courier::read)
        .unwrap()
        .route
}

fn serving(row: &Value, currency: &Value) -> String {
    let data = json!({ "available_courier_companies": [row] });
    json!({ "status": 200, "currency": currency, "data": data }).to_string()
}

/// The quote that a row has, with a currency of the response.
async fn quoted(row: &Value, currency: Value) -> Quote {
    let bench = bench().await;
    on(&bench, "GET", SERVES, 200, serving(row, &currency)).await;
    first(&bench, &route(&[])).await
}

async fn first(bench: &Workbench, route: &Route) -> Quote {
    let recommends = Shiprocket.recommends_couriers(&bench.account).unwrap();
    let couriers = recommends.recommend(bench.call(), route).await.unwrap();
    couriers.into_iter().next().unwrap().quote
}

/// The quote of a row with another value.
async fn quoted_with(name: &str, value: Value) -> Quote {
    let mut row = row();
    row[name] = value;
    quoted(&row, json!("INR")).await
}

fn money(price: Option<Price>) -> Option<String> {
    price.map(|price| format!("{} {}", price.amount.value(), price.currency.as_str()))
}

fn days(quote: &Quote) -> Option<String> {
    let days = quote.delivery?;
    Some(format!("{} {}", days.earliest(), days.latest()))
}

#[tokio::test]
async fn a_row_says_price_cod_charge_zone_and_date() {
    let quote = quoted(&row(), json!("INR")).await;
    assert_eq!(money(quote.price).as_deref(), Some("45.5 INR"));
    assert_eq!(money(quote.cod_charge).as_deref(), Some("27.5 INR"));
    assert_eq!(quote.zone.as_ref().unwrap().as_str(), "z_d");
    assert_eq!(days(&quote).as_deref(), Some("2026-11-25 2026-11-25"));
}

#[tokio::test]
async fn a_row_that_says_nothing_is_still_a_courier() {
    let bare = json!({"courier_company_id": 142, "courier_name": "Amazon Surface"});
    assert_eq!(quoted(&bare, json!("INR")).await, Quote::default());
}

#[tokio::test]
async fn an_unreadable_amount_is_left_out_alone() {
    for odd in [
        json!(null),
        json!(""),
        json!("NA"),
        json!("1,250"),
        json!(-1),
        json!(3e38),
        json!({"rate": 45.5}),
        json!(true),
    ] {
        let quote = quoted_with("rate", odd.clone()).await;
        assert_eq!(quote.price, None, "{odd}");
        assert_eq!(money(quote.cod_charge).as_deref(), Some("27.5 INR"));
        let quote = quoted_with("cod_charges", odd.clone()).await;
        assert_eq!(quote.cod_charge, None, "{odd}");
        assert_eq!(money(quote.price).as_deref(), Some("45.5 INR"));
    }
}

#[tokio::test]
async fn nothing_is_a_cod_charge_but_no_price() {
    for nothing in [json!(0), json!("0")] {
        assert_eq!(quoted_with("rate", nothing.clone()).await.price, None);
        let quote = quoted_with("cod_charges", nothing).await;
        assert_eq!(money(quote.cod_charge).as_deref(), Some("0 INR"));
    }
}

#[tokio::test]
async fn the_response_says_the_currency() {
    let quote = quoted(&row(), json!("USD")).await;
    assert_eq!(money(quote.price).as_deref(), Some("45.5 USD"));
    let quote = quoted(&row(), Value::Null).await;
    assert_eq!(money(quote.price).as_deref(), Some("45.5 INR"));
    for odd in [json!("rupees"), json!(91), json!("")] {
        let quote = quoted(&row(), odd.clone()).await;
        assert_eq!((quote.price, quote.cod_charge), (None, None), "{odd}");
    }
}

#[tokio::test]
async fn abroad_only_a_said_currency_makes_a_price() {
    for (currency, expected) in [(Value::Null, None), (json!("INR"), Some("45.5 INR"))] {
        let mut bench = bench().await;
        bench.account.region = Region::International;
        let mut row = row();
        row["etd"] = Value::Null;
        row["estimated_delivery_days"] = json!("8 - 12");
        let rows = serving(&row, &currency);
        on(&bench, "GET", SERVES_ABROAD, 200, rows).await;
        let prepaid = [
            ("/paymentType", json!("PREPAID")),
            ("/dropCountryCode", json!("AE")),
        ];
        let quote = first(&bench, &route(&prepaid)).await;
        assert_eq!(money(quote.price).as_deref(), expected);
        assert_eq!(days(&quote).as_deref(), Some("2026-11-29 2026-12-03"));
    }
}

#[tokio::test]
async fn a_date_may_be_written_in_many_ways() {
    for (etd, expected) in [
        (json!("Nov 30, 2026"), Some("2026-11-30 2026-11-30")),
        (json!("2026-11-30"), Some("2026-11-30 2026-11-30")),
        (json!("2026-11-30 18:00:00"), Some("2026-11-30 2026-11-30")),
        (json!("3-4 days"), Some("2026-11-24 2026-11-25")),
        (json!("Nov 20, 2026"), None),
        (json!(null), Some("2026-11-25 2026-11-25")),
        (json!(""), Some("2026-11-25 2026-11-25")),
        (json!("03/05/2027"), Some("2026-11-25 2026-11-25")),
        (json!("soon"), Some("2026-11-25 2026-11-25")),
        (json!({"from": 3}), Some("2026-11-25 2026-11-25")),
    ] {
        let quote = quoted_with("etd", etd.clone()).await;
        assert_eq!(days(&quote).as_deref(), expected, "{etd}");
    }
}

#[tokio::test]
async fn without_a_date_the_days_count_from_today_in_india() {
    for (told, expected) in [
        (json!("4"), Some("2026-11-25 2026-11-25")),
        (json!(4), Some("2026-11-25 2026-11-25")),
        (json!("3-5"), Some("2026-11-24 2026-11-26")),
        (json!(null), None),
        (json!(""), None),
        (json!("many"), None),
        (json!(-1), None),
        (json!(9999), None),
    ] {
        let mut row = row();
        row["etd"] = Value::Null;
        row["estimated_delivery_days"] = told.clone();
        let quote = quoted(&row, json!("INR")).await;
        assert_eq!(days(&quote).as_deref(), expected, "{told}");
    }
}

#[tokio::test]
async fn a_zone_is_a_short_text_or_a_number() {
    for (zone, expected) in [
        (json!("B"), Some("B")),
        (json!(2), Some("2")),
        (json!("NA"), None),
        (json!(""), None),
        (json!(null), None),
        (json!(["z_a"]), None),
        (json!("x".repeat(101)), None),
        (json!("z\u{0}d"), None),
    ] {
        let quote = quoted_with("zone", zone.clone()).await;
        let read = quote.zone.as_ref().map(Zone::as_str);
        assert_eq!(read, expected, "{zone}");
    }
}
