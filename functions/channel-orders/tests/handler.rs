//! The handler with an event as AWS sends it, on real tables, with the simulator of a shop.

use channel_orders::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use serde_json::{Value, json};

use crate::answer::json;

/// The demo's shop.
const SHOP: &str = "magento";

struct Selling {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Selling {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("channel-orders").unwrap();
        world.admit(&event).await.unwrap();
        let start = world.start_of("channel-orders").unwrap();
        Self {
            app: App::new(&start).unwrap(),
            world,
            event,
        }
    }

    async fn control(&self, method: &str, path: &str, body: &Value) {
        let base = &self.world.demo.channels[SHOP].base_url;
        let http = simulators::http_client::client().unwrap();
        let method = method.parse().unwrap();
        let request = http.request(method, format!("{base}/{path}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    async fn sell(&self, orders: &[Value]) {
        self.control("POST", "orders", &json!(orders)).await;
    }

    async fn get(&self, path: &str, parameters: &[(&str, &str)], query: &str) -> Response<Body> {
        let event = self.event.clone().without_path_parameters();
        let mut event = event.asking("GET", path, query);
        for (name, value) in parameters {
            event = event.with_path_parameter(name, value);
        }
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    async fn order(&self, id: &str, more: &str) -> Response<Body> {
        let path = format!("/channels/{SHOP}/orders/{id}{more}");
        let parameters = [("alias", SHOP), ("channelOrderId", id)];
        self.get(&path, &parameters, "").await
    }

    async fn list(&self, query: &str) -> Response<Body> {
        let path = format!("/channels/{SHOP}/orders");
        self.get(&path, &[("alias", SHOP)], query).await
    }

    async fn cancelled(&self, query: &str) -> Response<Body> {
        let path = format!("/channels/{SHOP}/cancelled-orders");
        self.get(&path, &[("alias", SHOP)], query).await
    }
}

fn sold(id: u64, updated_at: &str) -> Value {
    json!({
        "entity_id": id, "created_at": "2026-11-01 08:00:00", "updated_at": updated_at, "order_currency_code": "INR",
        "grand_total": 99.90, "status": "processing", "state": "processing",
        "items": [{ "item_id": id * 10, "product_type": "simple", "sku": format!("SKU-{id}"), "qty_ordered": 1 }],
    })
}

fn ids(body: &Value) -> Vec<u64> {
    let orders = body["orders"].as_array().unwrap().iter();
    let id = |order: &Value| order["channelOrderId"].as_str().unwrap().parse().unwrap();
    orders.map(id).collect()
}

fn kind(answer: &Response<Body>) -> String {
    let body = json(answer);
    let kind = body["type"].as_str().unwrap();
    kind.rsplit('#').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_order_is_shown_with_the_shop_s_digits() {
    let world = Selling::start().await;
    let text = std::fs::read_to_string(local_sample()).unwrap();
    world.sell(&[serde_json::from_str(&text).unwrap()]).await;
    let answer = world.order("11254", "").await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    for digits in [
        "\"grandTotal\":25980.5",
        "\"discount\":50.1,",
        "\"codFee\":50",
    ] {
        assert!(body.contains(digits), "{digits}: {body}");
    }
    assert_json_snapshot!(json(&answer));
}

/// An order in the shop's shape.
fn local_sample() -> std::path::PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    format!("{root}/docs/examples/magento-order.json").into()
}

#[tokio::test]
async fn a_status_is_read_and_an_unknown_order_is_not_found() {
    let world = Selling::start().await;
    world.sell(&[sold(7, "2026-11-02 08:00:00")]).await;
    let answer = world.order("7", "/status").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        json(&answer),
        json!({ "channelOrderId": "7", "status": "processing" })
    );
    for (id, more) in [
        ("8", ""),
        ("8", "/status"),
        ("no id", ""),
        ("M0007", "/status"),
    ] {
        let answer = world.order(id, more).await;
        assert_eq!(answer.status(), 404, "{id}{more}");
        assert_eq!(kind(&answer), "not-found");
    }
}

#[tokio::test]
async fn a_list_has_each_order_once_over_its_pages_in_the_order_of_their_change() {
    let world = Selling::start().await;
    // More orders of one second than a page has.
    let mut orders: Vec<Value> = (1..=70).map(|id| sold(id, "2026-11-02 08:00:00")).collect();
    orders.push(sold(71, "2026-11-01 09:00:00"));
    orders.push(sold(72, "2026-11-03 09:00:00"));
    world.sell(&orders).await;
    // What a shop says about its pages is not believed.
    let lies = json!({ "12": { "totalCount": 3, "repeatLastPage": true, "emptyFields": true } });
    world.control("PUT", "traps", &lies).await;
    let mut found = Vec::new();
    let mut query = String::new();
    loop {
        let answer = world.list(&query).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        let body = json(&answer);
        found.extend(ids(&body));
        assert_eq!(body["skipped"], json!([]));
        let Some(cursor) = body["cursor"].as_str() else {
            break;
        };
        query = format!("cursor={cursor}");
    }
    let expected: Vec<u64> = [71].into_iter().chain(1..=70).chain([72]).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_list_is_filtered_by_status_and_times() {
    let world = Selling::start().await;
    let mut other = sold(2, "2026-11-03 08:00:00");
    other["status"] = json!("pending payment");
    other["created_at"] = json!("2026-11-03 07:00:00");
    let mut cancelled = sold(3, "2026-11-04 08:00:00");
    cancelled["status"] = json!("canceled");
    let mut of_state = sold(4, "2026-11-05 08:00:00");
    of_state["status"] = json!("refused");
    of_state["state"] = json!("canceled");
    let first = sold(1, "2026-11-02 08:00:00");
    world.sell(&[first, other, cancelled, of_state]).await;
    for (query, expected) in [
        ("status=pending%20payment", vec![2]),
        ("status=pending+payment", vec![2]),
        ("createdSince=2026-11-03T07:00:00Z", vec![2]),
        ("updatedSince=2026-11-04T13:30:00%2B05:30", vec![3, 4]),
        ("status=none", vec![]),
    ] {
        let answer = world.list(query).await;
        assert_eq!(ids(&json(&answer)), expected, "{query}");
    }
    assert_eq!(ids(&json(&world.cancelled("").await)), [3, 4]);
    let since = "updatedSince=2026-11-05T00:00:00Z";
    assert_eq!(ids(&json(&world.cancelled(since).await)), [4]);
}

#[tokio::test]
async fn one_bad_order_is_skipped_and_named() {
    let world = Selling::start().await;
    let orders: Vec<Value> = (1..=9).map(|id| sold(id, "2026-11-02 08:00:00")).collect();
    world.sell(&orders).await;
    let mut bad = sold(10, "2026-11-02 08:00:00");
    bad["order_currency_code"] = json!("rupees");
    world.sell(&[bad]).await;
    world
        .control("PUT", "traps", &json!({ "12": { "poison": [4] } }))
        .await;
    let body = json(&world.list("").await);
    assert_eq!(ids(&body), [1, 2, 3, 5, 6, 7, 8, 9]);
    let skipped = body["skipped"].as_array().unwrap();
    assert_eq!(skipped[0]["channelOrderId"], "4");
    assert_eq!(
        skipped[1],
        json!({ "channelOrderId": "10", "detail": "order_currency_code is missing or invalid" })
    );
    assert_eq!(body["cursor"], Value::Null);
}

#[tokio::test]
async fn a_wrong_parameter_and_the_cursor_of_another_list_are_refused() {
    let world = Selling::start().await;
    let orders: Vec<Value> = (1..=51).map(|id| sold(id, "2026-11-02 08:00:00")).collect();
    world.sell(&orders).await;
    let page = json(&world.list("").await);
    let cursor = page["cursor"].as_str().unwrap();
    assert_eq!(world.list(&format!("cursor={cursor}")).await.status(), 200);
    let with_status = format!("cursor={cursor}&status=processing");
    for (query, name) in [
        ("cursor=abc", "cursor"),
        (with_status.as_str(), "cursor"),
        ("createdSince=yesterday", "createdSince"),
        ("updatedSince=2026-11-02", "updatedSince"),
        ("status=%20", "status"),
    ] {
        let answer = world.list(query).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(kind(&answer), "invalid-parameter");
        let detail = json(&answer)["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(name), "{detail}");
    }
    let of_another = world.cancelled(&format!("cursor={cursor}")).await;
    assert_eq!(of_another.status(), 400);
}

#[tokio::test]
async fn an_unknown_account_and_a_channel_without_orders_are_told_apart() {
    let world = Selling::start().await;
    for (alias, status, slug) in [
        ("unknown", 404, "not-found"),
        ("no alias", 404, "not-found"),
        ("shopify", 422, "capability-not-supported"),
    ] {
        let path = format!("/channels/{alias}/orders");
        let answer = world.get(&path, &[("alias", alias)], "").await;
        assert_eq!(answer.status(), status, "{alias}");
        assert_eq!(kind(&answer), slug);
    }
}

#[tokio::test]
async fn the_shop_s_failures_have_problems_of_their_own() {
    let world = Selling::start().await;
    world.sell(&[sold(7, "2026-11-02 08:00:00")]).await;
    for (fault, status, slug) in [
        (
            json!({ "kind": "status", "status": 503 }),
            503,
            "channel-unavailable",
        ),
        (
            json!({ "kind": "status", "status": 429 }),
            503,
            "channel-unavailable",
        ),
        (
            json!({ "kind": "status", "status": 401 }),
            502,
            "channel-credentials",
        ),
        (json!({ "kind": "garbage" }), 502, "channel-unreadable"),
        (json!({ "kind": "reset" }), 503, "channel-unavailable"),
    ] {
        let mut fault = fault;
        fault["call"] = json!("getOrder");
        world
            .control("PUT", "faults", &json!({ "next": [fault] }))
            .await;
        let answer = world.order("7", "").await;
        assert_eq!(
            (answer.status().as_u16(), kind(&answer)),
            (status, slug.to_owned()),
            "{fault}"
        );
    }
    let refused = json!({ "next": [{ "call": "getOrder", "kind": "refuse", "message": "no %1" }] });
    world.control("PUT", "faults", &refused).await;
    let answer = world.order("7", "").await;
    assert_eq!(answer.status(), 422);
    assert_eq!(kind(&answer), "refused-by-channel");
    assert_eq!(
        json(&answer)["channel"],
        json!({ "name": "MAGENTO", "code": "400", "message": "no %1" })
    );
}
