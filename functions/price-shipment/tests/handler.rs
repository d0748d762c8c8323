//! The handler with an event as AWS sends it, on real tables and with the provider's simulator.

use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use price_shipment::{App, handle};
use serde_json::{Value, json as value};

use crate::answer::json;

const GOODS: &str = "/v3/fulfillment/pricing/domestic";
const PARCEL: &str = "/v3/pricing/domestic";

/// A handler that accepts the event's caller.
struct Pricing {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Pricing {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("price-shipment").unwrap();
        world.admit(&event).await.unwrap();
        let app = App::new(&world.start_of("price-shipment").unwrap()).unwrap();
        Self { world, app, event }
    }

    async fn ask(&self, path: &str, body: &Value) -> Response<Body> {
        let event = self.event.clone().asking("POST", path, "").with_body(body);
        let event = match path.strip_prefix("/v3/pricing/domestic/") {
            Some(rate) => event.with_path_parameter("rate_type", rate),
            None => event,
        };
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    /// The answer to a question with other values.
    async fn ask_with(&self, path: &str, changes: &[(&str, Value)]) -> Response<Body> {
        let mut body = if path == GOODS {
            self.event.body().unwrap()
        } else {
            parcel()
        };
        for (pointer, value) in changes {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent = body.pointer_mut(parent).unwrap();
            match parent.as_array_mut() {
                Some(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
                None => parent[name] = value.clone(),
            }
        }
        self.ask(path, &body).await
    }

    fn fault(&self, fault: &Value) {
        let mut fault = fault.clone();
        fault["call"] = "pricing".into();
        let faults = value!({ "next": [fault] });
        self.world.simulators.set_faults("shipper", faults).unwrap();
    }

    fn calls(&self) -> Vec<simulators::Call> {
        self.world.simulators.calls("shipper").unwrap()
    }
}

fn parcel() -> Value {
    value!({
        "origin": { "area_id": 30101 },
        "destination": { "area_id": 31501, "lat": "-6.906", "lng": "107.619" },
        "for_order": true, "cod": false,
        "height": 10, "length": 10.5, "width": 10, "weight": 0.45,
        "item_value": 210_000, "limit": 2, "sort_by": ["final_price"],
    })
}

/// The code and the pointer of each error.
fn errors(answer: &Response<Body>) -> Vec<(String, String)> {
    let answer = json(answer);
    assert_eq!(answer["data"], Value::Null, "{answer}");
    let errors = answer["metadata"]["errors"].as_array().unwrap();
    let word = |error: &Value, name: &str| error[name].as_str().unwrap_or("-").to_owned();
    errors
        .iter()
        .map(|error| (word(error, "code"), word(error, "pointer")))
        .collect()
}

fn invalid(pointers: &[&str]) -> Vec<(String, String)> {
    let error = |pointer: &&str| ("invalid-request".to_owned(), (*pointer).to_owned());
    pointers.iter().map(error).collect()
}

#[tokio::test]
async fn goods_are_priced_with_one_call_in_the_provider_s_terms() {
    let pricing = Pricing::start().await;
    let answer = pricing.ask_with(GOODS, &[]).await;
    assert_eq!(answer.status(), 200);
    let answer = json(&answer);
    let metadata = &answer["metadata"];
    assert_eq!(metadata["path"], GOODS);
    assert_eq!(
        (&metadata["http_status_code"], &metadata["http_status"]),
        (&value!(200), &value!("OK"))
    );
    let first = &answer["data"]["pricings"][0];
    assert_eq!(first["currency"], "IDR");
    assert!(
        first["final_price"].is_u64() && first["rate"]["id"].is_u64(),
        "{first}"
    );
    let calls = pricing.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].path, "/shipper/v3/fulfillment/pricing/domestic");
    assert_eq!(calls[0].body, pricing.event.body().unwrap());
}

