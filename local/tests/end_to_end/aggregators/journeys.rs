//! The whole life of an order at each aggregator: couriers, label, document, return, cancellation, and its notifications at
//! the client, in order and with our notification types.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{ALIASES, LABELS, RETURNS, World};

fn words(notifications: &[Value]) -> Vec<&str> {
    notifications
        .iter()
        .map(|notification| notification["notificationType"].as_str().unwrap())
        .collect()
}

/// The notification types up to a final one. Shipway has no code for a pickup.
fn way(alias: &str, to: &str) -> Vec<&'static str> {
    let shipway = alias == "shipway";
    let failed = match alias {
        "clickpost" => "FAILED_DELIVERY",
        _ => "UNDELIVERED",
    };
    let mut way = vec!["AWB_GENERATED"];
    way.extend((!shipway).then_some("PICKED_UP"));
    way.extend(["TRANSIT", "OUT_FOR_DELIVERY"]);
    match to {
        "DELIVERED" => way.push("DELIVERED"),
        _ => way.extend([failed, "RTO", "RTO_DELIVERED"]),
    }
    way
}

#[tokio::test]
async fn couriers_are_recommended_best_first() {
    let world = World::start().await;
    for alias in ALIASES {
        let answer = world
            .post("/courier-recommendations", &requests::route(alias))
            .await;
        let answer = answer.ok();
        let couriers = answer["couriers"].as_array().unwrap();
        assert!(!couriers.is_empty(), "{alias}");
        let priorities = couriers
            .iter()
            .map(|courier| courier["priority"].as_f64().unwrap());
        assert!(priorities.is_sorted(), "{alias} {couriers:?}");
        for courier in couriers {
            assert!(courier["courierId"].is_u64(), "{alias} {courier}");
            assert!(courier["courierName"].is_string(), "{alias} {courier}");
        }
    }
}

#[tokio::test]
async fn a_route_without_dimensions_uses_those_of_the_account() {
    let world = World::start().await;
    for alias in ALIASES {
        let mut route = requests::route(alias);
        for optional in ["shipmentDimension", "items"] {
            route.as_object_mut().unwrap().remove(optional);
        }
        let couriers = world.post("/courier-recommendations", &route).await.ok();
        assert!(
            !couriers["couriers"].as_array().unwrap().is_empty(),
            "{alias}"
        );
    }
}

#[tokio::test]
async fn the_recommended_courier_carries_the_label() {
    let world = World::start().await;
    for alias in ALIASES {
        let couriers = world
            .post("/courier-recommendations", &requests::route(alias))
            .await
            .ok();
        let mut request = requests::label(alias, &format!("{alias}-1"));
        request["courierId"] = couriers["couriers"][0]["courierId"].clone();
        let label = world.post(LABELS, &request).await.ok();
        // Shipway recommends a carrier's product but books under the carrier's name.
        let recommended = couriers["couriers"][0]["courierName"].as_str().unwrap();
        let carries = label["carrierName"].as_str().unwrap();
        assert!(recommended.starts_with(carries), "{alias} {carries}");
    }
}

#[tokio::test]
async fn a_label_has_its_document_and_a_repeat_is_the_same() {
    let world = World::start().await;
    for alias in ALIASES {
        let order = format!("{alias}-1");
        let label = world.label(alias, &order).await.ok();
        assert_eq!(label["orderNumber"], order.as_str());
        for field in ["orderId", "awb", "carrierName", "shippingLabelUrl"] {
            assert!(label[field].is_string(), "{alias} {field} {label}");
        }
        let repeat = world.label(alias, &order).await;
        assert_eq!((repeat.ok(), repeat.is_replayed()), (label.clone(), true));
        assert_eq!(world.get(LABELS, &order).await.ok(), label);
        let document = world.document(&order).await;
        assert_eq!(document.status, 200, "{alias}");
        assert!(document.body.starts_with(b"%PDF"), "{alias}");
    }
}

