//! The handler with an event as AWS sends it, on real tables and with the aggregator's simulator.

use std::time::{Duration, Instant};

use insta::{assert_json_snapshot, assert_snapshot};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use recommend_couriers::{App, handle};
use serde_json::{Value, json as value};

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

/// The event for an account that predicts dates, with faults of its next calls.
fn predicted(world: &HandlerWorld, event: &HttpEvent, faults: &Value) -> HttpEvent {
    let faults = value!({ "next": faults });
    world.simulators.set_faults("clickpost", faults).unwrap();
    let mut body = event.body().unwrap();
    body["logisticAccountAlias"] = "clickpost".into();
    event.clone().with_body(&body)
}

/// The couriers of an answer, and those of them with dates of delivery.
fn couriers(answer: &Response<Body>) -> [Vec<Value>; 2] {
    let answer = json(answer);
    let couriers = answer["couriers"].as_array().unwrap();
    let ids = |couriers: Vec<&Value>| {
        let ids = couriers.into_iter().map(|courier| &courier["courierId"]);
        ids.cloned().collect()
    };
    let dated = couriers
        .iter()
        .filter(|courier| courier.get("deliveryBy").is_some());
    [ids(couriers.iter().collect()), ids(dated.collect())]
}

fn paths(world: &HandlerWorld) -> Vec<String> {
    let calls = world.simulators.calls("clickpost").unwrap();
    let path = |call: &simulators::Call| call.path.split('?').next().unwrap().to_owned();
    let mut paths: Vec<_> = calls.iter().map(path).collect();
    paths.sort();
    paths
}

const RECOMMENDED: &str = "/clickpost/api/v1/recommendation_api/";
const PREDICTED: &str = "/clickpost/api/v2/predicted_sla_api/";

#[tokio::test]
async fn dates_of_delivery_come_from_a_call_beside_the_recommendation() {
    let (world, app, event) = admitted().await;
    let slow = value!([{ "call": "predictSla", "kind": "slow", "delayMs": 300 }]);
    let answer = answer(&app, &predicted(&world, &event, &slow)).await;
    assert_eq!(answer.status(), 200);
    let dated = value!([4, 5, 6]);
    assert_eq!(couriers(&answer)[1], *dated.as_array().unwrap());
    let first = &json(&answer)["couriers"][0];
    let names: Vec<_> = first.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["courierId", "courierName", "deliveryBy", "priority"]
    );
    let (earliest, latest) = (
        first["deliveryBy"]["earliest"].as_str().unwrap(),
        first["deliveryBy"]["latest"].as_str().unwrap(),
    );
    assert!(earliest.len() == 10 && earliest < latest, "{first}");
    assert_eq!(paths(&world), [RECOMMENDED, PREDICTED]);
}

#[tokio::test]
async fn a_recommendation_needs_no_dates() {
    let (world, app, event) = admitted().await;
    for fault in [
        value!({ "kind": "status", "status": 500 }),
        value!({ "kind": "status", "status": 429 }),
        value!({ "kind": "garbage" }),
        value!({ "kind": "reset" }),
        value!({ "kind": "refuse" }),
        value!({ "kind": "changed", "changes": { "/result/0/all_map": [] } }),
    ] {
        let mut fault = fault;
        fault["call"] = "predictSla".into();
        let answer = answer(&app, &predicted(&world, &event, &value!([fault]))).await;
        assert_eq!(answer.status(), 200, "{fault}");
        let [all, dated] = couriers(&answer);
        assert_eq!((all.len(), dated.len()), (4, 0), "{fault}");
    }
}

#[tokio::test]
async fn dates_are_waited_for_no_longer_than_two_seconds() {
    let (world, app, event) = admitted().await;
    for kind in ["timeoutBeforeEffect", "slow"] {
        let late = value!([{ "call": "predictSla", "kind": kind, "delayMs": 8000 }]);
        let began = Instant::now();
        let answer = answer(&app, &predicted(&world, &event, &late)).await;
        let took = began.elapsed();
        assert_eq!(answer.status(), 200);
        let [all, dated] = couriers(&answer);
        assert_eq!((all.len(), dated.len()), (4, 0), "{kind}");
        let expected = Duration::from_secs(2)..Duration::from_secs(6);
        assert!(expected.contains(&took), "{kind}: {took:?}");
    }
}

#[tokio::test]
async fn a_failed_recommendation_does_not_wait_for_dates() {
    let (world, app, event) = admitted().await;
    let faults = value!([
        { "call": "recommend", "kind": "status", "status": 500 },
        { "call": "predictSla", "kind": "slow", "delayMs": 8000 },
    ]);
    let began = Instant::now();
    let failed = answer(&app, &predicted(&world, &event, &faults)).await;
    assert_eq!(failed.status(), 503);
    assert!(began.elapsed() < Duration::from_millis(1900));
}

#[tokio::test]
async fn an_invalid_route_asks_nothing() {
    let (world, app, event) = admitted().await;
    let mut body = predicted(&world, &event, &value!([])).body().unwrap();
    body["dropPincode"] = "Al Quoz".into();
    let refused = answer(&app, &event.clone().with_body(&body)).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(json(&refused)["errors"][0]["pointer"], "/dropPincode");
    body["dropPincode"] = "380001".into();
    body["currencyCode"] = "AED".into();
    let refused = answer(&app, &event.with_body(&body)).await;
    assert_eq!(refused.status(), 422);
    assert!(paths(&world).is_empty());
}
