//! The Shopify simulator over HTTP: what its webhooks look like, and when they are repeated.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, verify};
use serde_json::{Value, json};
use simulators::sink::{self, Behaviour, ReceivedRequest, Sink};
use simulators::{PushTarget, ShopifyConfig, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

const SECRET: &str = "the-app-s-secret";
const SIGNATURE: &str = "x-shopify-hmac-sha256";

/// The simulators, with a sink in place of RMS.
struct Running {
    simulators: Simulators,
    url: String,
    rms: Sink,
}

impl Running {
    async fn start() -> Self {
        let running = Self::without_target().await;
        let (listener, url) = bind().await;
        serve(listener, sink::router(running.rms.clone()));
        let target = PushTarget {
            url: format!("{url}/channels/hooks/secret"),
            headers: [].into(),
        };
        running
            .simulators
            .set_push_target("shopify", target)
            .unwrap();
        running
    }

    async fn without_target() -> Self {
        let (listener, url) = bind().await;
        let simulators = Simulators::new(SimulatorsConfig {
            base_url: url.clone(),
            shopify: ShopifyConfig {
                client_secret: SECRET.to_owned(),
                shop_domain: "brand.myshopify.com".to_owned(),
            },
            ..SimulatorsConfig::default()
        })
        .unwrap();
        serve(listener, router(simulators.clone()));
        Self {
            simulators,
            url,
            rms: Sink::default(),
        }
    }

    async fn send(&self, order: &Value) -> (u16, Value) {
        let url = format!("{}/shopify/orders", self.url);
        read(client().post(url).json(order).send().await.unwrap()).await
    }

    /// Sends an order, which must be accepted, and returns the webhooks that arrived.
    async fn sent(&self, order: &Value) -> Vec<ReceivedRequest> {
        let (status, answer) = self.send(order).await;
        assert_eq!(status, 200, "{answer}");
        self.rms.received()
    }
}

fn body(hook: &ReceivedRequest) -> Value {
    serde_json::from_str(&hook.body).unwrap()
}

fn is_signed(hook: &ReceivedRequest) -> bool {
    let key = Key::new(HMAC_SHA256, SECRET.as_bytes());
    let signature = STANDARD.decode(&hook.headers[SIGNATURE]).unwrap();
    verify(&key, hook.body.as_bytes(), &signature).is_ok()
}

fn order() -> Value {
    json!({
        "id": "820982911946154508", "name": "#1001", "topic": "orders/create", "tags": ["vip", "hold"],
        "lineItems": [{ "id": 1, "sku": "SKU-1", "quantity": 3, "currentQuantity": 2 }, { "id": 2, "quantity": 1 }],
        "updatedAt": "2026-11-21T10:00:00Z", "triggeredAt": "2026-11-21T10:00:01Z", "eventId": "event-1",
    })
}

#[tokio::test]
async fn a_webhook_has_shopify_s_headers_and_body() {
    let running = Running::start().await;
    let hooks = running.sent(&order()).await;
    let [hook] = &hooks[..] else {
        panic!("one webhook")
    };
    assert!(is_signed(hook));
    for (name, value) in [
        ("content-type", "application/json"),
        ("x-shopify-topic", "orders/create"),
        ("x-shopify-shop-domain", "brand.myshopify.com"),
        ("x-shopify-api-version", "2026-10"),
        ("x-shopify-event-id", "event-1"),
        ("x-shopify-triggered-at", "2026-11-21T10:00:01Z"),
    ] {
        assert_eq!(hook.headers[name], value, "{name}");
    }
    assert!(hook.headers.contains_key("x-shopify-webhook-id"));
    let sent = body(hook);
    assert_eq!(sent["id"], json!(820_982_911_946_154_508_u64));
    assert_eq!(sent["name"], "#1001");
    assert_eq!(sent["tags"], "vip, hold");
    assert_eq!(sent["updated_at"], "2026-11-21T10:00:00Z");
    assert_eq!(sent["cancelled_at"], Value::Null);
    let lines = json!([
        { "id": 1, "sku": "SKU-1", "quantity": 3, "current_quantity": 2 },
        { "id": 2, "sku": null, "quantity": 1, "current_quantity": 1 },
    ]);
    assert_eq!(sent["line_items"], lines);
}

#[tokio::test]
async fn an_event_has_an_id_and_times_of_its_own_unless_they_are_given() {
    let running = Running::start().await;
    running.sent(&json!({ "id": 1 })).await;
    let hooks = running.sent(&json!({ "id": 1 })).await;
    let [first, second] = &hooks[..] else {
        panic!("two webhooks")
    };
    assert_eq!(first.headers["x-shopify-topic"], "orders/updated");
    let id = "x-shopify-event-id";
    assert_ne!(first.headers[id], second.headers[id]);
    let at = "x-shopify-triggered-at";
    assert!(first.headers[at] <= second.headers[at]);
}

#[tokio::test]
async fn an_event_for_several_subscriptions_has_one_id_and_one_body() {
    let running = Running::start().await;
    let mut order = order();
    order["times"] = json!(3);
    let hooks = running.sent(&order).await;
    assert_eq!(hooks.len(), 3);
    let mut ids: Vec<_> = hooks
        .iter()
        .map(|hook| &hook.headers["x-shopify-webhook-id"])
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for hook in &hooks {
        assert_eq!(hook.body, hooks[0].body);
        assert_eq!(hook.headers[SIGNATURE], hooks[0].headers[SIGNATURE]);
        assert_eq!(hook.headers["x-shopify-event-id"], "event-1");
    }
}

#[tokio::test]
async fn fields_and_headers_can_be_omitted() {
    let running = Running::start().await;
    let mut order = order();
    order["omit"] = json!(["tags", "lineItems", "updated_at", "triggeredAt", "eventId"]);
    let hooks = running.sent(&order).await;
    assert!(is_signed(&hooks[0]));
    let sent = body(&hooks[0]);
    for field in ["tags", "line_items", "updated_at"] {
        assert!(sent.get(field).is_none(), "{field}");
    }
    assert!(sent.get("name").is_some());
    for header in ["x-shopify-triggered-at", "x-shopify-event-id"] {
        assert!(!hooks[0].headers.contains_key(header), "{header}");
    }
}

#[tokio::test]
async fn a_webhook_that_is_not_accepted_is_repeated_unchanged() {
    let running = Running::start().await;
    let failing = |count| Behaviour {
        status: 503,
        fail_next: Some(count),
        ..Behaviour::default()
    };
    running.rms.behave(failing(2)).unwrap();
    let (status, answer) = running.send(&order()).await;
    assert_eq!(status, 200, "{answer}");
    let statuses = answer["pushed"].as_array().unwrap().iter();
    let statuses: Vec<_> = statuses.map(|attempt| attempt["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(503), Some(503), Some(200)]);
    let hooks = running.rms.received();
    assert_eq!(hooks.len(), 3);
    for hook in &hooks {
        assert_eq!(hook.body, hooks[0].body);
        let id = "x-shopify-webhook-id";
        assert_eq!(hook.headers[id], hooks[0].headers[id]);
    }
    running.rms.behave(failing(100)).unwrap();
    let (status, answer) = running.send(&order()).await;
    assert_eq!(
        (status, answer["pushed"].as_array().unwrap().len()),
        (502, 9)
    );
}

#[tokio::test]
async fn a_wrong_body_sends_nothing() {
    let running = Running::start().await;
    for (field, value) in [
        ("id", json!("x")),
        ("id", json!(1.5)),
        ("times", json!(0)),
        ("times", json!(11)),
        ("omit", json!(["colour"])),
        ("lineItems", json!([{ "id": 1 }])),
        ("colour", json!("red")),
    ] {
        let mut order = order();
        order[field] = value;
        let (status, answer) = running.send(&order).await;
        assert_eq!(status, 422, "{field}: {answer}");
    }
    assert!(running.rms.received().is_empty());
    assert!(running.simulators.calls("shopify").unwrap().is_empty());
}

#[tokio::test]
async fn a_webhook_without_a_url_is_refused() {
    let running = Running::without_target().await;
    assert_eq!(running.send(&order()).await.0, 409);
}