#[tokio::test]
async fn a_document_with_an_expired_url_is_requested_again() {
    let world = World::start().await;
    for alias in ALIASES {
        let label = world.label(alias, alias).await.ok();
        let expired = format!("{}/{alias}/labels/0.pdf", world.stack.simulator_url());
        world.move_label(alias, &expired).await;
        let document = world.document(alias).await;
        assert_eq!(document.status, 200, "{alias}");
        assert!(document.body.starts_with(b"%PDF"), "{alias}");
        assert_eq!(world.get(LABELS, alias).await.ok(), label);
    }
}

#[tokio::test]
async fn a_return_of_the_same_order_number_is_another_booking() {
    let world = World::start().await;
    for alias in ALIASES {
        let order = format!("{alias}-1");
        let label = world.label(alias, &order).await.ok();
        let returned = world.return_awb(alias, &order).await.ok();
        assert!(returned["returnAwb"].is_string(), "{alias} {returned}");
        assert_ne!(returned["returnAwb"], label["awb"], "{alias}");
        assert_eq!(world.return_awb(alias, &order).await.ok(), returned);
        assert_eq!(world.get(RETURNS, &order).await.ok(), returned);
    }
}

#[tokio::test]
async fn parcels_of_one_order_are_separate_bookings() {
    let world = World::start().await;
    for alias in ALIASES {
        let order = format!("{alias}-1");
        let mut awbs = Vec::new();
        for code in [Value::Null, json!("1"), json!("2")] {
            let mut request = requests::label(alias, &order);
            request["shipmentCode"] = code;
            awbs.push(world.post(LABELS, &request).await.ok()["awb"].clone());
        }
        assert_ne!(awbs[0], awbs[1], "{alias}");
        assert_ne!(awbs[1], awbs[2], "{alias}");
    }
}

#[tokio::test]
async fn notifications_of_a_delivery_arrive_in_order_with_our_types() {
    for alias in ALIASES {
        delivers(alias, "DELIVERED").await;
    }
}

#[tokio::test]
async fn notifications_of_an_rto_arrive_in_order_with_our_types() {
    for alias in ALIASES {
        delivers(alias, "RTO_DELIVERED").await;
    }
}

async fn delivers(alias: &str, to: &str) {
    let world = World::start().await;
    let label = world.label(alias, "asdf1234").await.ok();
    let awb = label["awb"].as_str().unwrap();
    let advance = world.advance(alias, awb, to, None).await;
    assert_eq!(advance.status, 200, "{alias} {advance:?}");
    let expected = way(alias, to);
    let arrived = world.arrived(expected.len()).await;
    assert_eq!(words(&arrived), expected, "{alias}");
    for notification in &arrived {
        assert_eq!(notification["forwardOrderCode"], "asdf1234", "{alias}");
        assert_eq!(notification["forwardAwb"], awb, "{alias}");
        assert_eq!(notification["returnOrderInfo"], Value::Null, "{alias}");
        assert_eq!(notification["warehouseCode"], "wh-1", "{alias}");
        let name = &notification["logisticAggregatorInfo"]["logisticAggregatorName"];
        assert_eq!(*name, alias.to_uppercase().as_str());
    }
}

#[tokio::test]
async fn notifications_of_a_return_arrive_as_return_notifications() {
    for alias in ALIASES {
        let world = World::start().await;
        let returned = world.return_awb(alias, "return-1").await.ok();
        let awb = returned["returnAwb"].as_str().unwrap();
        let advance = world.advance(alias, awb, "RETURN_PICKED_UP", None).await;
        assert_eq!(advance.status, 200, "{alias} {advance:?}");
        // Shiprocket's status for a placed return is not forwarded.
        let steps = if alias == "shiprocket" { 2 } else { 3 };
        let arrived = world.arrived(steps).await;
        let last = arrived.last().unwrap();
        assert_eq!(
            last["notificationType"], "RETURN_PICKED_UP",
            "{alias} {arrived:?}"
        );
        assert_eq!(
            last["returnOrderInfo"]["returnOrderId"], "return-1",
            "{alias}"
        );
        assert_eq!(last["returnOrderInfo"]["returnAwb"], awb, "{alias}");
    }
}
