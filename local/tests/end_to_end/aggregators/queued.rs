//! Orders that an aggregator queues: the answer is 202, and a GET completes them.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, World};

fn with_courier(alias: &str, courier: u32) -> Value {
    let mut request = requests::label(alias, "asdf1234");
    request["courierId"] = json!(courier);
    request
}

#[tokio::test]
async fn a_queued_order_is_pending_until_the_courier_has_taken_it() {
    let world = World::start().await;
    let request = with_courier("clickpost", 55);
    let queued = world.post(LABELS, &request).await;
    assert_eq!(queued.status, 202, "{queued:?}");
    assert_eq!(
        queued.json(),
        json!({ "orderNumber": "asdf1234", "status": "PENDING" })
    );
    assert_eq!(
        queued.header("location"),
        Some("/shipping-labels?orderNumber=asdf1234")
    );
    assert!(queued.retry_after() > 0);

    let still = world.get(LABELS, "asdf1234").await;
    assert_eq!((still.status, still.json()), (202, queued.json()));
    let label = world.get(LABELS, "asdf1234").await.ok();
    assert!(label["awb"].is_string(), "{label}");
    assert_eq!(world.post(LABELS, &request).await.ok(), label);
}

#[tokio::test]
async fn a_repeat_of_the_request_resolves_it_too() {
    let world = World::start().await;
    let request = with_courier("clickpost", 55);
    let answers = [
        world.post(LABELS, &request).await.status,
        world.post(LABELS, &request).await.status,
        world.post(LABELS, &request).await.status,
    ];
    assert_eq!(answers, [202, 202, 200]);
}

#[tokio::test]
async fn a_queued_order_that_the_courier_refuses_frees_its_order_number() {
    let world = World::start().await;
    let mut request = with_courier("clickpost", 55);
    request["dropAddress"]["zip"] = json!("999999");
    assert_eq!(world.post(LABELS, &request).await.status, 202);
    assert_eq!(world.get(LABELS, "asdf1234").await.status, 202);
    let refused = world.get(LABELS, "asdf1234").await;
    let problem = refused.problem(422, "refused-by-aggregator");
    assert_eq!(problem["aggregator"]["code"], "319");
    world
        .get(LABELS, "asdf1234")
        .await
        .problem(404, "not-found");
    let mut other = with_courier("clickpost", 4);
    other["orderDetails"]["orderAmount"] = json!(240);
    world.post(LABELS, &other).await.ok();
}

#[tokio::test]
async fn an_awb_that_is_assigned_later_is_found_by_the_get() {
    let world = World::start().await;
    let request = with_courier("shiprocket", 902);
    assert_eq!(world.post(LABELS, &request).await.status, 202);
    let label = world.get(LABELS, "asdf1234").await.ok();
    assert!(label["awb"].is_string(), "{label}");
    assert_eq!(world.asked("shiprocket", "/assign/awb"), 1);
}
