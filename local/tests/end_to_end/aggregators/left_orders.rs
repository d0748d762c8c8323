//! What a refusal leaves at an aggregator: it is cancelled before another order is made under the same number, or named.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::stack::{Options, Stack};
use logistics::domain::account::LogisticAccount;
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, ORDERS, RETURNS, World};
use crate::demo;

/// The aggregators whose orders exist before their AWBs.
const ALIASES: [&str; 2] = ["shiprocket", "shipway"];

/// A request for a label of an order, told from others by its amount.
fn label(alias: &str, number: &str, amount: u32) -> Value {
    let mut request = requests::label(alias, number);
    request["orderDetails"]["orderAmount"] = json!(amount);
    request
}

impl World {
    /// Asks for a label; the aggregator takes the order and refuses its AWB.
    async fn refused(&self, alias: &str, number: &str, amount: u32) {
        let mut request = label(alias, number, amount);
        if alias == "shipway" {
            // Its wallet is empty.
            request["courierId"] = json!(7109);
        } else {
            self.fault(alias, "assignAwb", "refuse").await;
        }
        let refused = self.post(LABELS, &request).await;
        refused.problem(422, "refused-by-aggregator");
    }

    /// The orders at an aggregator that are not cancelled, as it calls them.
    async fn living(&self, alias: &str) -> Vec<String> {
        let account = demo::account(&self.stack, alias).await;
        let secret = |name: &str| account.credentials[name].expose_secret().to_owned();
        let base = format!("{}/{alias}", self.stack.simulator_url());
        let (request, list, is_cancelled): (_, _, fn(&Value) -> bool) = if alias == "shipway" {
            let get = self.client.get(format!("{base}/api/getorders"));
            let get = get.basic_auth(secret("email"), Some(secret("licenseKey")));
            let is_cancelled = |order: &Value| order["shipment_status"] == "CAN";
            (get, "/message", is_cancelled)
        } else {
            let login = json!({ "email": secret("email"), "password": secret("password") });
            let url = format!("{base}/v1/external/auth/login");
            let session = self.client.post(url).json(&login).send().await.unwrap();
            let session: Value = session.json().await.unwrap();
            let get = self.client.get(format!("{base}/v1/external/orders"));
            let get = get.bearer_auth(session["token"].as_str().unwrap());
            let is_cancelled = |order: &Value| order["status"] == "CANCELED";
            (get, "/data", is_cancelled)
        };
        let listed: Value = request.send().await.unwrap().json().await.unwrap();
        let orders = listed.pointer(list).and_then(Value::as_array);
        let orders = orders.unwrap_or_else(|| panic!("{listed}")).iter();
        let name = if alias == "shipway" { "order_id" } else { "id" };
        let living = orders.filter(|order| !is_cancelled(order));
        let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        living.map(|order| text(&order[name])).collect()
    }

    /// What the audit says of orders, the newest first: their numbers, and what is left of them.
    async fn audited(&self) -> Vec<(Value, Value)> {
        let audit = self.query("/audit").await.ok();
        let changes = audit["changes"].as_array().unwrap().iter();
        let of_orders = changes.filter(|change| change["subject"] == "ORDER");
        of_orders
            .map(|change| {
                assert_eq!(change["action"], "LEFT");
                (change["id"].clone(), change["leftOrders"].clone())
            })
            .collect()
    }
}

#[tokio::test]
async fn what_refusals_left_is_cancelled_before_another_order_is_made() {
    let world = World::start().await;
    for alias in ALIASES {
        world.refused(alias, "X", 230).await;
        world.refused(alias, "X", 240).await;
        assert_eq!(world.living(alias).await.len(), 1, "{alias}");
        let bought = world.post(LABELS, &label(alias, "X", 250)).await.ok();
        assert_eq!(bought["leftOrders"], Value::Null, "{alias}");
        assert_eq!(
            world.living(alias).await,
            [bought["orderId"].as_str().unwrap()]
        );
        world.delete(LABELS, "X").await.ok();
        // Shipway takes the AWB off the order, and keeps the order.
        let rest = usize::from(alias == "shipway");
        assert_eq!(world.living(alias).await.len(), rest, "{alias}");
        assert!(world.audited().await.is_empty());
    }
}