#[tokio::test]
async fn a_parcel_is_priced_for_all_rates_or_for_one() {
    let pricing = Pricing::start().await;
    let answer = json(&pricing.ask_with(PARCEL, &[]).await);
    assert_eq!(answer["data"]["pricings"].as_array().unwrap().len(), 2);
    assert_eq!(answer["pagination"]["current_elements"], 2);
    assert!(answer["pagination"]["total_elements"].as_u64().unwrap() > 2);
    assert_eq!(pricing.calls()[0].body, parcel());

    let answer = json(&pricing.ask_with("/v3/pricing/domestic/express", &[]).await);
    let pricings = answer["data"]["pricings"].as_array().unwrap();
    assert!(!pricings.is_empty());
    assert!(
        pricings
            .iter()
            .all(|price| price["rate"]["type"] == "Express"),
        "{answer}"
    );
    assert_eq!(answer["metadata"]["path"], "/v3/pricing/domestic/express");
    assert_eq!(pricing.calls().len(), 2);
}

#[tokio::test]
async fn coordinates_may_be_numbers_and_are_sent_as_texts() {
    let pricing = Pricing::start().await;
    let numbers = value!({ "area_id": "31501", "lat": -6.906, "lng": 107.619 });
    let answer = pricing.ask_with(PARCEL, &[("/destination", numbers)]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(pricing.calls()[0].body, parcel());
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_nothing_is_sent() {
    let pricing = Pricing::start().await;
    for (path, changes, pointers) in [
        (
            GOODS,
            vec![("/skus/0/weight", value!(0))],
            vec!["/skus/0/weight"],
        ),
        (
            GOODS,
            vec![("/skus/0/quantity", value!(-1))],
            vec!["/skus/0/quantity"],
        ),
        (
            GOODS,
            vec![("/skus/0/quantity", value!(0))],
            vec!["/skus/0/quantity"],
        ),
        (
            GOODS,
            vec![("/skus/0/height", value!(null))],
            vec!["/skus/0/height"],
        ),
        (GOODS, vec![("/skus", value!([]))], vec!["/skus"]),
        (
            GOODS,
            vec![("/order_price", value!(3e38))],
            vec!["/order_price"],
        ),
        (
            GOODS,
            vec![("/order_price", value!(0.5))],
            vec!["/order_price"],
        ),
        (
            GOODS,
            vec![("/for_order", value!("yes"))],
            vec!["/for_order"],
        ),
        (
            GOODS,
            vec![("/rate_type_id", value!("overnight"))],
            vec!["/rate_type_id"],
        ),
        (
            GOODS,
            vec![("/origin/area_id", value!(null))],
            vec!["/origin/area_id"],
        ),
        (
            GOODS,
            vec![("/origin/area_id", value!(0)), ("/destination", value!(7))],
            vec!["/origin/area_id", "/destination"],
        ),
        (
            GOODS,
            vec![("/rate_type_id", value!("instant"))],
            vec![
                "/origin/lat",
                "/origin/lng",
                "/destination/lat",
                "/destination/lng",
            ],
        ),
        (
            PARCEL,
            vec![("/weight", value!(0)), ("/item_value", value!(-1))],
            vec!["/weight", "/item_value"],
        ),
        (
            PARCEL,
            vec![("/length", value!(3e38)), ("/limit", value!(0))],
            vec!["/length", "/limit"],
        ),
        (
            PARCEL,
            vec![("/destination/lng", value!(null))],
            vec!["/destination/lng"],
        ),
        (
            PARCEL,
            vec![("/destination/lat", value!("-91"))],
            vec!["/destination/lat"],
        ),
        (
            PARCEL,
            vec![("/origin", value!({}))],
            vec!["/origin/area_id"],
        ),
        (
            "/v3/pricing/domestic/same-day",
            vec![],
            vec!["/origin/lat", "/origin/lng"],
        ),
    ] {
        let answer = pricing.ask_with(path, &changes).await;
        assert_eq!(answer.status(), 422, "{changes:?}");
        assert_eq!(errors(&answer), invalid(&pointers), "{changes:?}");
    }
    assert!(pricing.calls().is_empty());
}

#[tokio::test]
async fn an_unknown_kind_of_rate_and_a_broken_body_are_400() {
    let pricing = Pricing::start().await;
    let answer = pricing
        .ask_with("/v3/pricing/domestic/overnight", &[])
        .await;
    assert_eq!(answer.status(), 400);
    assert_eq!(
        errors(&answer),
        [("invalid-parameter".to_owned(), "-".to_owned())]
    );
    let mut event: Value = serde_json::from_str(&pricing.event.to_string()).unwrap();
    event["body"] = "{".into();
    let broken = handle(&pricing.app, request::from_str(&event.to_string()).unwrap()).await;
    assert_eq!(broken.status(), 400);
    assert_eq!(errors(&broken)[0].0, "malformed-json");
    assert!(pricing.calls().is_empty());
}

#[tokio::test]
async fn what_the_provider_refuses_is_the_caller_s_422() {
    let pricing = Pricing::start().await;
    let elsewhere = [
        ("/destination/lat", value!("-7.259")),
        ("/destination/lng", value!("112.747")),
    ];
    let answer = pricing.ask_with(PARCEL, &elsewhere).await;
    assert_eq!(answer.status(), 422);
    let error = &json(&answer)["metadata"]["errors"][0];
    assert_eq!(error["code"], "refused-by-aggregator");
    assert!(
        error["message"].as_str().unwrap().contains("do not match"),
        "{error}"
    );
    pricing.fault(&value!({ "kind": "refuse", "message": "31006: area is not served" }));
    let answer = pricing.ask_with(PARCEL, &[]).await;
    assert_eq!(answer.status(), 422);
    let error = &json(&answer)["metadata"]["errors"][0];
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .ends_with("area is not served (31006)"),
        "{error}"
    );
    let remote = pricing
        .ask_with(PARCEL, &[("/destination", value!({ "area_id": 39401 }))])
        .await;
    assert_eq!(json(&remote)["data"]["pricing_errors"][0]["code"], 31006);
}

#[tokio::test]
async fn a_provider_that_fails_is_no_fault_of_the_caller() {
    let pricing = Pricing::start().await;
    for (fault, status, code) in [
        (
            value!({ "kind": "status", "status": 500 }),
            503,
            "aggregator-unavailable",
        ),
        (value!({ "kind": "reset" }), 503, "aggregator-unavailable"),
        (
            value!({ "kind": "status", "status": 429 }),
            503,
            "aggregator-unavailable",
        ),
        (value!({ "kind": "garbage" }), 502, "aggregator-unreadable"),
        (
            value!({ "kind": "changed", "changes": { "/data/pricings": {} } }),
            502,
            "aggregator-unreadable",
        ),
        (
            value!({ "kind": "status", "status": 401 }),
            502,
            "aggregator-credentials",
        ),
    ] {
        pricing.fault(&fault);
        let answer = pricing.ask_with(PARCEL, &[]).await;
        assert_eq!(answer.status(), status, "{fault}");
        assert_eq!(errors(&answer)[0].0, code, "{fault}");
    }
    assert_eq!(pricing.calls().len(), 6, "each was asked once");
}

#[tokio::test]
async fn another_account_has_no_prices() {
    let pricing = Pricing::start().await;
    for (alias, code) in [
        ("magic", "capability-not-supported"),
        ("unknown", "unknown-account-alias"),
    ] {
        let answer = pricing
            .ask_with(GOODS, &[("/logisticAccountAlias", value!(alias))])
            .await;
        assert_eq!(answer.status(), 422);
        assert_eq!(errors(&answer)[0].0, code);
    }
    let named = pricing
        .ask_with(GOODS, &[("/logisticAccountAlias", value!("shipper"))])
        .await;
    assert_eq!(named.status(), 200);
    assert_eq!(pricing.calls()[0].body.get("logisticAccountAlias"), None);
}

#[tokio::test]
async fn an_unknown_key_is_refused_in_the_envelope() {
    let pricing = Pricing::start().await;
    let event = pricing
        .event
        .clone()
        .with_header("authorization", Some("Bearer rms_unknown"));
    let answer = handle(&pricing.app, request::from_str(&event.to_string()).unwrap()).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(errors(&answer)[0].0, "unauthenticated");
}
