//! Labels: bought, repeated, read back as JSON and as the document.

use reqwest::Method;
use serde_json::json;

use crate::answer::Answer;
use crate::buying::samples::{self, with, without};
use crate::buying::world::{LABELS, World, with_query};

/// Characters with a meaning in a URL, in JSON or in a key of the store.
const ODD_ORDER_NUMBERS: [&str; 9] = [
    "a,b",
    "a/b",
    "a#b",
    "50%41",
    "a b",
    "ä-चाय",
    "a&b=c",
    "a+b",
    "\"a\\b\"'{}<>|;?",
];

#[tokio::test]
async fn the_documented_request_gets_the_documented_answer() {
    let world = World::start().await;
    let label = world.label("asdf1234").await.ok();
    let awb = label["awb"].as_str().unwrap();
    let url = format!("{}/magic/labels/{awb}.pdf", world.stack.simulator_url());
    assert_eq!(
        label,
        json!({
            "orderId": "11012",
            "orderNumber": "asdf1234",
            "awb": awb,
            "carrierName": "Delhivery",
            "shippingLabelUrl": url,
        })
    );
    assert_eq!(world.purchases("asdf1234"), 1);
}

#[tokio::test]
async fn a_repeat_is_the_same_answer_again() {
    let world = World::start().await;
    let first = world.label("A-1").await;
    assert!(!first.is_replayed());
    let repeat = world.label("A-1").await;
    assert_eq!(repeat.ok(), first.ok());
    assert!(repeat.is_replayed());

    let other_courier = with(samples::label("A-1"), "/courierId", json!(1003));
    let repeat = world.post(LABELS, &other_courier).await;
    assert_eq!(repeat.ok(), first.ok());
    assert!(repeat.is_replayed());

    let mut said_otherwise = samples::label("A-1");
    said_otherwise["orderDetails"]["orderAmount"] = json!("230.00");
    said_otherwise["pickupAddress"]["middleName"] = json!(null);
    said_otherwise["unknownField"] = json!([1, 2]);
    let said_otherwise = without(said_otherwise, "courierId");
    let repeat = world.post(LABELS, &said_otherwise).await;
    assert!(repeat.is_replayed());
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn other_content_under_the_same_number_is_refused() {
    let world = World::start().await;
    let first = world.label("A-1").await.ok();
    for (pointer, value) in [
        ("/orderDetails/orderAmount", json!(231)),
        ("/dropAddress/firstName", json!("Noor")),
        ("/orderDetails/orderLineItems/1/quantity", json!(2)),
        ("/shipmentDimension/weight", json!(201)),
        ("/warehouseCode", json!("wh-2")),
    ] {
        let other = with(samples::label("A-1"), pointer, value);
        let answer = world.post(LABELS, &other).await;
        answer.problem(422, "order-number-reused");
    }
    assert_eq!(world.purchases("A-1"), 1);
    assert_eq!(world.label("A-1").await.ok(), first);
}

#[tokio::test]
async fn a_shipment_code_makes_another_shipment_of_the_order() {
    let world = World::start().await;
    let whole = world.label("A-1").await.ok();
    let mut parcel = samples::label("A-1");
    parcel["shipmentCode"] = json!("parcel/2");
    let second = world.post(LABELS, &parcel).await.ok();
    assert_ne!(second["awb"], whole["awb"]);
    assert!(world.post(LABELS, &parcel).await.is_replayed());
    assert_eq!(world.purchases("A-1"), 2);

    assert_eq!(world.read_label("A-1").await.ok(), whole);
    let query = [("orderNumber", "A-1"), ("shipmentCode", "parcel/2")];
    assert_eq!(world.get(LABELS, &query).await.ok(), second);
}

#[tokio::test]
async fn an_account_that_is_not_named_is_the_clients_only_one() {
    let world = World::start().await;
    let request = without(samples::label("A-1"), "logisticAccountAlias");
    let ambiguous = world.post(LABELS, &request).await;
    ambiguous.problem(422, "unknown-account-alias");
    world.keep_only_account("magic").await;
    let label = world.post(LABELS, &request).await.ok();
    assert_eq!(
        world.label("A-1").await.ok(),
        label,
        "it is the same request"
    );
    let unknown = with(
        samples::label("A-2"),
        "/logisticAccountAlias",
        json!("unknown"),
    );
    let problem = world.post(LABELS, &unknown).await;
    let problem = problem.problem(422, "unknown-account-alias");
    assert_eq!(problem["errors"][0]["pointer"], "/logisticAccountAlias");
}

#[tokio::test]
async fn a_label_is_read_back_by_either_id() {
    let world = World::start().await;
    let label = world.label("A-1").await.ok();
    assert_eq!(world.read_label("A-1").await.ok(), label);
    let order_id = label["orderId"].as_str().unwrap();
    let by_id = [("orderId", order_id)];
    assert_eq!(world.get(LABELS, &by_id).await.ok(), label);
    let with_alias = [("orderId", order_id), ("logisticAccountAlias", "magic")];
    assert_eq!(world.get(LABELS, &with_alias).await.ok(), label);
    let other_alias = [("orderId", order_id), ("logisticAccountAlias", "other")];
    let answer = world.get(LABELS, &other_alias).await;
    answer.problem(404, "not-found");
}

#[tokio::test]
async fn a_label_is_read_back_as_the_document_itself() {
    let world = World::start().await;
    let order_id = world.label("A-1").await.ok()["orderId"].clone();
    let order_id = order_id.as_str().unwrap();
    for query in [("orderNumber", "A-1"), ("orderId", order_id)] {
        let path = with_query(LABELS, &[query]);
        let request = world.as_demo(Method::GET, &path);
        let answer = Answer::to(request.header("accept", "application/pdf")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/pdf"));
        assert!(answer.header("x-request-id").is_some());
        assert!(answer.body.starts_with(b"%PDF-") && answer.body.ends_with(b"%%EOF\n"));
    }
}

#[tokio::test]
async fn an_unknown_label_is_not_found() {
    let world = World::start().await;
    world.label("A-1").await.ok();
    for query in [
        [("orderNumber", "A-2")],
        [("orderNumber", "a-1")],
        [("orderId", "99")],
    ] {
        let answer = world.get(LABELS, &query).await;
        answer.problem(404, "not-found");
        let request = world.as_demo(Method::GET, &with_query(LABELS, &query));
        let answer = Answer::to(request.header("accept", "application/pdf")).await;
        answer.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_query_must_have_exactly_one_valid_id() {
    let world = World::start().await;
    let long = "x".repeat(9_000);
    for query in [
        &[][..],
        &[("orderNumber", "A-1"), ("orderId", "11012")],
        &[("orderNumber", "")],
        &[("orderId", " ")],
        &[("orderNumber", "a\u{0}b")],
        &[("orderNumber", &long)],
        &[("orderNumber", "A-1"), ("shipmentCode", "\n")],
        &[("orderNumber", "A-1"), ("logisticAccountAlias", "a b")],
        &[("ordernumber", "A-1")],
    ] {
        let answer = world.get(LABELS, query).await;
        answer.problem(400, "invalid-parameter");
    }
    let not_utf8 = format!("{LABELS}?orderNumber=%ff%fe");
    let answer = Answer::to(world.as_demo(Method::GET, &not_utf8)).await;
    assert!((400..500).contains(&answer.status), "{answer:?}");
}

#[tokio::test]
async fn order_numbers_may_have_odd_characters() {
    let world = World::start().await;
    for order_number in ODD_ORDER_NUMBERS {
        let label = world.label(order_number).await.ok();
        assert_eq!(label["orderNumber"], order_number);
        assert!(world.label(order_number).await.is_replayed());
        assert_eq!(world.read_label(order_number).await.ok(), label);
        assert_eq!(world.purchases(order_number), 1);
    }
}
