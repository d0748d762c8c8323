//! The handler with an event as AWS sends it, on real tables and with the aggregator's simulator.

use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use return_awb::{App, handle};
use serde_json::Value;

use crate::answer::{json, text};

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("return-awb").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("return-awb").unwrap()).unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn a_return_awb_is_bought_once_and_returned() {
    let (world, app, event) = admitted().await;
    let first = answer(&app, &event).await;
    assert_eq!(first.status(), 200);
    assert_json_snapshot!(json(&first), { ".returnAwb" => "[awb]" }, @r#"
    {
      "carrierName": "Delhivery",
      "orderId": "11012",
      "orderNumber": "return-asdf1234",
      "returnAwb": "[awb]"
    }
    "#);

    let repeat = answer(&app, &event).await;
    assert_eq!(repeat.headers()["idempotent-replayed"], "true");
    assert_eq!(text(&repeat), text(&first));

    let get = event.asking("GET", "/return-awbs", "orderNumber=return-asdf1234");
    let read = answer(&app, &get).await;
    assert_eq!(read.status(), 200);
    assert_eq!(text(&read), text(&first));
    assert_eq!(world.simulators.calls("magic").unwrap().len(), 1);
}

#[tokio::test]
async fn a_return_needs_a_reason() {
    let (world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["returnReason"] = Value::Null;
    let answer = answer(&app, &event.with_body(&body)).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "/returnReason is missing",
      "errors": [
        {
          "detail": "is missing",
          "pointer": "/returnReason"
        }
      ],
      "instance": "JKJaXmPLvHcESHA=",
      "status": 422,
      "title": "Invalid request",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#invalid-request"
    }
    "#);
    assert!(world.simulators.calls("magic").unwrap().is_empty());
}
