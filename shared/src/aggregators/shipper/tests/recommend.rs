//! Recommended rates with their prices and days.

use crate::aggregators::RecommendsCouriers;
use crate::aggregators::shipper::tests::*;
use crate::contract::courier;
use crate::contract::fields::read_value;
use crate::domain::account::Region;
use crate::domain::courier::Recommendation;

const PRICED: &str = include_str!("../fixtures/priced.json");
const PRICE: &str = "POST /v3/pricing/domestic";

fn route() -> Value {
    json!({
        "pickupPincode": "10330", "pickupAreaId": 30101, "pickupLatitude": -6.1926, "pickupLongitude": 106.8386,
        "dropPincode": "40115", "dropAreaId": 31501, "paymentType": "COD", "shipmentType": "FORWARD",
        "orderAmount": 210_000, "currencyCode": "IDR",
        "shipmentDimension": { "length": 30.5, "breadth": 20, "height": 10, "weight": 1250 },
    })
}

fn route_with(changes: &[(&str, Value)]) -> Value {
    let mut route = route();
    for (name, value) in changes {
        route[*name] = value.clone();
    }
    route
}

async fn recommended(
    bench: &Workbench,
    route: &Value,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let route = read_value(route, courier::read).unwrap().route;
    Shipper.recommend(bench.call(), &route).await
}

/// Rank, id, name, price and days of each rate.
fn told(rates: &[Recommendation]) -> Vec<String> {
    let line = |rate: &Recommendation| {
        let quote = &rate.quote;
        let price = quote
            .price
            .map(|price| format!("{} {}", price.amount.value(), price.currency.as_str()));
        let days = quote
            .delivery
            .map(|days| format!("{} {}", days.earliest(), days.latest()));
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        format!(
            "{} {} {} | {} | {}",
            rate.priority,
            rate.courier,
            rate.name,
            or_none(price),
            or_none(days)
        )
    };
    rates.iter().map(line).collect()
}

/// What is read if a value of the first row is another one.
async fn first_with(pointer: &str, value: Value) -> String {
    let mut body = json_of(PRICED);
    *body
        .pointer_mut(&format!("/data/pricings/0{pointer}"))
        .unwrap() = value;
    let bench = shipper().await;
    on(&bench, PRICE, 200, &body.to_string()).await;
    told(&recommended(&bench, &route()).await.unwrap()).remove(0)
}

#[tokio::test]
async fn rates_have_a_price_in_rupiahs_and_days_from_today_in_the_account_s_zone() {
    let bench = shipper().await;
    on(&bench, PRICE, 200, PRICED).await;
    let rates = recommended(&bench, &route()).await.unwrap();
    let expected = [
        "1 58 JNE REG | 9000 IDR | 2026-11-23 2026-11-24",
        "2 365 SiCepat Regular | 11500 IDR | 2026-11-22 2026-11-23",
    ];
    assert_eq!(told(&rates), expected);
    let sent = &bench.received().await[0];
    assert_eq!(sent.headers["x-api-key"], "k3y");
    assert_eq!(
        bench.body(0).await,
        json!({
            "origin": { "area_id": 30101, "lat": "-6.1926", "lng": "106.8386" },
            "destination": { "area_id": 31501 },
            "for_order": true, "cod": true,
            "height": 10, "length": 30.5, "width": 20, "weight": 1.25,
            "item_value": 210_000, "sort_by": ["final_price"],
        })
    );
}

#[tokio::test]
async fn odd_values_are_left_out_alone() {
    for (pointer, value, expected) in [
        (
            "/final_price",
            json!("9000"),
            "1 58 JNE REG | 9000 IDR | 2026-11-23 2026-11-24",
        ),
        (
            "/final_price",
            json!(0),
            "1 58 JNE REG | - | 2026-11-23 2026-11-24",
        ),
        (
            "/final_price",
            json!(3e38),
            "1 58 JNE REG | - | 2026-11-23 2026-11-24",
        ),
        (
            "/final_price",
            json!(null),
            "1 58 JNE REG | - | 2026-11-23 2026-11-24",
        ),
        (
            "/currency",
            json!(null),
            "1 58 JNE REG | 9000 IDR | 2026-11-23 2026-11-24",
        ),
        (
            "/currency",
            json!("USD"),
            "1 58 JNE REG | 9000 USD | 2026-11-23 2026-11-24",
        ),
        (
            "/currency",
            json!("Rp"),
            "1 58 JNE REG | - | 2026-11-23 2026-11-24",
        ),
        ("/min_day", json!(null), "1 58 JNE REG | 9000 IDR | -"),
        ("/min_day", json!(4), "1 58 JNE REG | 9000 IDR | -"),
        ("/max_day", json!("three"), "1 58 JNE REG | 9000 IDR | -"),
        (
            "/rate/name",
            json!(null),
            "1 58 JNE | 9000 IDR | 2026-11-23 2026-11-24",
        ),
        (
            "/logistic",
            json!(null),
            "1 58 REG | 9000 IDR | 2026-11-23 2026-11-24",
        ),
        (
            "/rate/id",
            json!("58"),
            "1 58 JNE REG | 9000 IDR | 2026-11-23 2026-11-24",
        ),
        (
            "/rate/id",
            json!(null),
            "1 365 SiCepat Regular | 11500 IDR | 2026-11-22 2026-11-23",
        ),
    ] {
        assert_eq!(
            first_with(pointer, value.clone()).await,
            expected,
            "{pointer} {value}"
        );
    }
}

