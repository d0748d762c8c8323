//! Courier recommendations for a route.

use proptest::prelude::*;

use crate::aggregators::clickpost::recommend::recommendations;
use crate::aggregators::clickpost::tests::wire::{any_json, mutated, reply};
use crate::aggregators::clickpost::tests::*;
use crate::aggregators::clickpost::wire::answer::ClickpostAnswer;
use crate::contract::courier;
use crate::contract::fields::read_value;

const ANSWER: &str = include_str!("../fixtures/recommendation-answer.json");
const ANSWER_ABROAD: &str = include_str!("../fixtures/recommendation-abroad-answer.json");

fn route() -> Value {
    json!({"pickupPincode": "682 024", "dropPincode": "411001", "paymentType": "COD", "shipmentType": "FORWARD",
           "orderAmount": 1499.5})
}

fn rich_route() -> Value {
    let mut route = route();
    route["shipmentDimension"] =
        json!({"length": 30.1, "breadth": 20, "height": 10, "weight": 900});
    route["items"] = json!([
        {"name": "Lamp", "sku": "LMP-1", "sellingPricePerUnit": 999.5, "quantity": 1, "hsCode": "94052000"},
        {"name": "Shade", "sku": "SHD-2", "sellingPricePerUnit": 250, "quantity": 2}
    ]);
    route
}

fn route_abroad() -> Value {
    let mut route = rich_route();
    route["dropPincode"] = json!("Al Olaya");
    route["pickupAddress"] = json!({"firstName": "Meera", "addressLine1": "3 Beach Road", "city": "Kochi",
        "state": "Kerala", "zip": "682024", "country": "India", "countryCode": "IN", "phone": "9847000001"});
    route["dropAddress"] = json!({"firstName": "Sara", "addressLine1": "King Fahd Road", "city": "Riyadh",
        "zip": "Al Olaya", "country": "Saudi Arabia", "countryCode": "SA", "phone": "501234567", "phoneCode": "966"});
    route["currencyCode"] = json!("SAR");
    route
}

async fn recommended(
    bench: &Workbench,
    route: &Value,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let route = read_value(route, courier::read).unwrap().route;
    let recommends = Clickpost.recommends_couriers(&bench.account).unwrap();
    recommends.recommend(bench.call(), &route).await
}

/// Id, name and priority of each courier.
fn told(recommendations: &[Recommendation]) -> Vec<String> {
    let told = recommendations
        .iter()
        .map(|found| format!("{} {} {}", found.courier, found.name, found.priority));
    told.collect()
}

#[tokio::test]
async fn domestic_couriers_are_requested_and_read() {
    let bench = workbench().await.answers(answer(200, &body(ANSWER))).await;
    let found = recommended(&bench, &rich_route()).await.unwrap();
    assert_eq!(told(&found), ["4 Delhivery 2", "6 Xpressbees 1.5"]);
    assert_eq!(
        bench.asked().await,
        ["POST /v1/recommendation_api/?username=brand&key=k+1%262"]
    );
    insta::assert_json_snapshot!(bench.body(0).await);
}

#[tokio::test]
async fn settings_replace_missing_data_of_a_route() {
    let bench = workbench()
        .await
        .set("defaultItem", "decor")
        .set("defaultLength", "25")
        .set("defaultWeight", "499.5")
        .answers(answer(200, &body(ANSWER)))
        .await;
    recommended(&bench, &route()).await.unwrap();
    insta::assert_json_snapshot!(bench.body(0).await);
}

#[tokio::test]
async fn a_route_without_contents_has_the_default_contents() {
    let bench = workbench().await.answers(answer(200, &body(ANSWER))).await;
    let mut route = route();
    route["shipmentType"] = json!("RETURN");
    recommended(&bench, &route).await.unwrap();
    assert_eq!(
        bench.body(0).await,
        json!([{"reference_number": "1", "item": "goods", "pickup_pincode": "682024", "drop_pincode": "411001",
                "order_type": "PREPAID", "delivery_type": "RVP", "invoice_value": 1499.5}])
    );
}

