//! The whole life of an order at each aggregator: couriers, label, document, return, cancellation, and its notifications at
//! the client, in order and with our notification types.

use serde_json::{Value, json};
use url::Url;

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, RETURNS, World};
use crate::vendors::{BookReturns, RecommendCouriers, Vendor, natives, those};

fn words(notifications: &[Value]) -> Vec<&str> {
    notifications
        .iter()
        .map(|notification| notification["notificationType"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn couriers_are_recommended_best_first() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(RecommendCouriers)) {
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
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(RecommendCouriers)) {
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
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(RecommendCouriers)) {
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
    for &Vendor { alias, .. } in natives(|_| true) {
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
    for &Vendor { alias, .. } in natives(|_| true) {
        let label = world.label(alias, alias).await.ok();
        let document = label["shippingLabelUrl"].as_str().unwrap();
        let expired: Url = document.parse().unwrap();
        let expired = expired.join("0.pdf").unwrap();
        world.move_label(alias, expired.as_str()).await;
        let document = world.document(alias).await;
        assert_eq!(document.status, 200, "{alias}");
        assert!(document.body.starts_with(b"%PDF"), "{alias}");
        assert_eq!(world.get(LABELS, alias).await.ok(), label);
    }
}

#[tokio::test]
async fn a_return_of_the_same_order_number_is_another_booking() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(BookReturns)) {
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
    for &Vendor { alias, .. } in natives(|_| true) {
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
    for vendor in those(|vendor| !vendor.delivered.is_empty()) {
        delivers(vendor, vendor.delivered).await;
    }
}

#[tokio::test]
async fn notifications_of_an_rto_arrive_in_order_with_our_types() {
    for vendor in those(|vendor| !vendor.returned_to_origin.is_empty()) {
        delivers(vendor, vendor.returned_to_origin).await;
    }
}

async fn delivers(vendor: &Vendor, way: &[&str]) {
    let (alias, to) = (vendor.alias, *way.last().unwrap());
    let world = World::start().await;
    let label = world.label(alias, "asdf1234").await.ok();
    let awb = label["awb"].as_str().unwrap();
    let advance = world.advance(alias, awb, to, None).await;
    assert_eq!(advance.status, 200, "{alias} {advance:?}");
    let arrived = world.arrived(way.len()).await;
    assert_eq!(words(&arrived), way, "{alias}");
    for notification in &arrived {
        assert_eq!(notification["forwardOrderCode"], "asdf1234", "{alias}");
        assert_eq!(notification["forwardAwb"], awb, "{alias}");
        assert_eq!(notification["returnOrderInfo"], Value::Null, "{alias}");
        assert_eq!(notification["warehouseCode"], "wh-1", "{alias}");
        let name = &notification["logisticAggregatorInfo"]["logisticAggregatorName"];
        assert_eq!(*name, vendor.name, "{alias}");
    }
}

#[tokio::test]
async fn notifications_of_a_return_arrive_as_return_notifications() {
    for vendor in those(|vendor| vendor.can(BookReturns)) {
        let alias = vendor.alias;
        let world = World::start().await;
        let returned = world.return_awb(alias, "return-1").await.ok();
        let awb = returned["returnAwb"].as_str().unwrap();
        let advance = world.advance(alias, awb, "RETURN_PICKED_UP", None).await;
        assert_eq!(advance.status, 200, "{alias} {advance:?}");
        let arrived = world.arrived(vendor.return_picked_up.len()).await;
        assert_eq!(words(&arrived), vendor.return_picked_up, "{alias}");
        let last = arrived.last().unwrap();
        assert_eq!(
            last["returnOrderInfo"]["returnOrderId"], "return-1",
            "{alias}"
        );
        assert_eq!(last["returnOrderInfo"]["returnAwb"], awb, "{alias}");
    }
}
