//! The handler with an event as AWS sends it, on real tables and with the aggregator's simulator.

use exchange::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use serde_json::{Value, json};

use crate::answer::{json, text};

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, App, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("exchange").unwrap();
    world.admit(&event).await.unwrap();
    let app = App::new(&world.start_of("exchange").unwrap()).unwrap();
    (world, app, event)
}

async fn answer(app: &App, event: &HttpEvent) -> Response<Body> {
    handle(app, request::from_str(&event.to_string()).unwrap()).await
}

/// The slug of a problem, and the pointers of its errors.
fn problem(answer: &Response<Body>) -> (u16, String, Vec<String>) {
    let body = json(answer);
    let kind = body["type"].as_str().unwrap();
    let (_, slug) = kind.split_once('#').unwrap();
    let errors = body["errors"].as_array().into_iter().flatten();
    let pointers = errors.map(|error| error["pointer"].as_str().unwrap().to_owned());
    (
        answer.status().as_u16(),
        slug.to_owned(),
        pointers.collect(),
    )
}

fn called(world: &HandlerWorld, path: &str) -> usize {
    let calls = world.simulators.calls("shiprocket").unwrap();
    calls.iter().filter(|call| call.path.contains(path)).count()
}

#[tokio::test]
async fn an_exchange_is_ordered_once_and_both_shipments_are_returned() {
    let (world, app, event) = admitted().await;
    let first = answer(&app, &event).await;
    assert_eq!(first.status(), 200, "{}", text(&first));
    let redacted = "[given by the aggregator]";
    assert_json_snapshot!(json(&first), {
        ".forward.awb" => redacted, ".forward.orderId" => redacted, ".forward.shippingLabelUrl" => redacted,
        ".return.returnAwb" => redacted, ".return.orderId" => redacted,
    }, @r#"
    {
      "forward": {
        "awb": "[given by the aggregator]",
        "carrierName": "Delhivery Surface",
        "orderId": "[given by the aggregator]",
        "shippingLabelUrl": "[given by the aggregator]"
      },
      "return": {
        "carrierName": "Delhivery Reverse",
        "orderId": "[given by the aggregator]",
        "returnAwb": "[given by the aggregator]"
      }
    }
    "#);
    let body = json(&first);
    assert_ne!(body["forward"]["awb"], body["return"]["returnAwb"]);

    let repeat = answer(&app, &event).await;
    assert_eq!(repeat.headers()["idempotent-replayed"], "true");
    assert_eq!(text(&repeat), text(&first));
    assert_eq!(called(&world, "orders/create/exchange"), 1);
    assert_eq!(called(&world, "assign/awb"), 2);
}

#[tokio::test]
async fn the_only_account_that_makes_exchanges_needs_no_name() {
    let (_world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["logisticAccountAlias"] = Value::Null;
    let first = answer(&app, &event.clone().with_body(&body)).await;
    assert_eq!(first.status(), 200, "{}", text(&first));
    let named = answer(&app, &event).await;
    assert_eq!(named.headers()["idempotent-replayed"], "true");
}

#[tokio::test]
async fn an_account_without_exchanges_is_refused_before_anything_is_sent() {
    let (world, app, event) = admitted().await;
    for alias in ["magic", "clickpost", "shipway"] {
        let mut body = event.body().unwrap();
        body["logisticAccountAlias"] = json!(alias);
        let refused = answer(&app, &event.clone().with_body(&body)).await;
        let expected = (422, "capability-not-supported".to_owned(), vec![]);
        assert_eq!(problem(&refused), expected, "{alias}");
        assert!(world.simulators.calls(alias).unwrap().is_empty());
    }
    let mut body = event.body().unwrap();
    body["logisticAccountAlias"] = json!("none");
    let unknown = answer(&app, &event.clone().with_body(&body)).await;
    let alias = vec!["/logisticAccountAlias".to_owned()];
    assert_eq!(
        problem(&unknown),
        (422, "unknown-account-alias".to_owned(), alias)
    );
}

#[tokio::test]
async fn a_number_in_use_is_named() {
    let (world, app, event) = admitted().await;
    assert_eq!(answer(&app, &event).await.status(), 200);
    let reused = async |change: fn(&mut Value)| {
        let mut body = event.body().unwrap();
        change(&mut body);
        let (status, slug, pointers) =
            problem(&answer(&app, &event.clone().with_body(&body)).await);
        assert_eq!((status, slug.as_str()), (422, "order-number-reused"));
        pointers
    };
    let (forward, returned) = ("/exchangeOrderNumber", "/returnOrderCode");
    let other = |body: &mut Value| body["forward"]["dropAddress"]["zip"] = json!("560103");
    assert_eq!(reused(other).await, [forward, returned]);
    let other = |body: &mut Value| body["returnOrderCode"] = json!("other");
    assert_eq!(reused(other).await, [forward]);
    let other = |body: &mut Value| body["exchangeOrderNumber"] = json!("other");
    assert_eq!(reused(other).await, [returned]);
    assert_eq!(called(&world, "orders/create/exchange"), 1);
}

#[tokio::test]
async fn what_the_aggregator_cannot_exchange_is_refused_with_pointers_into_the_halves() {
    let (world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["forward"]["orderDetails"]["paymentType"] = json!("COD");
    body["return"]["orderDetails"]["orderAmount"] = json!(1);
    body["return"]["pickupAddress"]["phone"] = Value::Null;
    let refused = answer(&app, &event.clone().with_body(&body)).await;
    let expected = [
        "/forward/orderDetails/paymentType",
        "/return/orderDetails/orderAmount",
        "/return/pickupAddress/phone",
    ];
    assert_eq!(
        problem(&refused),
        (
            422,
            "invalid-request".to_owned(),
            expected.map(str::to_owned).to_vec()
        )
    );
    assert!(world.simulators.calls("shiprocket").unwrap().is_empty());
    // Nothing was claimed for good.
    assert_eq!(answer(&app, &event).await.status(), 200);
}

#[tokio::test]
async fn every_missing_field_of_both_halves_is_named() {
    let (_world, app, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["exchangeOrderNumber"] = Value::Null;
    body["forward"]["shipmentDimension"]["weight"] = Value::Null;
    body["return"]["returnReason"] = Value::Null;
    let (_, _, pointers) = problem(&answer(&app, &event.clone().with_body(&body)).await);
    let expected = [
        "/exchangeOrderNumber",
        "/forward/shipmentDimension/weight",
        "/return/returnReason",
    ];
    assert_eq!(pointers, expected);
}
