//! Labels whose AWB comes with a push: Shipper's. They are queued until then, are never ordered twice, and can be cancelled.
//! Its pushes are also passed on as they came.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, World};
use crate::patience::PATIENCE;
use crate::vendors::{Push, vendor};

const ALIAS: &str = "shipper";
const ORDER: &str = "asdf1234";

async fn queued(world: &World) {
    let answer = world
        .asked_once(LABELS, &requests::label(ALIAS, ORDER))
        .await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let pending = json!({ "orderNumber": ORDER, "status": "PENDING" });
    assert_eq!(answer.json(), pending);
    assert_eq!(
        answer.header("location"),
        Some("/shipping-labels?orderNumber=asdf1234")
    );
}

async fn advanced(world: &World, to: &str) {
    let advance = world.advance(ALIAS, ORDER, to, None).await;
    assert_eq!(advance.status, 200, "{advance:?}");
}

/// A push about the order, without an AWB unless there is one.
fn push(code: &str, minute: u32, awb: Option<&str>) -> Value {
    let mut push = (vendor(ALIAS).push)(&Push {
        order: Some(ORDER),
        awb: awb.unwrap_or_default(),
        code,
        minute,
    });
    if awb.is_none() {
        push.as_object_mut().unwrap().remove("awb");
    }
    push
}

/// What the client's endpoints got of pushes as they came, by path; `count` of them in all.
async fn passed_on(world: &World, count: usize) -> BTreeMap<String, Vec<Value>> {
    let sink = world.stack.sink().unwrap();
    let is_one = |request: &local::sink::ReceivedRequest| {
        request.headers["rms-message-kind"] == "LOGISTICS_STATUS"
    };
    let received = sink.wait_for_those(is_one, count, PATIENCE).await.unwrap();
    assert_eq!(received.len(), count);
    let mut by_path: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for request in received {
        let body = serde_json::from_str(&request.body).unwrap();
        by_path.entry(request.path).or_default().push(body);
    }
    by_path
}

#[tokio::test]
async fn a_label_is_pending_until_the_push_with_its_awb() {
    let world = World::start().await;
    queued(&world).await;
    assert_eq!(world.get(LABELS, ORDER).await.status, 202);
    queued(&world).await;
    assert_eq!(world.created(ALIAS), 1);
    assert_eq!(world.asked(ALIAS, "/pickup/timeslot"), 1);

    advanced(&world, "AWB_GENERATED").await;
    let asked = world.calls(ALIAS).len();
    let shipment = world.shipment(ORDER, "FORWARD").await.ok();
    assert!(shipment["awb"].is_string(), "{shipment}");
    assert_eq!(world.calls(ALIAS).len(), asked);
    let label = world.get(LABELS, ORDER).await.ok();
    assert_eq!(label["awb"], shipment["awb"]);
    assert_eq!(label["carrierName"], "JNE");
    let repeat = world
        .asked_once(LABELS, &requests::label(ALIAS, ORDER))
        .await;
    assert_eq!((repeat.ok(), repeat.is_replayed()), (label.clone(), true));
    let by_id = format!("{LABELS}?orderId={}", label["orderId"].as_str().unwrap());
    assert_eq!(world.query(&by_id).await.ok(), label);
    assert!(world.document(ORDER).await.body.starts_with(b"%PDF"));
    assert_eq!(world.created(ALIAS), 1);
}

#[tokio::test]
async fn a_label_whose_push_was_lost_is_completed_by_reading_it() {
    let world = World::start().await;
    queued(&world).await;
    let account = world.stack.demo().unwrap().accounts[ALIAS].clone();
    let nowhere = simulators::PushTarget {
        url: format!("{}/notifications/unknown", world.stack.base_url()),
        headers: account.headers.into_iter().collect(),
    };
    let simulators = world.stack.simulators().unwrap();
    simulators.set_push_target(ALIAS, nowhere).unwrap();
    let advance = world.advance(ALIAS, ORDER, "AWB_GENERATED", None).await;
    assert_ne!(advance.status, 200, "{advance:?}");
    let label = world.get(LABELS, ORDER).await.ok();
    assert!(label["awb"].is_string(), "{label}");
}

