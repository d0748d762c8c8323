//! Courier recommendations.

use crate::aggregators::RecommendsCouriers;
use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::contract::courier;
use crate::contract::fields::read_value;
use crate::domain::account::Region;
use crate::domain::courier::Recommendation;
use crate::domain::text::Zone;

const CARRIERS: &str = include_str!("../fixtures/carriers.json");
const RATES: &str = include_str!("../fixtures/rates.json");

fn route() -> Value {
    json!({
        "pickupPincode": "411057", "dropPincode": "682 001", "paymentType": "COD", "shipmentType": "FORWARD",
        "orderAmount": 749.75, "shipmentDimension": {"length": 30.2, "breadth": 20, "height": 5, "weight": 640.4}
    })
}

async fn recommend(
    bench: &Workbench,
    route: &Value,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let addressed = read_value(route, courier::read).unwrap();
    Shipway.recommend(bench.call(), &addressed.route).await
}

fn told(recommendations: &[Recommendation]) -> Vec<String> {
    let line = |one: &Recommendation| format!("{} {} {}", one.priority, one.courier, one.name);
    recommendations.iter().map(line).collect()
}

/// The couriers in Shipway's own order.
const UNRANKED: [&str; 4] = [
    "1 11 Ecom Express",
    "2 7377 Bluedart Express (0.5kg)",
    "3 3411 Delhivery Surface",
    "4 12 India Post",
];

#[tokio::test]
async fn the_couriers_that_serve_the_drop_are_sorted_by_their_rates() {
    let bench = shipway().await;
    on(&bench, "GET", "/pincodeserviceable", ok(CARRIERS)).await;
    on(&bench, "GET", "/getshipwaycarrierrates", ok(RATES)).await;
    let couriers = recommend(&bench, &route()).await.unwrap();
    let expected = [
        "1 3411 Delhivery Surface",
        "2 7377 Bluedart Express (0.5kg)",
        "3 11 Ecom Express",
        "4 12 India Post",
    ];
    assert_eq!(told(&couriers), expected);
    let mut made = calls(&bench).await;
    made.sort();
    let rates = "fromPincode=411057&toPincode=682001&paymentType=cod&weight=0.6404&length=31&breadth=20&height=5&shipment_type=1&cummulativePrice=750";
    let expected = [
        format!("GET /getshipwaycarrierrates?{rates}"),
        "GET /pincodeserviceable?pincode=682001&payment_type=C".to_owned(),
    ];
    assert_eq!(made, expected);
    for received in bench.received().await {
        assert_eq!(received.headers["authorization"], BASIC);
    }
}

/// Price and zone of each courier.
fn quoted(recommendations: &[Recommendation]) -> Vec<String> {
    let line = |one: &Recommendation| {
        let price = one.quote.price;
        let price =
            price.map(|price| format!("{} {}", price.amount.value(), price.currency.as_str()));
        let zone = one.quote.zone.as_ref().map(Zone::as_str);
        let (price, zone) = (price.as_deref().unwrap_or("-"), zone.unwrap_or("-"));
        format!("{} {price} {zone}", one.courier)
    };
    recommendations.iter().map(line).collect()
}

#[tokio::test]
async fn a_rate_is_a_price_in_rupees_and_a_zone() {
    let odd = |rate: Value| {
        let mut rates: Value = serde_json::from_str(RATES).unwrap();
        rates["rate_card"][0]["delivery_charge"] = rate;
        rates["rate_card"][0]["zone"] = json!("NA\u{0}");
        ok(&rates.to_string())
    };
    for (rates, expected) in [
        (ok(RATES), ["3411 61 INR 2", "7377 82.5 INR 2"]),
        (odd(json!(0)), ["7377 - -", "3411 61 INR 2"]),
        (odd(json!("99.123456")), ["3411 61 INR 2", "7377 - -"]),
        (odd(json!(null)), ["3411 61 INR 2", "11 - -"]),
    ] {
        let bench = shipway().await;
        on(&bench, "GET", "/pincodeserviceable", ok(CARRIERS)).await;
        on(&bench, "GET", "/getshipwaycarrierrates", rates).await;
        let couriers = recommend(&bench, &route()).await.unwrap();
        assert_eq!(quoted(&couriers)[..2], expected);
        assert!(couriers.iter().all(|one| one.quote.delivery.is_none()));
    }
}

