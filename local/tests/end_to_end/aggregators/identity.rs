//! A shipment is its AWB: rebookings, AWBs that were cancelled or replaced, directions that no push tells, and pushes
//! that name another order.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::scans::{Scan, scan};
use crate::aggregators::world::{LABELS, ORDERS, RETURNS, World};
use crate::vendors::{BookReturns, Cancel, Vendor, natives, those};

/// The AWB and the effect of each event of a shipment.
fn effects(shipment: &Value) -> Vec<(String, String)> {
    let events = shipment["events"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let effect = |event: &Value| (text(&event["awb"]), text(&event["effect"]));
    events.iter().map(effect).collect()
}

#[tokio::test]
async fn a_push_of_an_earlier_awb_does_not_settle_the_purchase_of_a_new_one() {
    for vendor in natives(|vendor| vendor.can(Cancel) && vendor.has(&["TRANSIT", "CANCELLED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        let first = world.awb(alias, "X").await;
        world.delete(LABELS, "X").await.ok();
        world.fault(alias, vendor.purchase, "reset").await;
        let doubtful = world.label(alias, "X").await;
        doubtful.problem(504, "outcome-unknown");
        world.scanned(alias, scan("X", &first, "TRANSIT", 1)).await;
        world
            .scanned(alias, scan("X", &first, "CANCELLED", 2))
            .await;
        let second = world.label(alias, "X").await.ok();
        assert_ne!(second["awb"], first.as_str(), "{alias}");
        assert_eq!(world.get(LABELS, "X").await.ok()["awb"], second["awb"]);
    }
}

#[tokio::test]
async fn a_new_awb_settles_the_purchase_but_not_one_that_was_cancelled_at_once() {
    for vendor in those(|vendor| vendor.has(&["TRANSIT", "CANCELLED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        world.fault(alias, vendor.purchase, "reset").await;
        let doubtful = world.label(alias, "X").await;
        doubtful.problem(504, "outcome-unknown");
        world.scanned(alias, scan("X", "D1", "CANCELLED", 1)).await;
        world.scanned(alias, scan("X", "D1", "TRANSIT", 2)).await;
        let asked = world.calls(alias).len();
        world.scanned(alias, scan("X", "A9", "TRANSIT", 3)).await;
        let label = world.label(alias, "X").await;
        assert!(label.is_replayed(), "{alias}");
        assert_eq!(label.ok()["awb"], "A9", "{alias}");
        assert_eq!(world.calls(alias).len(), asked, "{alias}");
    }
}

#[tokio::test]
async fn a_rebooked_order_is_where_its_present_awb_is() {
    for vendor in those(|vendor| vendor.has(&["TRANSIT", "DELIVERED", "CANCELLED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        let first = world.awb(alias, "X").await;
        if vendor.can(Cancel) {
            world.delete(LABELS, "X").await.ok();
        }
        world
            .scanned(alias, scan("X", &first, "CANCELLED", 1))
            .await;
        let second = world.awb(alias, "X").await;
        assert_ne!(first, second, "{alias}");
        world.scanned(alias, scan("X", &second, "TRANSIT", 2)).await;
        world
            .scanned(alias, scan("X", &first, "CANCELLED", 3))
            .await;
        assert_eq!(world.state("X").await, "IN_TRANSIT", "{alias}");
        world
            .scanned(alias, scan("X", &second, "DELIVERED", 4))
            .await;
        let shipment = world.shipment("X", "FORWARD").await.ok();
        assert_eq!(shipment["state"], "DELIVERED", "{alias}");
        assert_eq!(shipment["awb"], second.as_str());
        assert_eq!(shipment["earlierAwbs"], json!([first]));
        let expected = [
            (&first, "SUPERSEDED"),
            (&second, "ADVANCE"),
            (&first, "SUPERSEDED"),
            (&second, "ADVANCE"),
        ];
        let expected = expected.map(|(awb, effect)| (awb.clone(), effect.to_owned()));
        // The push that brings an AWB may have no notification type.
        let mut told = effects(&shipment);
        told.retain(|(_, effect)| !effect.is_empty());
        assert_eq!(told, expected, "{alias}");
        let label = world.label(alias, "X").await;
        assert!(label.is_replayed(), "{alias}");
        assert_eq!(label.ok()["awb"], second.as_str());
    }
}

#[tokio::test]
async fn a_return_is_told_by_what_was_booked_where_the_push_does_not_say_so() {
    for vendor in natives(|vendor| vendor.can(BookReturns)) {
        let alias = vendor.alias;
        let world = World::start().await;
        let booked = world.return_awb(alias, "N").await.ok();
        let awb = booked["returnAwb"].as_str().unwrap();
        let order_id = booked["orderId"].as_str().unwrap();
        let first = vendor.first_scan();
        let (told_as, state) = if first == "PICKED_UP" {
            ("RETURN_PICKED_UP", "PICKED_UP")
        } else {
            ("TRANSIT", "IN_TRANSIT")
        };
        let by_number = world.scanned(alias, scan("N", awb, first, 1)).await;
        world.scanned(alias, scan(order_id, awb, first, 2)).await;
        let arrived = world.arrived(2).await;
        for told in &arrived {
            assert_eq!(told["notificationType"], told_as, "{alias}");
            assert_eq!(told["returnOrderInfo"]["returnOrderId"], "N", "{told}");
        }
        let shipment = world.shipment("N", "RETURN").await.ok();
        assert_eq!(shipment["state"], state, "{alias}");
        assert_eq!(shipment["events"][0]["notificationId"], by_number.as_str());
        let forward = world.shipment("N", "FORWARD").await;
        forward.problem(404, "not-found");
        let ghost = world.shipment(order_id, "FORWARD").await;
        ghost.problem(404, "not-found");
        assert_eq!(world.get(RETURNS, "N").await.ok()["returnAwb"], awb);
    }
}

#[tokio::test]
async fn an_awb_that_replaces_a_booked_one_belongs_to_the_order_from_then_on() {
    for vendor in those(|vendor| vendor.has(&["TRANSIT", "OUT_FOR_DELIVERY", "CANCELLED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        let first = world.awb(alias, "X").await;
        world.scanned(alias, scan("X", &first, "TRANSIT", 1)).await;
        world
            .scanned(alias, scan("X", "N1", vendor.first_scan(), 2))
            .await;
        let alone = Scan {
            order: None,
            ..scan("", "N1", "OUT_FOR_DELIVERY", 3)
        };
        world.scanned(alias, alone).await;
        world
            .scanned(alias, scan("X", &first, "CANCELLED", 4))
            .await;
        let shipment = world.shipment("X", "FORWARD").await.ok();
        assert_eq!(shipment["state"], "OUT_FOR_DELIVERY", "{alias}");
        assert_eq!(shipment["awb"], "N1");
        assert_eq!(shipment["earlierAwbs"], json!([first]));
        assert_eq!(effects(&shipment)[0].1, "SUPERSEDED", "{alias}");
        let label = world.get(LABELS, "X").await.ok();
        assert_eq!(label["awb"], "N1", "{alias}");
        let again = world.label(alias, "X").await;
        assert_eq!(
            (again.is_replayed(), &again.ok()["awb"]),
            (true, &json!("N1"))
        );
        for awb in ["N1", &first] {
            let found = world.query(&format!("/notifications?awb={awb}")).await.ok();
            let count = found["notifications"].as_array().unwrap().len();
            assert_eq!(count, 4, "{alias} {awb}");
        }
        let ghost = world.shipment("N1", "FORWARD").await;
        ghost.problem(404, "not-found");
        let arrived = world.arrived(4).await;
        for told in &arrived {
            assert_eq!(told["forwardOrderCode"], "X", "{alias}");
        }
    }
}

#[tokio::test]
async fn an_awb_that_rms_booked_decides_against_a_code_that_is_another_orders_number() {
    // Shipway has no order id but our name.
    for alias in ["magic", "clickpost", "shiprocket"] {
        let world = World::start().await;
        let booked = world.label(alias, "B").await.ok();
        let awb = booked["awb"].as_str().unwrap();
        let order_id = booked["orderId"].as_str().unwrap();
        world.label(alias, order_id).await.ok();
        let id = world
            .scanned(alias, scan(order_id, awb, "DELIVERED", 1))
            .await;
        assert_eq!(world.state(order_id).await, "LABEL_READY", "{alias}");
        let shipment = world.shipment("B", "FORWARD").await.ok();
        assert_eq!(shipment["state"], "DELIVERED", "{alias}");
        assert_eq!(shipment["events"][0]["contradicts"], order_id, "{alias}");
        let stored = world.query(&format!("/notifications/{id}")).await.ok();
        assert_eq!(stored["contradicts"], order_id, "{alias}");
        let arrived = world.arrived(1).await;
        assert_eq!(arrived[0]["forwardOrderCode"], "B", "{alias}");
    }
}

#[tokio::test]
async fn a_booking_that_was_cancelled_at_the_aggregator_frees_its_order_number() {
    for &Vendor { alias, .. } in those(|vendor| vendor.has(&["CANCELLED"])) {
        let world = World::start().await;
        let first = world.awb(alias, "X").await;
        world
            .scanned(alias, scan("X", &first, "CANCELLED", 1))
            .await;
        world.get(LABELS, "X").await.problem(404, "not-found");
        let second = world.label(alias, "X").await;
        assert!(!second.is_replayed(), "{alias}");
        assert_ne!(second.ok()["awb"], first.as_str(), "{alias}");
        // The same push again, and a late one of the same, leave the new one alone.
        let scan = scan("X", &first, "CANCELLED", 1);
        world.push(alias, &scan.in_dialect(alias)).await.ok();
        let label = world.get(LABELS, "X").await.ok();
        assert_eq!(label["awb"], second.ok()["awb"], "{alias}");
    }
}

#[tokio::test]
async fn a_rebooked_return_is_where_its_present_awb_is() {
    for &Vendor { alias, .. } in
        natives(|vendor| vendor.can(BookReturns) && vendor.has(&["TRANSIT", "CANCELLED"]))
    {
        let world = World::start().await;
        let mut awbs = Vec::new();
        for minute in [1, 2] {
            let booked = world.return_awb(alias, "N").await.ok();
            let awb = booked["returnAwb"].as_str().unwrap().to_owned();
            let scan = scan("N", &awb, "CANCELLED", minute);
            world.scanned(alias, scan).await;
            awbs.push(awb);
        }
        let last = world.return_awb(alias, "N").await.ok();
        let last = last["returnAwb"].as_str().unwrap();
        world.scanned(alias, scan("N", last, "TRANSIT", 3)).await;
        world
            .scanned(alias, scan("N", &awbs[1], "CANCELLED", 4))
            .await;
        let shipment = world.shipment("N", "RETURN").await.ok();
        assert_eq!(shipment["state"], "IN_TRANSIT", "{alias}");
        assert_eq!(shipment["earlierAwbs"], json!(awbs), "{alias}");
    }
}

#[tokio::test]
async fn an_order_without_an_awb_that_was_cancelled_at_the_aggregator_is_free() {
    let world = World::start().await;
    world
        .post(ORDERS, &requests::label("shiprocket", "X"))
        .await;
    let cancelled = json!({
        "order_id": "X",
        "current_status_id": 5,
        "current_timestamp": "28 11 2026 10:00:00",
        "scans": [],
    });
    World::accepted(&world.push("shiprocket", &cancelled).await);
    let mut other = requests::label("shiprocket", "X");
    other["orderDetails"]["orderAmount"] = json!(240);
    world.post(LABELS, &other).await.ok();
}

#[tokio::test]
async fn a_parcel_that_moves_after_its_cancellation_is_shown_where_it_is() {
    for vendor in those(|vendor| vendor.has(&["OUT_FOR_DELIVERY", "CANCELLED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        let awb = world.awb(alias, "X").await;
        world.scanned(alias, scan("X", &awb, "CANCELLED", 5)).await;
        world
            .scanned(alias, scan("X", &awb, vendor.first_scan(), 4))
            .await;
        assert_eq!(world.state("X").await, "CANCELLED", "{alias}");
        world
            .scanned(alias, scan("X", &awb, "OUT_FOR_DELIVERY", 6))
            .await;
        let shipment = world.shipment("X", "FORWARD").await.ok();
        assert_eq!(shipment["state"], "OUT_FOR_DELIVERY", "{alias}");
        assert_eq!(effects(&shipment)[2].1, "REOPENED", "{alias}");
    }
}

#[tokio::test]
async fn notifications_of_a_shipment_that_was_booked_elsewhere_are_found_by_its_awb() {
    for &Vendor { alias, .. } in those(|vendor| vendor.has(&["TRANSIT", "OUT_FOR_DELIVERY"])) {
        let world = World::start().await;
        let named = world
            .scanned(alias, scan("web-1", "F1", "TRANSIT", 1))
            .await;
        let alone = Scan {
            order: None,
            ..scan("", "F1", "OUT_FOR_DELIVERY", 2)
        };
        let alone = world.scanned(alias, alone).await;
        let found = world.query("/notifications?awb=F1").await.ok();
        let found = found["notifications"].as_array().unwrap().clone();
        let ids = found.iter().map(|found| found["notificationId"].clone());
        assert_eq!(ids.collect::<Vec<_>>(), [named, alone], "{alias}");
        let shipment = world.shipment("web-1", "FORWARD").await.ok();
        assert_eq!(shipment["awb"], "F1", "{alias}");
        assert_eq!(shipment["state"], "OUT_FOR_DELIVERY", "{alias}");
        assert_eq!(shipment["logisticAccountAlias"], alias);
    }
}

#[tokio::test]
async fn an_account_with_a_rebooked_shipment_is_in_use() {
    for &Vendor { alias, .. } in those(|vendor| vendor.has(&["CANCELLED"])) {
        let world = World::start().await;
        let first = world.awb(alias, "X").await;
        world
            .scanned(alias, scan("X", &first, "CANCELLED", 1))
            .await;
        world.awb(alias, "X").await;
        let refused = world.remove_account(alias).await;
        refused.problem(409, "in-use");
    }
}

#[tokio::test]
async fn another_account_of_the_client_moves_no_shipment_that_was_booked() {
    for (alias, other) in [("magic", "shiprocket"), ("clickpost", "magic")] {
        let world = World::start().await;
        let booked = world.awb(alias, "XB-1").await;
        world
            .scanned(other, scan("XB-1", "F1", "DELIVERED", 1))
            .await;
        let of_its_awb = scan("XB-1", &booked, "CANCELLED", 2);
        world.scanned(other, of_its_awb).await;
        let shipment = world.shipment("XB-1", "FORWARD").await.ok();
        assert_eq!(shipment["state"], "LABEL_READY", "{alias}");
        assert_eq!(shipment["awb"], booked.as_str());
        assert_eq!(shipment["logisticAccountAlias"], alias);
        let foreign = |awb: &str| (awb.to_owned(), "OTHER_ACCOUNT".to_owned());
        assert_eq!(effects(&shipment), [foreign("F1"), foreign(&booked)]);
        let told = world.arrived(2).await;
        assert_eq!(told[0]["forwardAwb"], "F1");
        let label = world.label(alias, "XB-1").await;
        assert!(label.is_replayed(), "{alias}");
        world.remove_account(alias).await.problem(409, "in-use");
    }
}

/// A push of a RMS Magic account that names only an order.
fn delivered(order: &str, is_return: bool) -> Value {
    let info = is_return.then(|| json!({ "returnOrderId": order }));
    json!({
        "eventId": format!("{order}-delivered"),
        "forwardOrderCode": if is_return { "unknown" } else { order },
        "notificationType": "DELIVERED",
        "shipmentType": if is_return { "RETURN" } else { "FORWARD" },
        "logisticAggregatorName": "MAGIC",
        "returnOrderInfo": info,
        "items": [],
    })
}

#[tokio::test]
async fn a_push_of_another_account_is_shown_and_gets_no_data_of_the_booking() {
    for vendor in natives(|vendor| vendor.can(BookReturns)) {
        let alias = vendor.alias;
        let world = World::start().await;
        let label = world.label(alias, "XB-1").await.ok();
        let returned = world.return_awb(alias, "R-1").await.ok();
        for (order, is_return) in [("XB-1", false), ("R-1", true)] {
            let pushed = world.push("magic", &delivered(order, is_return)).await;
            World::accepted(&pushed);
        }
        let told = Value::from(world.arrived(2).await).to_string();
        for awb in [&label["awb"], &returned["returnAwb"]] {
            assert!(!told.contains(awb.as_str().unwrap()), "{alias}: {told}");
        }
        for (order, shipment_type, state) in [
            ("XB-1", "FORWARD", "LABEL_READY"),
            ("R-1", "RETURN", "AWB_READY"),
        ] {
            let shipment = world.shipment(order, shipment_type).await.ok();
            assert_eq!(shipment["state"], state, "{alias}");
            assert_eq!(shipment["events"][0]["effect"], "OTHER_ACCOUNT");
            let path = format!("/notifications?orderNumber={order}");
            let listed = world.query(&path).await.ok()["notifications"].clone();
            assert_eq!(listed[0]["logisticAccountAlias"], "magic", "{alias}");
        }
        let refused = world.remove_account(alias).await;
        let problem = refused.problem(409, "in-use");
        assert_eq!(problem["count"], 2, "{alias}");
        assert_eq!(world.remove_account("magic").await.status, 204, "{alias}");
    }
}

#[tokio::test]
async fn an_account_whose_own_pushes_ended_its_shipments_can_be_removed() {
    for vendor in those(|vendor| vendor.has(&["DELIVERED"])) {
        let alias = vendor.alias;
        let world = World::start().await;
        let awb = world.awb(alias, "XB-1").await;
        world
            .scanned(alias, scan("XB-1", &awb, "DELIVERED", 1))
            .await;
        assert_eq!(world.remove_account(alias).await.status, 204, "{alias}");
    }
}
