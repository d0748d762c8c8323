//! Courier recommendations, and the courier that is used when the client names none.

use serde_json::{Value, json};

use crate::buying::samples::{self, with, without};
use crate::buying::world::{COURIERS, LABELS, World};

/// A pincode that no courier serves.
const UNSERVED: &str = "999999";

fn bought_courier(world: &World) -> Value {
    let calls = world.calls();
    let bought = calls
        .iter()
        .rfind(|call| call.path.ends_with("/generate-shipping-label"));
    bought.unwrap().body["courierId"].clone()
}

#[tokio::test]
async fn couriers_are_recommended_best_first() {
    let world = World::start().await;
    let answer = world.post(COURIERS, &samples::route()).await;
    assert_eq!(
        answer.ok(),
        json!({ "couriers": [
            { "courierId": 1001, "courierName": "Delhivery", "priority": 1 },
            { "courierId": 1002, "courierName": "Fedex", "priority": 2 },
            { "courierId": 1003, "courierName": "Bluedart", "priority": 3 },
        ] })
    );
    let asked = &world.calls()[0].body;
    assert_eq!(asked["dropPincode"], "110019");
    assert_eq!(asked["orderAmount"], 1200);
    assert!(asked.get("logisticAccountAlias").is_none());
}

#[tokio::test]
async fn an_unserved_pincode_has_no_recommendation() {
    let world = World::start().await;
    let route = with(samples::route(), "/dropPincode", json!(UNSERVED));
    let answer = world.post(COURIERS, &route).await;
    assert_eq!(answer.ok(), json!({ "couriers": [] }));
}

#[tokio::test]
async fn a_label_without_a_courier_is_bought_from_the_best_one() {
    let world = World::start().await;
    let request = without(samples::label("A-1"), "courierId");
    let label = world.post(LABELS, &request).await.ok();
    assert_eq!(label["carrierName"], "Delhivery");
    let paths: Vec<_> = world.calls().into_iter().map(|call| call.path).collect();
    assert_eq!(
        paths,
        ["/magic/get-couriers", "/magic/generate-shipping-label"]
    );
    assert_eq!(bought_courier(&world), 1001);
    let asked = &world.calls()[0].body;
    assert_eq!(
        [&asked["pickupPincode"], &asked["dropPincode"]],
        ["560102", "395007"]
    );
}

#[tokio::test]
async fn a_named_courier_is_bought_without_asking() {
    let world = World::start().await;
    let request = with(samples::label("A-1"), "/courierId", json!("1003"));
    let label = world.post(LABELS, &request).await.ok();
    assert_eq!(label["carrierName"], "Bluedart");
    assert_eq!(bought_courier(&world), 1003);
    assert_eq!(world.calls().len(), 1);
}

#[tokio::test]
async fn without_any_courier_nothing_is_bought_and_the_order_number_stays_free() {
    let world = World::start().await;
    let request = without(samples::label("A-1"), "courierId");
    let unserved = with(request, "/dropAddress/zip", json!(UNSERVED));
    let answer = world.post(LABELS, &unserved).await;
    assert_eq!(answer.invalid_pointers(), ["/courierId"]);
    assert_eq!(world.purchases("A-1"), 0);
    let answer = world.read_label("A-1").await;
    answer.problem(404, "not-found");
    world.label("A-1").await.ok();
}

#[tokio::test]
async fn a_failed_recommendation_is_an_error_and_buys_nothing() {
    let world = World::start().await;
    for (fault, status, slug) in [
        (
            json!({ "kind": "status", "status": 500 }),
            503,
            "aggregator-unavailable",
        ),
        (json!({ "kind": "reset" }), 503, "aggregator-unavailable"),
        (
            json!({ "kind": "status", "status": 429 }),
            503,
            "aggregator-unavailable",
        ),
        (json!({ "kind": "garbage" }), 502, "aggregator-unreadable"),
        (
            json!({ "kind": "status", "status": 401 }),
            502,
            "aggregator-credentials",
        ),
        (json!({ "kind": "refuse" }), 422, "refused-by-aggregator"),
    ] {
        world.fault("getCouriers", fault.clone()).await;
        let answer = world.post(COURIERS, &samples::route()).await;
        answer.problem(status, slug);
        assert!(status != 503 || answer.retry_after() > 0);

        world.fault("getCouriers", fault).await;
        let request = without(samples::label("A-1"), "courierId");
        let answer = world.post(LABELS, &request).await;
        answer.problem(status, slug);
        assert_eq!(world.purchases("A-1"), 0);
    }
    let other = with(samples::label("A-1"), "/warehouseCode", json!("wh-2"));
    world.post(LABELS, &other).await.ok();
}
