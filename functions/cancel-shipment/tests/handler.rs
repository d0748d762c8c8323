//! The handler with an event as AWS sends it, on real tables and with the aggregators' simulators.

use cancel_shipment::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::clock;
use logistics::contract::fields::read_value;
use logistics::contract::shipment;
use logistics::domain::shipment::ShipmentType;
use logistics::flows::booking::book_shipment::book_shipment;
use serde_json::json;

use crate::answer::json;

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("cancel-shipment").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("cancel-shipment").unwrap()).unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

/// Buys the label of the event's order at an aggregator.
async fn bought_at(alias: &str, world: &HandlerWorld) {
    let mut body = HttpEvent::of("generate-label").unwrap().body().unwrap();
    body["logisticAccountAlias"] = json!(alias);
    body.as_object_mut().unwrap().remove("courierId");
    let addressed = read_value(&body, |fields| {
        shipment::read(fields, ShipmentType::Forward)
    });
    let caller = world.caller().unwrap();
    let purchase = world.start_of("generate-label").unwrap().purchase();
    book_shipment(
        &purchase.unwrap(),
        &caller,
        addressed.unwrap(),
        clock::now(),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a_label_is_cancelled_once_and_a_repeat_gets_the_same_response() {
    let (world, app, event) = admitted().await;
    bought_at("shiprocket", &world).await;
    let first = answer(&app, &event).await;
    assert_eq!(first.status(), 200);
    assert_json_snapshot!(json(&first), @r#"
    {
      "orderNumber": "asdf1234",
      "status": "CANCELLED"
    }
    "#);
    let asked = world.simulators.calls("shiprocket").unwrap().len();

    let repeat = answer(&app, &event).await;
    assert_eq!(repeat.headers()["idempotent-replayed"], "true");
    assert_eq!(json(&repeat), json(&first));
    assert_eq!(world.simulators.calls("shiprocket").unwrap().len(), asked);
}

#[tokio::test]
async fn an_aggregator_without_cancellation_is_not_asked() {
    let (world, app, event) = admitted().await;
    bought_at("magic", &world).await;
    let asked = world.simulators.calls("magic").unwrap().len();
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "this account's aggregator does not support cancellation",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 422,
      "title": "Not supported for this account",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#capability-not-supported"
    }
    "#);
    assert_eq!(world.simulators.calls("magic").unwrap().len(), asked);
}

#[tokio::test]
async fn an_order_that_was_never_booked_is_not_found() {
    let (_world, app, event) = admitted().await;
    for (path, query) in [
        ("/shipping-labels", "orderNumber=asdf1234"),
        ("/return-awbs", "orderNumber=asdf1234"),
        ("/shipping-labels", "orderId=11012"),
    ] {
        let event = event.clone().asking("DELETE", path, query);
        assert_eq!(answer(&app, &event).await.status(), 404, "{path}?{query}");
    }
}