#[tokio::test]
async fn no_second_order_is_created_wherever_a_booking_breaks_off() {
    for (call, kind, created) in [
        ("createOrder", "reset", 1),
        ("createOrder", "garbage", 1),
        ("createOrder", "status", 2),
        ("requestPickup", "reset", 1),
        ("requestPickup", "garbage", 1),
        ("requestPickup", "status", 1),
    ] {
        let world = World::start().await;
        world.fault(ALIAS, call, kind).await;
        let request = requests::label(ALIAS, ORDER);
        let doubtful = world.asked_once(LABELS, &request).await;
        doubtful.problem(504, "outcome-unknown");
        queued(&world).await;
        assert_eq!(world.created(ALIAS), created, "{call} {kind}");
        let pickups = world.asked(ALIAS, "/pickup/timeslot");
        let had_effect = call == "requestPickup" && kind != "status";
        let expected = if call == "createOrder" || had_effect {
            1
        } else {
            2
        };
        assert_eq!(pickups, expected, "{call} {kind}");
        advanced(&world, "DELIVERED").await;
        world.get(LABELS, ORDER).await.ok();
    }
}

#[tokio::test]
async fn a_refused_pickup_keeps_the_order_for_the_repeat() {
    let world = World::start().await;
    world.fault(ALIAS, "requestPickup", "refuse").await;
    let request = requests::label(ALIAS, ORDER);
    let refused = world.asked_once(LABELS, &request).await;
    refused.problem(422, "refused-by-aggregator");
    queued(&world).await;
    assert_eq!(world.created(ALIAS), 1);
}

#[tokio::test]
async fn a_pending_label_is_cancelled_and_its_number_is_free() {
    let world = World::start().await;
    queued(&world).await;
    let cancelled = world.delete(LABELS, ORDER).await.ok();
    assert_eq!(
        cancelled,
        json!({ "orderNumber": ORDER, "status": "CANCELLED" })
    );
    assert_eq!(world.asked(ALIAS, "DELETE"), 1);
    world.get(LABELS, ORDER).await.problem(404, "not-found");
    let label = world.label(ALIAS, ORDER).await.ok();
    assert!(label["awb"].is_string());
    let names = world.calls(ALIAS).into_iter();
    let names = names.filter_map(|call| Some(call.body["external_id"].as_str()?.to_owned()));
    assert_eq!(names.collect::<Vec<_>>(), [ORDER, "asdf1234-.2"]);
}

#[tokio::test]
async fn a_pending_label_whose_order_was_cancelled_there_is_free() {
    let world = World::start().await;
    queued(&world).await;
    let told = world.push(ALIAS, &push("999", 1, None)).await;
    World::accepted(&told);
    world.get(LABELS, ORDER).await.problem(404, "not-found");
    world.label(ALIAS, ORDER).await.ok();
    assert_eq!(world.created(ALIAS), 2);
}