#[tokio::test]
async fn an_order_without_a_label_takes_the_place_of_what_a_refusal_left() {
    let world = World::start().await;
    for alias in ALIASES {
        world.refused(alias, "X", 230).await;
        let created = world.post(ORDERS, &label(alias, "X", 240)).await;
        assert_eq!(created.status, 201, "{alias} {created:?}");
        let created = created.json();
        assert_eq!(
            world.living(alias).await,
            [created["orderId"].as_str().unwrap()]
        );
        world.delete(LABELS, "X").await.ok();
        assert!(world.living(alias).await.is_empty(), "{alias}");
    }
}

#[tokio::test]
async fn the_same_request_continues_the_order_that_its_refusal_left() {
    let world = World::start().await;
    for alias in ALIASES {
        world.refused(alias, "X", 230).await;
        let left = world.living(alias).await;
        world.post(LABELS, &label(alias, "X", 230)).await.ok();
        assert_eq!(world.living(alias).await, left, "{alias}");
        world.delete(LABELS, "X").await.ok();
    }
}

#[tokio::test]
async fn an_order_that_the_aggregator_keeps_is_named_in_answers_and_audit() {
    let world = World::start().await;
    for alias in ALIASES {
        let number = format!("kept-{alias}");
        world.refused(alias, &number, 230).await;
        let left = world.living(alias).await;
        world.fault(alias, "cancel", "refuse").await;
        let request = label(alias, &number, 240);
        let bought = world.post(LABELS, &request).await.ok();
        assert_eq!(bought["leftOrders"], json!(left), "{alias}");
        let audited = world.audited().await;
        assert_eq!(audited[0], (json!(number), json!(left)), "{alias}");
        // Every later answer says so, and the aggregator is not asked again.
        let asked = world.asked(alias, "ancel");
        assert_eq!(world.post(LABELS, &request).await.ok(), bought);
        assert_eq!(world.get(LABELS, &number).await.ok(), bought);
        assert_eq!(world.asked(alias, "ancel"), asked);
        world.delete(LABELS, &number).await.ok();
        assert!(world.living(alias).await.contains(&left[0]), "{alias}");
        let again = world.post(LABELS, &label(alias, &number, 250)).await.ok();
        assert_eq!(again["leftOrders"], json!(left), "{alias}");
        assert_eq!(world.audited().await, audited);
    }
}

#[tokio::test]
async fn nothing_is_made_while_it_is_unknown_whether_what_is_left_is_cancelled() {
    let world = World::start().await;
    for alias in ALIASES {
        for kind in ["timeoutBeforeEffect", "timeoutAfterEffect", "status"] {
            let number = format!("{alias}-{kind}");
            world.refused(alias, &number, 230).await;
            let created = world.asked(alias, creation(alias));
            world
                .faults(
                    alias,
                    json!([{ "call": "cancel", "kind": kind, "status": 503 }]),
                )
                .await;
            let unclear = world.post(LABELS, &label(alias, &number, 240)).await;
            unclear.problem(504, "outcome-unknown");
            assert_eq!(world.asked(alias, creation(alias)), created, "{number}");
            // Another content is as good: nothing was made for the one before.
            let before = world.living(alias).await.len();
            let bought = world.post(LABELS, &label(alias, &number, 250)).await.ok();
            assert_eq!(bought["leftOrders"], Value::Null, "{number}");
            let living = world.living(alias).await;
            assert!(living.contains(&bought["orderId"].as_str().unwrap().to_owned()));
            // One in the place of another, or where another was cancelled without an answer.
            let was_cancelled = usize::from(kind == "timeoutAfterEffect");
            assert_eq!(living.len(), before + was_cancelled, "{number}");
        }
    }
}

/// Where an aggregator makes orders.
fn creation(alias: &str) -> &'static str {
    match alias {
        "shipway" => "/v2orders",
        _ => "/orders/create/adhoc",
    }
}

#[tokio::test]
async fn what_a_failed_cancellation_left_is_cancelled_by_a_delete() {
    let world = World::start().await;
    for alias in ALIASES {
        world.refused(alias, "X", 230).await;
        world.fault(alias, "cancel", "timeoutBeforeEffect").await;
        let unclear = world.post(LABELS, &label(alias, "X", 240)).await;
        unclear.problem(504, "outcome-unknown");
        assert_eq!(world.living(alias).await.len(), 1, "{alias}");
        world.delete(LABELS, "X").await.ok();
        assert!(world.living(alias).await.is_empty(), "{alias}");
        world.post(LABELS, &label(alias, "X", 250)).await.ok();
        world.delete(LABELS, "X").await.ok();
    }
}

