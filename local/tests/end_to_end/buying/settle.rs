//! Orders whose outcome is unknown, settled by an operator or by a push.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::buying::samples::{self, with, without};
use crate::buying::world::{LABELS, RETURNS, SETTLE, World, with_query};

/// A world with the order `A-1`, whose outcome is unknown.
async fn uncertain(fault: Value) -> World {
    let world = World::start().await;
    world.fault("generateShippingLabel", fault).await;
    let answer = world.label("A-1").await;
    answer.problem(504, "outcome-unknown");
    world
}

async fn without_effect() -> World {
    uncertain(json!({ "kind": "status", "status": 500 })).await
}

/// Pushes a notification of `A-1` with this AWB, as the aggregator would.
async fn push(world: &World, awb: &str) -> Value {
    let magic = &world.stack.demo().unwrap().accounts["magic"];
    let mut request = world.client.post(&magic.push_url).json(&json!({
        "forwardOrderCode": "A-1",
        "forwardAwb": awb,
        "carrierName": "Fedex",
        "notificationType": "IN_TRANSIT",
        "shipmentType": "FORWARD",
        "logisticAggregatorName": "MAGIC",
        "warehouseCode": "wh-1",
        "returnOrderInfo": null,
        "items": [{ "sku": "sku-1", "quantity": 1 }],
    }));
    for (name, value) in &magic.headers {
        request = request.header(name, value);
    }
    Answer::to(request).await.ok()
}

#[tokio::test]
async fn an_operator_says_what_was_booked() {
    let world = without_effect().await;
    let settlement = samples::settlement("A-1");
    let settled = world.post(SETTLE, &settlement).await.ok();
    assert_eq!(settled, settlement);
    let repeat = world.label("A-1").await;
    assert_eq!(repeat.ok(), settlement);
    assert!(repeat.is_replayed());
    assert_eq!(world.read_label("A-1").await.ok(), settlement);
    let by_id = world.get(LABELS, &[("orderId", "77001")]).await;
    assert_eq!(by_id.ok(), settlement);
    assert_eq!(world.purchases("A-1"), 1);

    let again = world.post(SETTLE, &settlement).await;
    assert_eq!(
        again.ok(),
        settlement,
        "the same settlement changes nothing"
    );
}

#[tokio::test]
async fn an_operator_says_that_nothing_was_booked() {
    let world = without_effect().await;
    let settlement = json!({ "orderNumber": "A-1", "none": true });
    let settled = world.post(SETTLE, &settlement).await.ok();
    assert_eq!(
        settled,
        json!({ "orderNumber": "A-1", "status": "RELEASED" })
    );
    let other = with(
        samples::label("A-1"),
        "/orderDetails/orderAmount",
        json!(99),
    );
    let bought = world.post(LABELS, &other).await;
    assert!(!bought.is_replayed());
    assert_eq!(Some(bought.ok()), world.at_aggregator("A-1").await);
    assert_eq!(world.purchases("A-1"), 2);
}

#[tokio::test]
async fn a_return_is_settled_by_its_type() {
    let world = World::start().await;
    world
        .fault(
            "generateReturnAwb",
            json!({ "kind": "status", "status": 500 }),
        )
        .await;
    let request = samples::return_awb("A-1");
    let answer = world.post(RETURNS, &request).await;
    answer.problem(504, "outcome-unknown");
    let forward = samples::settlement("A-1");
    let answer = world.post(SETTLE, &forward).await;
    answer.problem(404, "not-found");
    let settlement = json!({
        "orderNumber": "A-1", "shipmentType": "RETURN", "returnAwb": "555", "orderId": "12",
    });
    let settled = world.post(SETTLE, &settlement).await.ok();
    assert_eq!(settled["returnAwb"], "555");
    let repeat = world.post(RETURNS, &request).await;
    assert!(repeat.is_replayed());
    assert_eq!(repeat.ok(), settled);
}

#[tokio::test]
async fn only_what_is_uncertain_is_settled() {
    let world = World::start().await;
    for settlement in [
        samples::settlement("A-1"),
        json!({ "orderNumber": "A-1", "none": true }),
    ] {
        let answer = world.post(SETTLE, &settlement).await;
        answer.problem(404, "not-found");
    }
    let label = world.label("A-1").await.ok();
    for (settlement, pointer) in [
        (samples::settlement("A-1"), "/awb"),
        (json!({ "orderNumber": "A-1", "none": true }), "/awb"),
    ] {
        let answer = world.post(SETTLE, &settlement).await;
        assert_eq!(answer.invalid_pointers(), [pointer]);
    }
    world
        .fault("generateShippingLabel", json!({ "kind": "refuse" }))
        .await;
    world
        .label("A-2")
        .await
        .problem(422, "refused-by-aggregator");
    let answer = world.post(SETTLE, &samples::settlement("A-2")).await;
    assert_eq!(answer.invalid_pointers(), ["/orderNumber"]);
    assert_eq!(world.read_label("A-1").await.ok(), label);
}

#[tokio::test]
async fn a_settlement_must_say_one_thing() {
    let world = without_effect().await;
    for (settlement, pointers) in [
        (json!({}), &["/awb", "/orderNumber"][..]),
        (json!({ "orderNumber": "A-1" }), &["/awb"]),
        (json!({ "orderNumber": "A-1", "none": false }), &["/awb"]),
        (
            json!({ "orderNumber": "A-1", "awb": "1", "none": true }),
            &["/none"],
        ),
        (json!({ "orderNumber": "A-1", "none": "yes" }), &["/none"]),
        (
            with(
                samples::settlement("A-1"),
                "/shippingLabelUrl",
                json!("javascript:1"),
            ),
            &["/shippingLabelUrl"],
        ),
        (
            with(
                samples::settlement("A-1"),
                "/shippingLabelUrl",
                json!("https://rms:s3cret@labels.example/1"),
            ),
            &["/shippingLabelUrl"],
        ),
        (
            json!({ "orderNumber": "A-1", "awb": "1", "takeOver": "yes" }),
            &["/takeOver"],
        ),
    ] {
        let answer = world.post(SETTLE, &settlement).await;
        assert_eq!(answer.invalid_pointers(), pointers);
    }
    world
        .fault("getShippingLabel", json!({ "kind": "status" }))
        .await;
    let answer = world.label("A-1").await;
    answer.problem(504, "outcome-unknown");
}

