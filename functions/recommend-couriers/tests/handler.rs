//! The handler with an event as AWS sends it, on real tables and with the aggregator's simulator.

use insta::{assert_json_snapshot, assert_snapshot};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use recommend_couriers::{App, handle};

use crate::answer::{json, text};

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("recommend-couriers").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("recommend-couriers").unwrap()).unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn couriers_are_recommended_best_first() {
    let (_world, app, event) = admitted().await;
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 200);
    assert_snapshot!(text(&answer), @r#"{"couriers":[{"courierId":1001,"courierName":"Delhivery","priority":1},{"courierId":1002,"courierName":"Fedex","priority":2},{"courierId":1003,"courierName":"Bluedart","priority":3}]}"#);
}

#[tokio::test]
async fn an_unknown_account_is_named() {
    let (world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["logisticAccountAlias"] = "unknown".into();
    let answer = answer(&app, &event.with_body(&body)).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "account not found",
      "errors": [
        {
          "detail": "account not found",
          "pointer": "/logisticAccountAlias"
        }
      ],
      "instance": "JKJaXmPLvHcESHA=",
      "status": 422,
      "title": "Unknown logistic account",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#unknown-account-alias"
    }
    "#);
    assert!(world.simulators.calls("magic").unwrap().is_empty());
}
