//! Aggregators that give an order the AWB or the order id of another one: nothing is believed, both orders are named.

use futures::future::join;
use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::scans::{Scan, scan};
use crate::aggregators::world::{LABELS, ORDERS, RETURNS, World};
use crate::answer::Answer;
use crate::vendors::{Vendor, those};

/// A call, and where its answer has an id.
type Place = (&'static str, &'static str);

/// Where an aggregator says a label's AWB.
fn label_awb(alias: &str) -> Place {
    match alias {
        "clickpost" => ("createOrder", "/result/waybill"),
        "shiprocket" => ("assignAwb", "/response/data/awb_code"),
        "shipway" => ("createOrder", "/awb_response/AWB"),
        _ => ("generateShippingLabel", "/awb"),
    }
}

/// Where an aggregator says a return's AWB.
fn return_awb(alias: &str) -> Place {
    match alias {
        "clickpost" => ("createReturn", "/result/waybill"),
        "shiprocket" => ("assignAwb", "/response/data/awb_code"),
        "shipway" => ("createReturn", "/awb_response/AWB"),
        _ => ("generateReturnAwb", "/returnAwb"),
    }
}

/// Where an aggregator says its own id of an order. Shipway's is our name for the order.
const ORDER_IDS: [(&str, Place); 3] = [
    ("magic", ("generateShippingLabel", "/orderId")),
    ("clickpost", ("createOrder", "/order_id")),
    ("shiprocket", ("createOrder", "/order_id")),
];

impl World {
    /// Changes a value of an aggregator's next answers to a call.
    async fn lie(&self, alias: &str, (call, pointer): Place, value: &Value, times: usize) {
        let fault = json!({ "call": call, "kind": "changed", "changes": { pointer: value } });
        self.faults(alias, json!(vec![fault; times])).await;
    }
}

/// Asserts that the outcome is unknown because an id belongs to another order.
#[track_caller]
fn assert_taken(answer: &Answer, id: &str, orders: [&str; 2]) {
    let problem = answer.problem(504, "outcome-unknown");
    let detail = problem["detail"].as_str().unwrap();
    for word in orders.into_iter().chain([id]) {
        assert!(detail.contains(word), "{word}: {detail}");
    }
}

#[tokio::test]
async fn a_second_order_does_not_get_the_awb_of_another() {
    for &Vendor { alias, .. } in those(|vendor| !vendor.awb_is_pushed) {
        let world = World::start().await;
        let first = world.label(alias, "A-1").await.ok();
        let awb = first["awb"].as_str().unwrap();
        world.lie(alias, label_awb(alias), &first["awb"], 1).await;
        let second = world.label(alias, "A-2").await;
        assert_taken(&second, awb, ["order A-2", "order A-1"]);
        assert_eq!(world.get(LABELS, "A-1").await.ok(), first, "{alias}");
        assert_eq!(world.label(alias, "A-1").await.ok(), first);

        // A repeat asks the aggregator, which now says what A-2 really got.
        let truth = world.label(alias, "A-2").await.ok();
        assert_ne!(truth["awb"], first["awb"], "{alias}");
        assert_eq!(world.get(LABELS, "A-1").await.ok(), first, "{alias}");
    }
}

#[tokio::test]
async fn an_aggregator_that_keeps_saying_it_is_never_believed() {
    let world = World::start().await;
    let first = world.awb("clickpost", "A-1").await;
    let lie = json!(first);
    let place = label_awb("clickpost");
    world.lie("clickpost", place, &lie, 3).await;
    for _ in 0..3 {
        let second = world.label("clickpost", "A-2").await;
        assert_taken(&second, &first, ["order A-2", "order A-1"]);
    }
}