#[tokio::test]
async fn the_day_begins_in_the_account_s_zone() {
    let bench = shipper().await.set("timeZone", "Asia/Jayapura");
    on(&bench, PRICE, 200, PRICED).await;
    let mut call = bench.call();
    call.partner.now = "2026-11-21T15:30:00Z".parse().unwrap();
    let route = read_value(&route(), courier::read).unwrap().route;
    let rates = Shipper.recommend(call, &route).await.unwrap();
    assert!(told(&rates)[0].ends_with("2026-11-24 2026-11-25"));
}

#[tokio::test]
async fn a_route_without_rates_has_no_couriers() {
    let bench = shipper().await;
    let none = json!({ "metadata": {}, "data": { "pricings": [], "pricing_errors": [{ "code": 31006 }] } });
    on(&bench, PRICE, 200, &none.to_string()).await;
    assert!(recommended(&bench, &route()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_shipper_cannot_price_is_refused_before_anything_is_sent() {
    let bench = shipper().await;
    let wrong = route_with(&[
        ("shipmentType", json!("RETURN")),
        ("currencyCode", json!("INR")),
        ("pickupAreaId", json!(null)),
        ("pickupLatitude", json!(null)),
        ("dropAreaId", json!(null)),
        ("orderAmount", json!(0.5)),
        ("shipmentDimension", json!(null)),
    ]);
    let failure = recommended(&bench, &wrong).await.unwrap_err();
    let expected = [
        "/shipmentType",
        "/currencyCode",
        "/pickupLatitude",
        "/dropAreaId",
        "/orderAmount",
        "/shipmentDimension",
    ];
    assert_eq!(pointers(failure), expected);
    let mut abroad = bench;
    abroad.account.region = Region::International;
    let failure = recommended(&abroad, &route()).await.unwrap_err();
    assert_eq!(pointers(failure), ["/logisticAccountAlias"]);
    assert!(abroad.received().await.is_empty());
}

#[tokio::test]
async fn a_route_without_a_parcel_has_that_of_the_account() {
    let parcelless = route_with(&[("shipmentDimension", json!(null))]);
    let bench = shipper()
        .await
        .set("defaultLength", "20")
        .set("defaultBreadth", "15.5");
    let bench = bench.set("defaultHeight", "4");
    let failure = recommended(&bench, &parcelless).await.unwrap_err();
    assert_eq!(pointers(failure), ["/shipmentDimension"]);
    let bench = bench.set("defaultWeight", "499");
    on(&bench, PRICE, 200, PRICED).await;
    recommended(&bench, &parcelless).await.unwrap();
    let sent = bench.body(0).await;
    let sides = ["length", "width", "height", "weight"].map(|name| sent[name].clone());
    assert_eq!(json!(sides), json!([20, 15.5, 4, 0.499]));
    let bench = bench.set("defaultWeight", "heavy");
    let failure = recommended(&bench, &parcelless).await.unwrap_err();
    assert!(matches!(
        failure,
        PartnerFailure::NotConfigured("defaultWeight")
    ));
}

#[tokio::test]
async fn coordinates_are_enough() {
    let bench = shipper().await;
    on(&bench, PRICE, 200, PRICED).await;
    let by_coordinates = route_with(&[("pickupAreaId", json!(null))]);
    recommended(&bench, &by_coordinates).await.unwrap();
    let origin = json!({ "lat": "-6.1926", "lng": "106.8386" });
    assert_eq!(bench.body(0).await["origin"], origin);
}

#[tokio::test]
async fn refusals_faults_and_nonsense_are_distinguished() {
    let failed = async |status, body: &str| {
        let bench = shipper().await;
        on(&bench, PRICE, status, body).await;
        recommended(&bench, &route()).await.unwrap_err()
    };
    let PartnerFailure::Refused(refusal) = failed(400, REFUSED).await else {
        panic!("a refusal is the caller's");
    };
    assert!(refusal.message.is_some());
    assert!(matches!(
        failed(401, "{}").await,
        PartnerFailure::BadCredentials
    ));
    assert!(matches!(failed(500, "").await, PartnerFailure::Unreachable));
    for nonsense in [
        "",
        "{}",
        r#"{"data": {}}"#,
        r#"{"data": {"pricings": {}}}"#,
        r#"{"data": {"pricings": [{}, 7]}}"#,
    ] {
        let failure = failed(200, nonsense).await;
        assert!(matches!(failure, PartnerFailure::Unreadable), "{nonsense}");
    }
}
