//! The handler with an event as AWS sends it, on real tables and with the aggregator's simulator.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use generate_label::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response, request};
use local::backends::{BackendCall, BackendOptions, Instead, Interceptor};
use local::handler_world::{HandlerWorld, HttpEvent, Logged};
use serde_json::{Value, json};

use crate::answer::{json, text};

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, App, HttpEvent) {
    admitted_on(BackendOptions::default()).await
}

async fn admitted_on(options: BackendOptions) -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start_on(options).await.unwrap();
    let event = HttpEvent::of("generate-label").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("generate-label").unwrap()).unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

#[tokio::test]
async fn a_label_is_bought_once() {
    let (world, app, event) = admitted().await;
    let first = answer(&app, &event).await;
    assert_eq!(first.status(), 200);
    assert_eq!(first.headers()["x-request-id"], "JKJaXmPLvHcESHA=");
    assert_json_snapshot!(json(&first), {
        ".awb" => "[awb]",
        ".shippingLabelUrl" => "[url]",
    }, @r#"
    {
      "awb": "[awb]",
      "carrierName": "Delhivery",
      "orderId": "11012",
      "orderNumber": "asdf1234",
      "shippingLabelUrl": "[url]"
    }
    "#);

    let repeat = answer(&app, &event).await;
    assert_eq!(repeat.status(), 200);
    assert_eq!(repeat.headers()["idempotent-replayed"], "true");
    assert_eq!(text(&repeat), text(&first));
    assert_eq!(world.simulators.calls("magic").unwrap().len(), 1);
}

#[tokio::test]
async fn a_purchase_without_a_key_is_refused() {
    let (world, app, event) = admitted().await;
    let answer = answer(&app, &event.with_header("authorization", None)).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "send an API key as Authorization: Bearer or x-api-key",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 401,
      "title": "Missing or invalid API key or push credential",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#unauthenticated"
    }
    "#);
    assert!(world.simulators.calls("magic").unwrap().is_empty());
}

#[tokio::test]
async fn all_errors_of_a_body_are_listed() {
    let (world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["orderDetails"]["orderAmount"] = "much".into();
    body["dropAddress"]["zip"] = Value::Null;
    let answer = answer(&app, &event.with_body(&body)).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "2 fields are invalid; see errors",
      "errors": [
        {
          "detail": "is missing",
          "pointer": "/dropAddress/zip"
        },
        {
          "detail": "must be a number within range, such as 230.50",
          "pointer": "/orderDetails/orderAmount"
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

#[tokio::test]
async fn nothing_is_bought_while_storage_is_unavailable() {
    let is_down = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_down);
    // A stopped backend would leave its port to another test's.
    let interceptor = Interceptor::new(move |_: &BackendCall| {
        let down = seen.load(Ordering::Relaxed);
        down.then(|| Instead {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: "{}".to_owned(),
        })
    });
    let (world, app, event) = admitted_on(BackendOptions {
        interceptor: Some(interceptor),
        ..BackendOptions::default()
    })
    .await;
    is_down.store(true, Ordering::Relaxed);
    let answer = answer(&app, &event).await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "5");
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "storage is temporarily unavailable",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 503,
      "title": "Service temporarily unavailable",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#unavailable"
    }
    "#);
    assert!(world.simulators.calls("magic").unwrap().is_empty());
}

#[tokio::test]
async fn each_line_about_a_request_has_its_id_and_names_the_order() {
    let (_world, app, event) = admitted().await;
    let logged = Logged::from_now();
    assert_eq!(answer(&app, &event).await.status(), 200);
    let lines = logged.with("request_id", "JKJaXmPLvHcESHA=").unwrap();
    let told = [
        "message",
        "operation",
        "status",
        "route",
        "client_id",
        "alias",
        "partner",
        "order_number",
        "shipment_type",
    ];
    let told: Vec<_> = lines
        .iter()
        .map(|line| told.map(|name| line[name].clone()))
        .collect();
    let about = |message: &str, operation: Value, route: Value| {
        json!([
            message,
            operation,
            200,
            route,
            "demo",
            "magic",
            "RMS_MAGIC",
            "asdf1234",
            "FORWARD",
        ])
    };
    assert_eq!(
        json!(told),
        json!([
            about("partner call answered", json!("book"), Value::Null),
            about("request answered", Value::Null, json!("/shipping-labels")),
        ])
    );
}

#[tokio::test]
async fn what_is_wrong_for_a_recommendation_is_named_in_the_label() {
    let (world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["logisticAccountAlias"] = "clickpost".into();
    body["courierId"] = Value::Null;
    body["dropAddress"]["country"] = "Qatar".into();
    body["dropAddress"]["countryCode"] = "QA".into();
    let refused = answer(&app, &event.with_body(&body)).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        json(&refused)["errors"][0]["pointer"],
        "/dropAddress/countryCode"
    );
    assert!(world.simulators.calls("clickpost").unwrap().is_empty());
}
