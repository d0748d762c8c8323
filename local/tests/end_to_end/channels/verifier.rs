//! Shopify's own library accepts what the simulator signs, and RMS accepts what the library signs. So adapter and simulator do
//! not only agree with each other.
//!
//! A test is skipped if Node.js or the library is not installed; CI has both.

use serde_json::{Value, json};
use simulators::PushTarget;

use crate::channels::world::order;
use crate::notifications::answer::Answer;
use crate::notifications::verifiers::{answer_of, runs};
use crate::notifications::world::{World, leave_out};

/// The library with an app that has this secret. The input is `{secret, body, headers}`.
const LIBRARY: &str = r#"
require("@shopify/shopify-api/adapters/web-api");
const { shopifyApi } = require("@shopify/shopify-api");
const { createSHA256HMAC } = require("@shopify/shopify-api/runtime");
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const app = shopifyApi({
  apiKey: "key", apiSecretKey: given.secret, apiVersion: "2026-10", hostName: "rms.example", isEmbeddedApp: false,
  logger: { level: 0 },
});
"#;
const VERIFY: &str = r#"
const rawRequest = new Request("https://rms.example/", { method: "POST", headers: given.headers });
app.webhooks.validate({ rawBody: given.body, rawRequest }).then((judged) => console.log(JSON.stringify(judged)));
"#;
const SIGN: &str =
    "createSHA256HMAC(given.secret, given.body).then((signature) => console.log(signature));";

fn is_missing() -> bool {
    !runs("node", ["-e", "require('@shopify/shopify-api')"])
}

fn library(what: &str, given: &Value) -> String {
    let mut node = std::process::Command::new("node");
    answer_of(
        node.args(["-e", &format!("{LIBRARY}{what}")]),
        &given.to_string(),
    )
}

#[tokio::test]
async fn shopify_s_library_verifies_what_the_simulator_signs() {
    if is_missing() {
        return leave_out("Node.js with @shopify/shopify-api is not installed");
    }
    let world = World::start().await;
    let target = PushTarget {
        url: world.sink_path("/as-an-app"),
        headers: [].into(),
    };
    let simulators = world.stack.simulators().unwrap();
    simulators.set_push_target("shopify", target).unwrap();
    let mut order = order(1, 1, &["smørrebrød – 寿司 \"1\" $HOME"]);
    order["eventId"] = json!("event-1");
    let sent = world.shop_sends(&order).await;
    assert_eq!(sent.status, 200, "{sent:?}");
    let hook = world.arrived(1).await.remove(0);
    let secret = &world.demo().channels["shopify"].credentials["clientSecret"];
    let judge = |secret: &str, body: &str| -> Value {
        let given = json!({ "secret": secret, "body": body, "headers": hook.headers });
        serde_json::from_str(&library(VERIFY, &given)).unwrap()
    };
    let judged = judge(secret, &hook.body);
    assert_eq!(judged["valid"], true, "{judged}");
    for (name, value) in [
        ("topic", "ORDERS_UPDATED"),
        ("domain", "demo-brand.myshopify.com"),
        ("eventId", "event-1"),
        ("triggeredAt", "2026-11-21T10:01:00.123456789Z"),
    ] {
        assert_eq!(judged[name], value, "{judged}");
    }
    assert_eq!(judge("another secret", &hook.body)["valid"], false);
    let changed = hook.body.replace("1001", "1002");
    assert_eq!(judge(secret, &changed)["valid"], false);
}

#[tokio::test]
async fn a_webhook_that_shopify_s_library_signed_is_accepted() {
    if is_missing() {
        return leave_out("Node.js with @shopify/shopify-api is not installed");
    }
    let world = World::start().await;
    let shop = &world.demo().channels["shopify"];
    let secret = &shop.credentials["clientSecret"];
    let body = json!({ "id": 1, "tags": "smørrebrød – 寿司" }).to_string();
    let signed_with = |secret: &str| library(SIGN, &json!({ "secret": secret, "body": body }));
    for (signature, status) in [
        (signed_with(secret), 200),
        (signed_with("another secret"), 401),
    ] {
        let request = world.http.post(&shop.webhook_url).body(body.clone());
        let request = shop.headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        });
        let request = request
            .header("x-shopify-topic", "orders/create")
            .header("x-shopify-hmac-sha256", signature);
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}