#[tokio::test]
async fn what_does_not_fit_indonesia_is_refused_with_pointers() {
    let world = World::start().await;
    let mut request = requests::label(ALIAS, ORDER);
    request["currencyCode"] = Value::Null;
    request["dropAddress"]["areaId"] = Value::Null;
    request["dropAddress"]["latitude"] = json!(-6.9);
    request["orderDetails"]["orderAmount"] = json!(229.5);
    let refused = world.asked_once(LABELS, &request).await;
    let problem = refused.problem(422, "invalid-request");
    let errors = problem["errors"].as_array().unwrap().clone();
    let mut pointers: Vec<_> = errors.iter().map(|error| &error["pointer"]).collect();
    pointers.sort_by_key(ToString::to_string);
    assert_eq!(
        pointers,
        [
            "/currencyCode",
            "/dropAddress/areaId",
            "/dropAddress/longitude",
            "/orderDetails/orderAmount"
        ]
    );
    assert!(world.calls(ALIAS).is_empty());
    // Area and coordinates that contradict each other are for Shipper to judge.
    let mut request = requests::label(ALIAS, ORDER);
    request["dropAddress"]["latitude"] = json!(-7.259);
    request["dropAddress"]["longitude"] = json!(112.747);
    let refused = world.asked_once(LABELS, &request).await;
    let problem = refused.problem(422, "refused-by-aggregator");
    assert_eq!(problem["aggregator"]["code"], "10005");
    for (field, wrong) in [("areaId", json!(0)), ("latitude", json!(-91))] {
        let mut request = requests::label(ALIAS, ORDER);
        request["pickupAddress"][field] = wrong;
        let refused = world.asked_once(LABELS, &request).await;
        let problem = refused.problem(422, "invalid-request");
        let pointer = format!("/pickupAddress/{field}");
        assert_eq!(problem["errors"][0]["pointer"], pointer.as_str());
    }
}

#[tokio::test]
async fn every_push_is_passed_on_as_it_came_beside_its_notification() {
    let world = World::start().await;
    queued(&world).await;
    advanced(&world, "1330").await;
    let told = world.arrived(3).await;
    let types: Vec<_> = told.iter().map(|told| &told["notificationType"]).collect();
    assert_eq!(types, ["READY_TO_SHIP", "TRANSIT", "UNDELIVERED"]);
    let said = &told[2]["logisticAggregatorInfo"]["logisticAggregatorMetaData"];
    for (name, text) in (vendor(ALIAS).failed_delivery)().as_object().unwrap() {
        assert_eq!(&said[name], text, "{said}");
    }

    // The first one has a code without a notification type.
    let passed = passed_on(&world, 8).await;
    assert_eq!(
        passed.keys().collect::<Vec<_>>(),
        ["/webhooks/oms", "/webhooks/rms"]
    );
    for bodies in passed.values() {
        let codes: Vec<_> = bodies
            .iter()
            .map(|body| body["internal_status"]["code"].as_u64().unwrap())
            .collect();
        assert_eq!(codes, [1001, 1040, 1180, 1330]);
        for body in bodies {
            assert_eq!(body["auth"], Value::Null);
            assert_eq!(body["external_id"], ORDER);
            assert!(body["awb"].is_string() && body["order_tracking_id"].is_string());
        }
    }
    let listed = world
        .query(&format!("/messages?subject={ORDER}"))
        .await
        .ok();
    let kinds = listed["messages"].as_array().unwrap().iter();
    let kinds = kinds.filter(|message| message["kind"] == "LOGISTICS_STATUS");
    assert_eq!(kinds.count(), 4);
}

#[tokio::test]
async fn a_repeated_push_is_passed_on_once() {
    let world = World::start().await;
    for status in ["UNMAPPED", "DUPLICATE", "DUPLICATE"] {
        let answer = world.push(ALIAS, &push("1420", 1, Some("F1"))).await;
        assert_eq!(answer.ok()["notifications"][0]["status"], status);
    }
    let answer = world.push(ALIAS, &push("1420", 2, Some("F1"))).await;
    assert_eq!(answer.ok()["notifications"][0]["status"], "UNMAPPED");
    let passed = passed_on(&world, 4).await;
    let first = push("1420", 1, Some("F1"));
    assert_eq!(passed["/webhooks/oms"][0], first);
}

#[tokio::test]
async fn a_push_without_its_proof_is_neither_stored_nor_passed_on() {
    let world = World::start().await;
    for auth in [
        json!("0123456789abcdef0123456789abcdef"),
        json!(null),
        json!(7),
    ] {
        let mut push = push("2000", 1, Some("F1"));
        push["auth"] = auth;
        let answer = world.push(ALIAS, &push).await;
        answer.problem(401, "unauthenticated");
    }
    world
        .shipment(ORDER, "FORWARD")
        .await
        .problem(404, "not-found");
    assert!(world.stack.sink().unwrap().received().is_empty());
}