#[tokio::test]
async fn without_dimensions_rates_are_not_requested() {
    let bench = shipway().await;
    on(&bench, "GET", "/pincodeserviceable", ok(CARRIERS)).await;
    let mut route = route();
    route["shipmentDimension"] = Value::Null;
    route["paymentType"] = json!("PREPAID");
    let couriers = recommend(&bench, &route).await.unwrap();
    assert_eq!(told(&couriers), UNRANKED);
    let asked = "GET /pincodeserviceable?pincode=682001&payment_type=P";
    assert_eq!(calls(&bench).await, [asked]);
}

#[tokio::test]
async fn without_rates_the_couriers_keep_shipways_order() {
    for rates in [
        answer(500, ""),
        answer(400, r#"{"message": "no"}"#),
        ok("{}"),
        ok(r#"{"success": "error", "rate_card": "none"}"#),
        ok(r#"{"rate_card": [{"carrier_id": 11}, {"delivery_charge": 3}, 7]}"#),
        late(RATES),
    ] {
        let mut bench = shipway().await;
        bench.deadline = Duration::from_secs(1);
        on(&bench, "GET", "/pincodeserviceable", ok(CARRIERS)).await;
        on(&bench, "GET", "/getshipwaycarrierrates", rates).await;
        let couriers = recommend(&bench, &route()).await.unwrap();
        assert_eq!(told(&couriers), UNRANKED);
    }
}

#[tokio::test]
async fn a_drop_may_have_no_courier() {
    for body in [
        r#"{"success": 0, "error": "", "message": []}"#,
        r#"{"success": 1, "message": []}"#,
        r#"{"success": 1, "message": "No carrier available"}"#,
        r#"{"success": 0, "message": "Pincode not serviceable"}"#,
    ] {
        let bench = shipway().await;
        on(&bench, "GET", "/pincodeserviceable", ok(body)).await;
        on(&bench, "GET", "/getshipwaycarrierrates", ok(RATES)).await;
        assert!(recommend(&bench, &route()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn refusals_faults_and_nonsense_are_distinguished() {
    let bench = shipway().await;
    let template = answer(400, r#"{"message": "bad pincode"}"#);
    on(&bench, "GET", "/pincodeserviceable", template).await;
    let failure = recommend(&bench, &route()).await.unwrap_err();
    assert_eq!(refused(failure).message.as_deref(), Some("bad pincode"));
    for body in [
        "",
        "[]",
        "{}",
        r#"{"message": 7}"#,
        r#"{"message": [{"name": "x"}, {"carrier_id": "x"}]}"#,
    ] {
        let bench = shipway().await;
        on(&bench, "GET", "/pincodeserviceable", ok(body)).await;
        let failure = recommend(&bench, &route()).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::Unreadable),
            "{body}: {failure:?}"
        );
    }
    let mut bench = shipway().await;
    bench.deadline = IMPATIENCE;
    on(&bench, "GET", "/pincodeserviceable", late(CARRIERS)).await;
    let failure = recommend(&bench, &route()).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
}

#[tokio::test]
async fn unsupported_routes_are_refused_before_anything_is_sent() {
    let mut bench = shipway().await;
    let mut wrong = route();
    wrong["shipmentType"] = json!("RETURN");
    wrong["currencyCode"] = json!("USD");
    wrong["dropCountryCode"] = json!("ae");
    wrong["pickupPincode"] = json!("1");
    wrong["dropPincode"] = json!("Dubai");
    let failure = recommend(&bench, &wrong).await.unwrap_err();
    let expected = [
        "/shipmentType",
        "/currencyCode",
        "/dropCountryCode",
        "/pickupPincode",
        "/dropPincode",
    ];
    assert_eq!(pointers(failure), expected);
    bench.account.region = Region::International;
    let failure = recommend(&bench, &route()).await.unwrap_err();
    assert_eq!(pointers(failure), ["/logisticAccountAlias"]);
    assert!(calls(&bench).await.is_empty());
}