#[tokio::test]
async fn a_return_does_not_get_the_awb_of_another_order() {
    for &Vendor { alias, .. } in those(|vendor| !vendor.awb_is_pushed) {
        let world = World::start().await;
        let forward = world.awb(alias, "A-1").await;
        let returned = world.return_awb(alias, "R-1").await.ok();
        let returned = returned["returnAwb"].as_str().unwrap();
        for (awb, owner) in [
            (forward.as_str(), "order A-1"),
            (returned, "return order R-1"),
        ] {
            world.lie(alias, return_awb(alias), &json!(awb), 1).await;
            let second = world.return_awb(alias, &format!("R-2-{awb}")).await;
            assert_taken(&second, awb, ["return order R-2", owner]);
        }
        world
            .lie(alias, label_awb(alias), &json!(returned), 1)
            .await;
        let second = world.label(alias, "A-2").await;
        assert_taken(&second, returned, ["order A-2", "return order R-1"]);
        let kept = world.get(RETURNS, "R-1").await.ok();
        assert_eq!(kept["returnAwb"], returned, "{alias}");
    }
}

#[tokio::test]
async fn a_second_order_does_not_get_the_order_id_of_another() {
    for (alias, place) in ORDER_IDS {
        let world = World::start().await;
        let first = world.label(alias, "A-1").await.ok();
        let order_id = first["orderId"].as_str().unwrap();
        // Two of them are numbers.
        let lie = order_id.parse::<u64>().map_or(json!(order_id), Value::from);
        world.lie(alias, place, &lie, 1).await;
        let second = world.label(alias, "A-2").await;
        assert_taken(&second, order_id, ["order A-2", "order A-1"]);
        if alias == "shiprocket" {
            assert_eq!(world.asked(alias, "/assign/awb"), 1, "nothing is bought");
        }
        let by_id = format!("{LABELS}?orderId={order_id}");
        assert_eq!(world.query(&by_id).await.ok(), first, "{alias}");
        let truth = world.label(alias, "A-2").await.ok();
        assert_ne!(truth["orderId"], first["orderId"], "{alias}");
    }
}

#[tokio::test]
async fn an_order_without_a_label_keeps_its_order_id() {
    let world = World::start().await;
    let request = requests::label("shiprocket", "A-1");
    let first = world.post(ORDERS, &request).await.json();
    let order_id = first["orderId"].as_str().unwrap();
    let lie: Value = order_id.parse::<u64>().unwrap().into();
    let place = ("createOrder", "/order_id");
    world.lie("shiprocket", place, &lie, 2).await;
    let second = requests::label("shiprocket", "A-2");
    let order = world.post(ORDERS, &second).await;
    assert_taken(&order, order_id, ["order A-2", "order A-1"]);
    let label = world.label("shiprocket", "A-3").await;
    assert_taken(&label, order_id, ["order A-3", "order A-1"]);
    assert_eq!(world.asked("shiprocket", "/assign/awb"), 0);
    let label = world.label("shiprocket", "A-1").await.ok();
    assert_eq!(label["orderId"], order_id);
}

#[tokio::test]
async fn of_two_bookings_at_once_with_the_same_awb_one_gets_it() {
    for &Vendor { alias, .. } in those(|vendor| !vendor.awb_is_pushed) {
        let world = World::start().await;
        world.lie(alias, label_awb(alias), &json!("7788"), 2).await;
        let both = join(world.label(alias, "A-1"), world.label(alias, "A-2")).await;
        let (winner, loser) = match (both.0.status, both.1.status) {
            (200, _) => (both.0, both.1),
            _ => (both.1, both.0),
        };
        assert_eq!(winner.ok()["awb"], "7788", "{alias}");
        assert_taken(&loser, "7788", ["order A-1", "order A-2"]);
    }
}

#[tokio::test]
async fn parcels_of_an_order_share_its_order_id_but_no_awb() {
    let world = World::start().await;
    let parcel = |code: &str| {
        let mut request = requests::label("magic", "A-1");
        request["shipmentCode"] = json!(code);
        request
    };
    let first = world.post(LABELS, &parcel("p1")).await.ok();
    let place = ("generateShippingLabel", "/orderId");
    world.lie("magic", place, &first["orderId"], 1).await;
    let second = world.post(LABELS, &parcel("p2")).await.ok();
    assert_eq!(second["orderId"], first["orderId"]);
    world
        .lie("magic", label_awb("magic"), &first["awb"], 1)
        .await;
    let third = world.post(LABELS, &parcel("p3")).await;
    let awb = first["awb"].as_str().unwrap();
    let parcels = ["parcel p3 of order A-1", "parcel p1 of order A-1"];
    assert_taken(&third, awb, parcels);
}

