//! The handler with an event as AWS sends it, on real tables and with the aggregators' simulators.

use create_order::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use serde_json::json;

use crate::answer::json;

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("create-order").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("create-order").unwrap()).unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn an_order_is_made_once() {
    let (world, app, event) = admitted().await;
    let first = answer(&app, &event).await;
    assert_eq!(first.status(), 201);
    assert_json_snapshot!(json(&first), { ".orderId" => "[id]" }, @r#"
    {
      "orderId": "[id]",
      "orderNumber": "asdf1234"
    }
    "#);
    let asked = world.simulators.calls("shiprocket").unwrap().len();

    let repeat = answer(&app, &event).await;
    assert_eq!(repeat.status(), 200);
    assert_eq!(repeat.headers()["idempotent-replayed"], "true");
    assert_eq!(json(&repeat), json(&first));
    assert_eq!(world.simulators.calls("shiprocket").unwrap().len(), asked);
}

#[tokio::test]
async fn the_same_order_with_other_content_is_refused() {
    let (_world, app, event) = admitted().await;
    assert_eq!(answer(&app, &event).await.status(), 201);
    let mut body = event.body().unwrap();
    body["orderDetails"]["orderAmount"] = json!(231);
    let other = answer(&app, &event.with_body(&body)).await;
    assert_eq!(other.status(), 422);
    assert!(
        json(&other)["type"]
            .as_str()
            .unwrap()
            .ends_with("#order-number-reused")
    );
}

#[tokio::test]
async fn an_aggregator_without_orders_is_not_asked() {
    let (world, app, event) = admitted().await;
    for alias in ["magic", "clickpost"] {
        let mut body = event.body().unwrap();
        body["logisticAccountAlias"] = json!(alias);
        let answer = answer(&app, &event.clone().with_body(&body)).await;
        assert_eq!(answer.status(), 422);
        let kind = json(&answer)["type"].as_str().unwrap().to_owned();
        assert!(kind.ends_with("#capability-not-supported"), "{kind}");
        assert!(world.simulators.calls(alias).unwrap().is_empty());
    }
}
