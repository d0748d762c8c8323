//! Orders of a shop: which changes reach the client's order system, and which webhooks are refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde_json::{Value, json};
use simulators::PushTarget;

use crate::channels::world::{is_update, order, told};
use crate::notifications::answer::Answer;
use crate::notifications::world::{World, body, event, is_signed_with};

const SHOP: &str = "demo-brand.myshopify.com";

/// Sends a webhook to the demo's shop with these proofs. Returns the status of the answer.
async fn hook(world: &World, secret: &str, shop: &str, order: &Value) -> u16 {
    let text = order.to_string();
    let key = Key::new(HMAC_SHA256, secret.as_bytes());
    let signature = STANDARD.encode(sign(&key, text.as_bytes()));
    let url = &world.demo().channels["shopify"].webhook_url;
    let request = world
        .http
        .post(url)
        .header("content-type", "application/json")
        .header("x-shopify-hmac-sha256", signature)
        .header("x-shopify-shop-domain", shop)
        .header("x-shopify-topic", "orders/create")
        .body(text);
    Answer::of(request).await.status
}

#[tokio::test]
async fn a_new_order_reaches_the_order_system_signed_and_no_other() {
    let world = World::start().await;
    let mut order = order(820_982_911_946_154_508, 1, &["Exchange", "exchange-hold"]);
    order["topic"] = json!("orders/create");
    assert_eq!(world.shop_sent(&order).await, ["ACCEPTED"]);
    let received = world.arrived(1).await;
    world.settled().await;
    assert_eq!(world.sink().received().len(), 1);
    let [request] = &received[..] else {
        panic!("{received:?}")
    };
    assert!(is_update(request), "{request:?}");
    let secret = &world.demo().endpoints["oms"].signing_secret;
    assert!(is_signed_with(secret, request, &request.body));
    let told = body(request);
    assert_eq!(told["channelOrderId"], "820982911946154508");
    assert_eq!(
        (&told["orderCode"], &told["change"]),
        (&json!("1001"), &json!("CREATED"))
    );
    assert_eq!(
        (&told["isReplacement"], &told["onHold"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(told["tags"], json!(["Exchange", "exchange-hold"]));
    assert_eq!(told["shopDomain"], SHOP);
    // Nothing about the customer leaves the function.
    assert!(!request.body.contains("Snow"), "{}", request.body);
    let path = format!("/messages?subject={}", 820_982_911_946_154_508_u64);
    let listed = world.as_demo("GET", &path, &Value::Null).await;
    assert_eq!(listed.body["messages"][0]["kind"], "ORDER_UPDATE");
    assert_eq!(
        listed.body["messages"][0]["deliveries"][0]["endpointId"],
        "oms"
    );
}

#[tokio::test]
async fn the_life_of_an_order_is_told_once_and_in_order() {
    let world = World::start().await;
    let mut statuses = Vec::new();
    let mut send = async |order: Value| statuses.extend(world.shop_sent(&order).await);
    let with = |minute, field: &str, value: Value| {
        let mut order = order(7, minute, &["vip"]);
        order[field] = value;
        order
    };
    let lines = |one: u64, other: u64| {
        let line = |id: u64, current: u64| json!({ "id": id, "sku": format!("SKU-{id}"), "quantity": 3, "currentQuantity": current });
        json!([line(1, one), line(2, other)])
    };
    send(order(7, 1, &["vip"])).await;
    send(order(7, 3, &["vip", "exchange-hold"])).await;
    send(order(7, 2, &["vip"])).await;
    send(with(4, "omit", json!(["tags", "line_items"]))).await;
    send(with(5, "times", json!(3))).await;
    send(with(6, "lineItems", lines(2, 3))).await;
    let mut last = with(7, "lineItems", lines(2, 0));
    last["cancelledAt"] = json!("2026-11-21T10:07:00Z");
    last["topic"] = json!("orders/cancelled");
    send(last).await;
    send(with(8, "topic", json!("orders/paid"))).await;
    let expected = [
        "ACCEPTED",
        "ACCEPTED",
        "OUTDATED",
        "UNCHANGED",
        "ACCEPTED",
        "DUPLICATE",
        "DUPLICATE",
        "ACCEPTED",
        "ACCEPTED",
        "IGNORED",
    ];
    assert_eq!(statuses, expected);
    let arrived = world.arrived(5).await;
    world.settled().await;
    assert_eq!(world.sink().received().len(), 5);
    let cancelled = |id: u64, quantity: u64| json!([{ "itemId": id.to_string(), "sku": format!("SKU-{id}"), "quantity": quantity }]);
    let changes = [
        ("CREATED", false, json!([])),
        ("HELD", true, json!([])),
        ("RELEASED", false, json!([])),
        ("LINES_CANCELLED", false, cancelled(1, 1)),
        ("CANCELLED", false, cancelled(2, 3)),
    ];
    let changes = changes.map(|(change, held, items)| (change.to_owned(), held, items));
    assert_eq!(told(&arrived), changes);
}

#[tokio::test]
async fn an_unproved_webhook_is_refused_and_stores_nothing() {
    let world = World::start().await;
    let secret = world.demo().channels["shopify"].credentials["clientSecret"].clone();
    let order = json!({ "id": 1, "name": "#1" });
    assert_eq!(hook(&world, "wrong", SHOP, &order).await, 401);
    assert_eq!(hook(&world, "wrong", SHOP, &json!("no order")).await, 401);
    let other = "other-brand.myshopify.com";
    assert_eq!(hook(&world, &secret, other, &order).await, 401);
    assert_eq!(world.items_in("ChannelOrdersTable").await, 0);
    assert_eq!(hook(&world, &secret, SHOP, &json!("no order")).await, 400);
    assert_eq!(hook(&world, &secret, SHOP, &order).await, 200);
    assert_eq!(world.items_in("ChannelOrdersTable").await, 1);
}

#[tokio::test]
async fn an_account_of_one_s_own_takes_the_secret_before_a_rotation_while_it_has_it() {
    let world = World::start().await;
    let secret = &world.demo().channels["shopify"].credentials["clientSecret"];
    let put = async |credentials: Value, enabled: bool| {
        let account = json!({
            "channel": "SHOPIFY", "credentials": credentials, "settings": { "shopDomain": SHOP },
            "enabled": enabled,
        });
        let path = "/channel-accounts/own";
        world.as_demo("PUT", path, &account).await
    };
    let both = json!({ "clientSecret": "the-new-secret", "previousClientSecret": secret });
    let made = put(both, true).await;
    assert_eq!(made.status, 201, "{made:?}");
    let target = PushTarget {
        url: made.body["webhookUrl"].as_str().unwrap().to_owned(),
        headers: [].into(),
    };
    let simulators = world.stack.simulators().unwrap();
    simulators.set_push_target("shopify", target).unwrap();
    assert_eq!(world.shop_sent(&order(1, 1, &[])).await, ["ACCEPTED"]);
    let new = json!({ "clientSecret": "the-new-secret" });
    assert_eq!(put(new, true).await.status, 200);
    let refused = world.shop_sends(&order(1, 2, &["vip"])).await;
    assert_eq!(refused.status, 502, "{refused:?}");
    let pushed = refused.body["pushed"].as_array().unwrap();
    assert!(pushed.iter().all(|attempt| attempt["status"] == 401));
    let right = json!({ "clientSecret": secret });
    assert_eq!(put(right.clone(), false).await.status, 200);
    assert_eq!(world.shop_sent(&order(1, 3, &["vip"])).await, ["IGNORED"]);
    assert_eq!(put(right, true).await.status, 200);
    assert_eq!(world.shop_sent(&order(1, 4, &["vip"])).await, ["ACCEPTED"]);
}

#[tokio::test]
async fn the_order_system_gets_new_returns_and_no_other_notification() {
    let world = World::start().await;
    world
        .pushed(&event("asdf1234", "SHIPPED"), "ACCEPTED")
        .await;
    let mut placed = event("asdf1234", "RETURN_ORDER_PLACED");
    placed["shipmentType"] = json!("RETURN");
    placed["returnOrderInfo"] = json!({ "returnOrderId": "R-1" });
    world.pushed(&placed, "ACCEPTED").await;
    let arrived = world.arrived(3).await;
    world.settled().await;
    let at_oms = arrived
        .iter()
        .filter(|request| request.path == "/webhooks/oms");
    let types: Vec<_> = at_oms
        .map(|request| body(request)["notificationType"].clone())
        .collect();
    assert_eq!(types, ["RETURN_ORDER_PLACED"]);
    assert_eq!(world.sink().received().len(), 3);
}