#[tokio::test]
async fn a_crash_between_the_cancellation_and_the_order_is_made_good_by_a_repeat() {
    let is_down = Arc::new(AtomicBool::new(false));
    let down = is_down.clone();
    let interceptor = Interceptor::new(move |call: &BackendCall| {
        let is_record =
            call.target.ends_with(".TransactWriteItems") && call.moment == Moment::BeforeEffect;
        (is_record && down.load(Ordering::SeqCst)).then(|| Instead {
            status: StatusCode::BAD_REQUEST,
            body: "{}".to_owned(),
        })
    });
    let options = Options {
        interceptor: Some(interceptor),
        ..Options::default()
    };
    let world = World {
        stack: Stack::start(options).await.unwrap(),
        client: simulators::http_client::client().unwrap(),
    };
    for alias in ALIASES {
        world.refused(alias, alias, 230).await;
        let created = world.asked(alias, creation(alias));
        is_down.store(true, Ordering::SeqCst);
        let request = label(alias, alias, 240);
        let broken = world.post(LABELS, &request).await;
        assert!(broken.status >= 500, "{alias} {broken:?}");
        is_down.store(false, Ordering::SeqCst);
        assert!(world.living(alias).await.is_empty(), "{alias}");
        assert_eq!(world.asked(alias, creation(alias)), created, "{alias}");
        world.crash(alias).await;
        let bought = world.post(LABELS, &request).await.ok();
        assert_eq!(
            world.living(alias).await,
            [bought["orderId"].as_str().unwrap()]
        );
        assert_eq!(bought["leftOrders"], Value::Null, "{alias}");
    }
}

#[tokio::test]
async fn what_another_account_left_is_cancelled_there() {
    let world = World::start().await;
    let account = demo::account(&world.stack, "shiprocket").await;
    let second = LogisticAccount {
        alias: "second".parse().unwrap(),
        ..LogisticAccount::clone(&account)
    };
    demo::accounts(&world.stack).add(&second).await.unwrap();
    world.refused("shiprocket", "X", 230).await;
    let bought = world.post(LABELS, &label("second", "X", 230)).await.ok();
    assert_eq!(
        world.living("shiprocket").await,
        [bought["orderId"].as_str().unwrap()]
    );
    // An account that is gone cannot cancel anything; the function that makes orders has not met it before.
    world.fault("shiprocket", "assignAwb", "refuse").await;
    let refused = world.post(LABELS, &label("second", "Y", 230)).await;
    refused.problem(422, "refused-by-aggregator");
    let removed = world.remove("/logistic-accounts/second?force=true").await;
    assert_eq!(removed.status, 204, "{removed:?}");
    let created = world.post(ORDERS, &label("shiprocket", "Y", 230)).await;
    assert_eq!(created.status, 201, "{created:?}");
    let created = created.json();
    let [left] = &created["leftOrders"].as_array().unwrap()[..] else {
        panic!("{created}");
    };
    let living = world.living("shiprocket").await;
    assert!(living.contains(&left.as_str().unwrap().to_owned()));
}

#[tokio::test]
async fn a_return_is_replaced_likewise() {
    let world = World::start().await;
    for alias in ALIASES {
        let number = format!("return-{alias}");
        let request = |amount: u32| {
            let mut request = requests::return_awb(alias, &number);
            request["orderDetails"]["orderAmount"] = json!(amount);
            request
        };
        let mut first = request(230);
        if alias == "shipway" {
            first["courierId"] = json!(7109);
        } else {
            world.fault(alias, "assignAwb", "refuse").await;
        }
        let refused = world.post(RETURNS, &first).await;
        refused.problem(422, "refused-by-aggregator");
        let bought = world.post(RETURNS, &request(240)).await.ok();
        // Shipway cancels returns by AWB alone.
        let stays = if alias == "shipway" {
            json!([format!("{number}-.R")])
        } else {
            Value::Null
        };
        assert_eq!(bought["leftOrders"], stays, "{alias}");
    }
}