#[tokio::test]
async fn an_invalid_default_dimension_is_not_configured() {
    for wrong in ["heavy", "0", "-3"] {
        let bench = workbench().await.set("defaultWeight", wrong);
        let failure = recommended(&bench, &route()).await.unwrap_err();
        assert!(matches!(
            failure,
            PartnerFailure::NotConfigured("defaultWeight")
        ));
    }
}

#[tokio::test]
async fn international_couriers_are_requested_and_read() {
    let bench = workbench_abroad().await;
    let bench = bench.answers(answer(200, &body(ANSWER_ABROAD))).await;
    let found = recommended(&bench, &route_abroad()).await.unwrap();
    assert_eq!(told(&found), ["296 Naqel Express MPS [INT] 1"]);
    assert_eq!(
        bench.asked().await,
        ["POST /v2/recommendation/?username=brand&key=k+1%262"]
    );
    insta::assert_json_snapshot!(bench.body(0).await);
}

#[tokio::test]
async fn all_missing_data_of_a_route_is_reported_at_once() {
    let mut within = route();
    within["pickupPincode"] = json!("Al Quoz");
    within["dropPincode"] = json!("12345");
    within["currencyCode"] = json!("AED");
    let failure = recommended(&workbench().await, &within).await.unwrap_err();
    assert_eq!(
        pointers(&failure),
        ["/pickupPincode", "/dropPincode", "/currencyCode"]
    );
    let abroad = workbench_abroad().await;
    let failure = recommended(&abroad, &route()).await.unwrap_err();
    assert_eq!(pointers(&failure), ["/pickupAddress", "/dropAddress"]);
    assert!(abroad.received().await.is_empty());
}

#[tokio::test]
async fn a_route_without_couriers_has_no_recommendations() {
    for none in [
        json!({"meta": {"success": true, "message": "Pin code not serviceable", "status": 200}}),
        json!({"meta": {"status": 200}, "result": null}),
        json!({"meta": {"status": 200}, "result": [{"pincode_serviceable": false}]}),
        json!({"meta": {"status": 200}, "result": [{"preference_array": []}]}),
    ] {
        let bench = workbench().await.answers(answer(200, &none)).await;
        assert!(recommended(&bench, &route()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_unreadable_response_is_not_an_empty_list() {
    let listed = |preferences: Value| json!({"meta": {"status": 200}, "result": [{"preference_array": preferences}]});
    for garbage in [
        json!({}),
        listed(json!("none")),
        listed(json!([{"priority": 1}])),
        listed(json!([{"cp_id": 4, "cp_name": "A"}])),
        json!({"meta": {"status": 200}, "result": "none"}),
    ] {
        let bench = workbench().await.answers(answer(200, &garbage)).await;
        let failure = recommended(&bench, &route()).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::Unreadable), "{garbage}");
    }
}

#[tokio::test]
async fn failures_are_distinguished() {
    let failed = async |template| {
        let bench = workbench().await.answers(template).await;
        recommended(&bench, &route()).await.unwrap_err()
    };
    let failure = failed(answer(200, &meta(301, "Invalid Token"))).await;
    assert!(matches!(failure, PartnerFailure::BadCredentials));
    let failure = failed(answer(200, &meta(312, "Item missing"))).await;
    assert!(matches!(failure, PartnerFailure::Refused(_)));
    let failure = failed(ResponseTemplate::new(500)).await;
    assert!(matches!(failure, PartnerFailure::Unreachable));
    let failure = failed(answer(400, &json!({}))).await;
    assert!(matches!(failure, PartnerFailure::Unreadable));
}

proptest! {
    #[test]
    fn no_mutation_of_a_recommendation_panics(
        abroad: bool, index: usize, with in proptest::option::of(any_json()),
    ) {
        let valid = body(if abroad { ANSWER_ABROAD } else { ANSWER });
        let reply = reply(mutated(valid, index, with).to_string().as_bytes());
        let found = ClickpostAnswer::of(&reply).and_then(|answer| recommendations(&answer));
        for courier in found.unwrap_or_default() {
            prop_assert!(!courier.name.is_empty());
        }
    }
}
