//! Orders without an AWB, and labels for such orders.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, ORDERS, World};

#[tokio::test]
async fn a_label_continues_from_its_order() {
    let world = World::start().await;
    for alias in ["shiprocket", "shipway"] {
        let request = requests::label(alias, alias);
        let created = world.post(ORDERS, &request).await;
        assert_eq!(created.status, 201, "{alias} {created:?}");
        let repeat = world.post(ORDERS, &request).await;
        assert_eq!(
            (repeat.status, repeat.is_replayed()),
            (200, true),
            "{alias}"
        );
        assert_eq!(repeat.json(), created.json());
        world.get(LABELS, alias).await.problem(404, "not-found");

        let label = world.label(alias, alias).await.ok();
        assert_eq!(label["orderId"], created.json()["orderId"], "{alias}");
        let after = world.post(ORDERS, &request).await.ok();
        assert_eq!(after["orderId"], label["orderId"], "{alias}");
    }
    assert_eq!(world.asked("shiprocket", "/orders/create/adhoc"), 1);
}

#[tokio::test]
async fn an_order_with_other_content_is_another_order() {
    let world = World::start().await;
    for alias in ["shiprocket", "shipway"] {
        world.post(ORDERS, &requests::label(alias, alias)).await;
        let mut other = requests::label(alias, alias);
        other["orderDetails"]["orderAmount"] = json!(240);
        for path in [ORDERS, LABELS] {
            let reused = world.post(path, &other).await;
            reused.problem(422, "order-number-reused");
        }
        let mut other_courier = requests::label(alias, alias);
        other_courier["courierId"] = json!(if alias == "shipway" { 7102 } else { 43 });
        world.post(LABELS, &other_courier).await.ok();
    }
}

#[tokio::test]
async fn an_interrupted_order_is_found_by_its_repeat() {
    let world = World::start().await;
    for alias in ["shiprocket", "shipway"] {
        world.fault(alias, "createOrder", "garbage").await;
        let request = requests::label(alias, alias);
        world
            .post(ORDERS, &request)
            .await
            .problem(504, "outcome-unknown");
        let created = world.post(ORDERS, &request).await;
        assert!([200, 201].contains(&created.status), "{alias} {created:?}");
        assert!(created.json()["orderId"].is_string());
        let label = world.label(alias, alias).await.ok();
        assert_ne!(label["awb"], Value::Null);
    }
}

#[tokio::test]
async fn clickpost_has_no_orders_without_a_label() {
    let world = World::start().await;
    let answer = world
        .post(ORDERS, &requests::label("clickpost", "A-1"))
        .await;
    answer.problem(422, "capability-not-supported");
    assert!(world.calls("clickpost").is_empty());
}