#[tokio::test]
async fn a_settlement_without_a_document_is_not_completed_from_elsewhere() {
    let world = without_effect().await;
    let short = json!({ "orderNumber": "A-1", "awb": "71902671" });
    world.post(SETTLE, &short).await.ok();
    let expected = json!({
        "orderId": null, "orderNumber": "A-1", "awb": "71902671", "carrierName": null,
        "shippingLabelUrl": null,
    });
    assert_eq!(world.label("A-1").await.ok(), expected);
    assert_eq!(world.read_label("A-1").await.ok(), expected);
}

#[tokio::test]
async fn a_push_settles_the_order_and_the_aggregator_completes_it() {
    let world = uncertain(json!({ "kind": "garbage" })).await;
    let made = world.at_aggregator("A-1").await.unwrap();
    let awb = made["awb"].as_str().unwrap();
    let pushed = push(&world, awb).await;
    assert_eq!(pushed["notifications"][0]["status"], "ACCEPTED");

    let repeat = world.label("A-1").await;
    assert!(repeat.is_replayed());
    assert_eq!(repeat.ok()["awb"], awb);
    assert_eq!(repeat.ok()["carrierName"], "Fedex", "as it was pushed");
    assert_eq!(world.read_label("A-1").await.ok(), made);
    let by_id = [("orderId", made["orderId"].as_str().unwrap())];
    assert_eq!(world.get(LABELS, &by_id).await.ok(), made);
    assert_eq!(world.label("A-1").await.ok(), made);
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn a_push_settles_an_order_that_the_aggregator_does_not_show() {
    let world = without_effect().await;
    push(&world, "71902671").await;
    let repeat = world.label("A-1").await;
    assert!(repeat.is_replayed());
    assert_eq!(repeat.ok()["awb"], "71902671");
    let read = world.read_label("A-1").await.ok();
    assert_eq!(read["awb"], "71902671");
    assert_eq!(read["orderId"], json!(null));
    assert_eq!(world.purchases("A-1"), 1);
    let none = json!({ "orderNumber": "A-1", "none": true });
    let answer = world.post(SETTLE, &none).await;
    assert_eq!(answer.invalid_pointers(), ["/awb"]);
}

#[tokio::test]
async fn a_push_of_an_order_not_bought_here_does_not_block_its_purchase() {
    let world = World::start().await;
    push(&world, "71902671").await;
    let answer = world.read_label("A-1").await;
    answer.problem(404, "not-found");
    let answer = world
        .post(SETTLE, &without(samples::settlement("A-1"), "orderId"))
        .await;
    answer.problem(404, "not-found");
    let bought = world.label("A-1").await;
    assert!(!bought.is_replayed());
    assert_eq!(Some(bought.ok()), world.at_aggregator("A-1").await);
}

/// A label's URL in a settlement must not make us call our own network.
#[tokio::test]
async fn a_document_is_not_fetched_from_a_private_address() {
    let world = without_effect().await;
    let inside = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/label.pdf", inside.local_addr().unwrap());
    let settlement = with(samples::settlement("A-1"), "/shippingLabelUrl", json!(url));
    world.post(SETTLE, &settlement).await.ok();
    let path = with_query(LABELS, &[("orderNumber", "A-1")]);
    let request = world.as_demo(Method::GET, &path);
    let answer = Answer::to(request.header("accept", "application/pdf")).await;
    answer.problem(502, "label-document-unreachable");
    let called = futures::FutureExt::now_or_never(inside.accept());
    assert!(called.is_none(), "{called:?}");
}

#[tokio::test]
async fn the_awb_of_another_order_is_settled_only_if_the_operator_says_so() {
    let world = World::start().await;
    let owner = world.label("A-2").await.ok();
    world
        .fault(
            "generateShippingLabel",
            json!({ "kind": "status", "status": 500 }),
        )
        .await;
    let answer = world.label("A-1").await;
    answer.problem(504, "outcome-unknown");
    for (field, id) in [("awb", &owner["awb"]), ("orderId", &owner["orderId"])] {
        let settlement = with(samples::settlement("A-1"), &format!("/{field}"), id.clone());
        let answer = world.post(SETTLE, &settlement).await;
        assert_eq!(answer.invalid_pointers(), [format!("/{field}")]);
        let detail = answer.json()["errors"][0]["detail"].to_string();
        assert!(detail.contains("order A-2"), "{detail}");
    }
    assert_eq!(world.read_label("A-2").await.ok(), owner);

    let mut settlement = with(samples::settlement("A-1"), "/awb", owner["awb"].clone());
    settlement["takeOver"] = json!(true);
    let settled = world.post(SETTLE, &settlement).await.ok();
    assert_eq!(settled["awb"], owner["awb"]);
    let pushed = push(&world, owner["awb"].as_str().unwrap()).await;
    assert_eq!(pushed["notifications"][0]["status"], "ACCEPTED");
    let path = "/shipments/A-1";
    let shipment = Answer::to(world.as_demo(Method::GET, path)).await.ok();
    assert_eq!(shipment["state"], "IN_TRANSIT");
}