#[tokio::test]
async fn an_order_that_was_booked_again_is_not_another_order() {
    let world = World::start().await;
    let first = world.awb("clickpost", "A-1").await;
    world.delete(LABELS, "A-1").await.ok();
    world
        .lie("clickpost", label_awb("clickpost"), &json!(first), 1)
        .await;
    assert_eq!(world.awb("clickpost", "A-1").await, first);
}

#[tokio::test]
async fn a_look_up_that_answers_with_another_order_s_awb_is_not_believed() {
    for (alias, buys, looks_up) in [
        (
            "magic",
            "generateShippingLabel",
            ("getShippingLabel", "/awb"),
        ),
        (
            "shipway",
            "createOrder",
            ("getLabel", "/message/0/tracking_number"),
        ),
        (
            "shiprocket",
            "assignAwb",
            ("getLabel", "/data/shipments/awb"),
        ),
    ] {
        let world = World::start().await;
        let first = world.awb(alias, "A-1").await;
        world.fault(alias, buys, "garbage").await;
        let doubtful = world.label(alias, "A-2").await;
        doubtful.problem(504, "outcome-unknown");
        world.lie(alias, looks_up, &json!(first), 3).await;
        let names = ["order A-2", "order A-1"];
        assert_taken(&world.get(LABELS, "A-2").await, &first, names);
        let cancelled = world.delete(LABELS, "A-2").await;
        if alias == "magic" {
            cancelled.problem(422, "capability-not-supported");
        } else {
            assert_taken(&cancelled, &first, names);
            assert_eq!(world.asked(alias, "ancel"), 0, "{alias}");
        }
        assert_taken(&world.label(alias, "A-2").await, &first, names);
        // All lies are told.
        world.faults(alias, json!([])).await;
        let truth = world.get(LABELS, "A-2").await.ok();
        assert_ne!(truth["awb"], first.as_str(), "{alias}");
        assert_eq!(world.state("A-1").await, "LABEL_READY");
    }
}

#[tokio::test]
async fn an_awb_that_a_push_named_for_another_order_can_be_booked() {
    for &Vendor { alias, .. } in those(|vendor| !vendor.awb_is_pushed) {
        let world = World::start().await;
        world
            .scanned(alias, scan("11012-X", "7788", "TRANSIT", 1))
            .await;
        world.lie(alias, label_awb(alias), &json!("7788"), 1).await;
        assert_eq!(world.awb(alias, "A-1").await, "7788", "{alias}");
        world
            .scanned(alias, scan("A-1", "7788", "DELIVERED", 2))
            .await;
        assert_eq!(world.state("A-1").await, "DELIVERED", "{alias}");
    }
}

#[tokio::test]
async fn an_awb_stays_with_the_order_of_its_first_push() {
    for &Vendor { alias, .. } in those(|_| true) {
        let world = World::start().await;
        for (minute, order) in [(1, Some("Z")), (2, Some("Y")), (3, None)] {
            let event = Scan {
                order,
                ..scan("", "F1", "TRANSIT", minute)
            };
            world.scanned(alias, event).await;
        }
        for (order, events) in [("Z", 2), ("Y", 1)] {
            let shipment = world.shipment(order, "FORWARD").await.ok();
            let found = shipment["events"].as_array().unwrap().len();
            assert_eq!(found, events, "{alias} {order}");
        }
    }
}

#[tokio::test]
async fn an_order_number_that_comes_after_the_awb_is_the_order_of_the_awb() {
    for &Vendor { alias, .. } in those(|_| true) {
        let world = World::start().await;
        for (minute, order) in [(1, None), (2, Some("Z")), (3, None)] {
            let event = Scan {
                order,
                ..scan("", "F1", "TRANSIT", minute)
            };
            world.scanned(alias, event).await;
        }
        let shipment = world.shipment("Z", "FORWARD").await.ok();
        assert_eq!(shipment["events"].as_array().unwrap().len(), 2, "{alias}");
    }
}
