//! Every route with every unauthorized caller: a refused request changes nothing, and another client finds nothing of this
//! client.
//!
//! The table has a row for each described route. A route without a row fails the test.

mod everything;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan as _};
use logistics::domain::client::Scope;
use serde_json::{Value, json};

use crate::demo;
use crate::security::world::{Answer, PATIENCE, World, event, label};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// A key with this scope.
    Key(Scope),
    /// A key with at least one of these scopes.
    Either([Scope; 2]),
    /// An account's push credential; an API key is not accepted.
    Push,
    /// Everyone.
    Public,
}

/// The answer to a client that requests another client's object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// The same answer as if the object did not exist.
    Refused(u16, &'static str),
    /// The client's own data, which does not include the object.
    Own(u16),
}

use Foreign::{Own, Refused};
use Guard::{Either, Key, Public, Push};
use Scope::{Channels, Configuration, Fulfilment, Notifications, Returns, Shipping};

const RETURN_AWBS: Guard = Either([Returns, Shipping]);
const NOT_FOUND: Foreign = Refused(404, "not-found");
const NO_ACCOUNT: Foreign = Refused(422, "unknown-account-alias");

/// A route, who may call it, and the answer to another client.
type Row = (&'static str, Guard, Foreign);

const ROWS: [Row; 80] = [
    ("POST /courier-recommendations", Key(Shipping), NO_ACCOUNT),
    (
        "POST /v3/fulfillment/pricing/domestic",
        Key(Fulfilment),
        NO_ACCOUNT,
    ),
    ("POST /v3/pricing/domestic", Key(Fulfilment), NO_ACCOUNT),
    (
        "POST /v3/pricing/domestic/{rate_type}",
        Key(Fulfilment),
        NO_ACCOUNT,
    ),
    ("POST /orders", Key(Shipping), NO_ACCOUNT),
    ("POST /shipping-labels", Key(Shipping), NO_ACCOUNT),
    ("GET /shipping-labels", Key(Shipping), NOT_FOUND),
    ("DELETE /shipping-labels", Key(Shipping), NOT_FOUND),
    ("POST /shipping-labels/settle", Key(Shipping), NOT_FOUND),
    ("POST /return-awbs", RETURN_AWBS, NO_ACCOUNT),
    ("GET /return-awbs", RETURN_AWBS, NOT_FOUND),
    ("DELETE /return-awbs", RETURN_AWBS, NOT_FOUND),
    ("POST /exchanges", Key(Returns), NO_ACCOUNT),
    ("POST /rms-magic/notification/push", Push, NOT_FOUND),
    ("POST /notifications/{token}", Push, NOT_FOUND),
    ("GET /notifications/{token}", Key(Notifications), NOT_FOUND),
    ("GET /notifications", Key(Notifications), Own(200)),
    ("GET /shipments", Key(Notifications), NOT_FOUND),
    (
        "GET /shipments/{orderNumber}",
        Key(Notifications),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/recover",
        Key(Notifications),
        NOT_FOUND,
    ),
    ("GET /unmapped-statuses", Key(Notifications), Own(200)),
    (
        "POST /unmapped-statuses/replay",
        Key(Notifications),
        NO_ACCOUNT,
    ),
    ("POST /return/return-orders", Key(Returns), Own(200)),
    ("GET /return-orders", Key(Returns), Own(200)),
    ("DELETE /return-orders", Key(Returns), NOT_FOUND),
    (
        "GET /return-orders/{returnOrderCode}",
        Key(Returns),
        NOT_FOUND,
    ),
    (
        "DELETE /return-orders/{returnOrderCode}",
        Key(Returns),
        NOT_FOUND,
    ),
    (
        "PUT /return-orders/{returnOrderCode}/awb",
        Key(Returns),
        NOT_FOUND,
    ),
    ("PUT /return-orders/awb", Key(Returns), NOT_FOUND),
    ("POST /invoices", Key(Returns), Own(200)),
    (
        "POST /return-orders/{returnOrderCode}/processing",
        Key(Returns),
        NOT_FOUND,
    ),
    ("POST /return-orders/processing", Key(Returns), NOT_FOUND),
    ("POST /v3/fulfillment/pgi", Key(Fulfilment), Own(200)),
    (
        "POST /v3/fulfillment/order-status",
        Key(Fulfilment),
        Own(200),
    ),
    ("POST /channels/hooks/{token}", Push, NOT_FOUND),
    ("PUT /channels/{alias}/inventory", Key(Channels), NOT_FOUND),
    ("POST /channels/{alias}/manifests", Key(Channels), NOT_FOUND),
    (
        "GET /channels/{alias}/manifests/{manifestId}",
        Key(Channels),
        NOT_FOUND,
    ),
    ("GET /channels/{alias}/orders", Key(Channels), NOT_FOUND),
    (
        "GET /channels/{alias}/orders/{channelOrderId}",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/orders/{channelOrderId}/status",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/cancelled-orders",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/acknowledge",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/cancel",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/invoices",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/orders/{channelOrderId}/invoices",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/shipments",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/orders/{channelOrderId}/shipments",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /channels/{alias}/orders/{channelOrderId}/handover",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "GET /channels/{alias}/shipments/{shipmentId}",
        Key(Channels),
        NOT_FOUND,
    ),
    (
        "POST /v3/fulfillment/outbound/oms",
        Key(Fulfilment),
        Own(202),
    ),
    (
        "GET /v3/fulfillment/outbound/oms",
        Key(Fulfilment),
        Own(200),
    ),
    (
        "GET /v3/fulfillment/outbound/oms/{so_number}",
        Key(Fulfilment),
        NOT_FOUND,
    ),
    (
        "POST /v3/fulfillment/outbound/oms/confirmations",
        Key(Fulfilment),
        NOT_FOUND,
    ),
    ("GET /messages", Key(Notifications), Own(200)),
    ("GET /messages/{messageId}", Key(Notifications), NOT_FOUND),
    ("GET /webhook-endpoints", Key(Configuration), Own(200)),
    ("PUT /webhook-endpoints/{id}", Key(Configuration), Own(201)),
    ("GET /webhook-endpoints/{id}", Key(Configuration), NOT_FOUND),
    (
        "DELETE /webhook-endpoints/{id}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/rotate-secret",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/test",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /webhook-endpoints/{id}/resume",
        Key(Configuration),
        NOT_FOUND,
    ),
    ("GET /logistic-accounts", Key(Configuration), Own(200)),
    (
        "PUT /logistic-accounts/{alias}",
        Key(Configuration),
        Own(201),
    ),
    (
        "GET /logistic-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "DELETE /logistic-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /logistic-accounts/{alias}/check",
        Key(Configuration),
        NOT_FOUND,
    ),
    ("GET /channel-accounts", Key(Configuration), Own(200)),
    (
        "PUT /channel-accounts/{alias}",
        Key(Configuration),
        Own(201),
    ),
    (
        "GET /channel-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "DELETE /channel-accounts/{alias}",
        Key(Configuration),
        NOT_FOUND,
    ),
    (
        "POST /channel-accounts/{alias}/check",
        Key(Configuration),
        NOT_FOUND,
    ),
    ("POST /api-keys", Key(Configuration), Own(201)),
    ("GET /api-keys", Key(Configuration), Own(200)),
    ("DELETE /api-keys/{id}", Key(Configuration), NOT_FOUND),
    ("POST /console-links", Key(Configuration), Own(201)),
    ("GET /audit", Key(Configuration), Own(200)),
    ("GET /openapi.json", Public, Own(200)),
    ("GET /docs", Public, Own(200)),
];

/// What belongs to the demo client.
struct Owned {
    awb: String,
    notification_id: String,
    unmapped_id: String,
    manifest_id: String,
    group_key: String,
}

/// One request: its path with the query, and its body.
struct Asked {
    path: String,
    body: Option<Value>,
}

impl Guard {
    /// The scopes of which each is enough.
    fn scopes(&self) -> &[Scope] {
        match self {
            Key(scope) => std::slice::from_ref(scope),
            Either(scopes) => scopes,
            Push | Public => &[],
        }
    }
}

impl Owned {
    async fn make(world: &World) -> Self {
        let bought = world.label("magic", "A-1").await;
        assert_eq!(bought.status, 200, "{bought:?}");
        let mut request = label("magic", "R-1");
        request["orderDetails"]["shipmentType"] = json!("RETURN");
        request["returnReason"] = json!("Wrong size");
        let returned = world.as_demo("POST", "/return-awbs", Some(&request)).await;
        assert_eq!(returned.status, 200, "{returned:?}");
        let shop = shop("the-demo-s-secret");
        let shop = world.as_demo("PUT", "/channel-accounts/magic", Some(&shop));
        assert_eq!(shop.await.status, 201);
        let handed_over = json!({ "shipments": [{ "orderNumber": "A-1" }] });
        let manifest = world.as_demo("POST", "/channels/magic/manifests", Some(&handed_over));
        let manifest = manifest.await;
        assert_eq!(manifest.status, 201, "{manifest:?}");
        demo::add_return(&world.stack, "RO-1", &["I-1"]).await;
        let outbound = outbound_order("SO-1");
        let accepted = world.as_demo("POST", "/v3/fulfillment/outbound/oms", Some(&outbound));
        let accepted = accepted.await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        let pushed = world.push("magic", &event("A-1", "SHIPPED")).await;
        let id = &pushed.body["notifications"][0]["notificationId"];
        let unknown = world.push("magic", &event("A-1", "TELEPORTED")).await;
        let unmapped_id = &unknown.body["notifications"][0]["notificationId"];
        let sink = world.stack.sink().unwrap();
        sink.wait_for(2, PATIENCE).await.unwrap();
        world.settled().await;
        Self {
            group_key: accepted.body["data"]["group_key"]
                .as_str()
                .unwrap()
                .to_owned(),
            awb: bought.body["awb"].as_str().unwrap().to_owned(),
            notification_id: id.as_str().unwrap().to_owned(),
            unmapped_id: unmapped_id.as_str().unwrap().to_owned(),
            manifest_id: manifest.body["manifestId"].as_str().unwrap().to_owned(),
        }
    }

    /// A request of a route for an object of this client, or for an object that does not exist.
    fn asked(&self, world: &World, route: &str, exists: bool) -> Asked {
        let (method, path) = route.split_once(' ').unwrap();
        let choose = |existing: &str| if exists { existing } else { "none" }.to_owned();
        let order = choose(match path {
            "/return-awbs" => "R-1",
            "/return-orders/awb" | "/return-orders/processing" => "RO-1",
            _ => "A-1",
        });
        let alias = choose("magic");
        let path = path
            .replace("{orderNumber}", &order)
            .replace("{returnOrderCode}", &choose("RO-1"))
            .replace("{so_number}", &choose("SO-1"))
            .replace("{manifestId}", &choose(&self.manifest_id))
            .replace("{channelOrderId}", &order)
            .replace("{shipmentId}", &choose("1"))
            .replace("{rate_type}", "regular")
            .replace("{alias}", &alias);
        let path = match path.as_str() {
            "/shipping-labels" | "/return-awbs" if method != "POST" => {
                format!("{path}?orderNumber={order}")
            }
            "/return-orders" if method == "DELETE" => {
                format!("{path}?returnOrderCode={}", choose("RO-1"))
            }
            "/return-orders" => format!("{path}?forwardOrderCode={order}"),
            "/notifications" | "/shipments" => format!("{path}?orderNumber={order}"),
            "/messages" => format!("{path}?subject={order}"),
            "/unmapped-statuses" => format!("{path}?logisticAccountAlias={alias}"),
            "/messages/{messageId}" => path.replace("{messageId}", &self.notification(exists)),
            "/notifications/{token}" if method == "GET" => {
                path.replace("{token}", &self.notification(exists))
            }
            "/notifications/{token}" => path.replace("{token}", &"0a".repeat(16)),
            "/channels/hooks/{token}" if exists => {
                let (_, token) = world.demo().channels["shopify"]
                    .webhook_url
                    .rsplit_once('/')
                    .unwrap();
                path.replace("{token}", token)
            }
            "/channels/hooks/{token}" => path.replace("{token}", &"0a".repeat(32)),
            "/api-keys/{id}" => path.replace("{id}", &choose("key_demo")),
            _ => path.replace("{id}", &choose("demo-sink")),
        };
        let body = (method == "POST" || method == "PUT").then(|| match route {
            "POST /v3/fulfillment/outbound/oms/confirmations" => json!({
                "group_key": choose(&self.group_key), "items": [{ "so_number": "SO-1" }],
            }),
            _ => body(world, route, &order, &alias),
        });
        Asked { path, body }
    }

    fn notification(&self, exists: bool) -> String {
        if exists {
            return self.notification_id.clone();
        }
        let (hash, _) = self.notification_id.rsplit_once('_').unwrap();
        format!("{hash}_F0000")
    }

    /// Texts that no other client may receive.
    fn marks(&self) -> [&str; 6] {
        [
            &self.awb,
            &self.notification_id,
            &self.unmapped_id,
            &self.manifest_id,
            "key_demo",
            &self.group_key,
        ]
    }
}

/// An order for the OMS.
fn outbound_order(number: &str) -> Value {
    json!({
        "warehouse_id": "wh-1", "customer_id": "C-1", "so_number": number, "order_type": "SO", "delivery_no": "T-1",
        "order_identification_code": 1, "internal_order_status": "NEW", "tenant_name": "Shop", "consignee": "Budi",
        "consignee_phone": "628123456789", "consignee_email": "budi@example.com", "consignee_full_address": "Jalan 1",
        "consignee_state": "DKI", "consignee_province": "DKI Jakarta", "consignee_city": "Jakarta", "zipcode": "10110",
    })
}

/// A channel account.
fn shop(secret: &str) -> Value {
    json!({
        "channel": "SHOPIFY", "credentials": { "clientSecret": secret },
        "settings": { "shopDomain": "brand.myshopify.com" },
    })
}

fn body(world: &World, route: &str, order: &str, alias: &str) -> Value {
    match route {
        "POST /courier-recommendations" => json!({
            "pickupPincode": "560102", "dropPincode": "110019", "paymentType": "PREPAID",
            "shipmentType": "FORWARD", "orderAmount": 1200, "logisticAccountAlias": alias,
        }),
        "POST /v3/fulfillment/pricing/domestic"
        | "POST /v3/pricing/domestic"
        | "POST /v3/pricing/domestic/{rate_type}" => {
            let sku = json!({ "height": 1, "length": 1, "width": 1, "weight": 1, "quantity": 1 });
            json!({
                "origin": { "area_id": 1 }, "destination": { "area_id": 1 }, "for_order": true, "skus": [sku],
                "height": 1, "length": 1, "width": 1, "weight": 1, "logisticAccountAlias": alias,
            })
        }
        "POST /orders" | "POST /shipping-labels" => label(alias, order),
        "POST /return-awbs" => {
            let mut request = label(alias, order);
            request["orderDetails"]["shipmentType"] = json!("RETURN");
            request["returnReason"] = json!("Wrong size");
            request
        }
        "POST /return/return-orders" => json!({
            "forwardOrderCode": order, "returnOrderCode": order, "locationCode": "wh-1", "orderType": "SELF_SHIP",
            "orderItems": [{ "itemCode": "1", "reason": "r", "channelSkuCode": "s" }],
        }),
        "PUT /return-orders/{returnOrderCode}/awb" | "PUT /return-orders/awb" => {
            json!({ "returnOrderCode": order, "awbNumber": "theirs" })
        }
        "POST /exchanges" => {
            let mut returned = label(alias, order);
            returned["orderDetails"]["shipmentType"] = json!("RETURN");
            returned["returnReason"] = json!("Wrong size");
            json!({
                "exchangeOrderNumber": order, "returnOrderCode": order, "logisticAccountAlias": alias,
                "forward": label(alias, order), "return": returned,
            })
        }
        "POST /v3/fulfillment/outbound/oms" => outbound_order(order),
        "POST /invoices" => json!({
            "forwardOrderCode": order, "invoiceId": 1, "invoiceStatus": "CREATED", "documentType": "INVOICE",
            "documentUrl": "https://invoice.com/theirs/pdf",
        }),
        "POST /return-orders/{returnOrderCode}/processing" => {
            json!({ "orderItems": [{ "itemCode": "I-1", "qcStatus": "PASS" }] })
        }
        "POST /return-orders/processing" => json!({
            "returnOrderCode": order, "orderItems": [{ "itemCode": "I-1", "qcStatus": "PASS" }],
        }),
        "POST /v3/fulfillment/pgi" => json!({
            "warehouse_id": "theirs", "order_type": "SO", "doc_no": order, "delivery_no": order, "carrier_name": "Courier",
            "details": [{ "sku": "1", "qty_shipped": 1 }],
        }),
        "POST /v3/fulfillment/order-status" => json!({ "order_no": order, "status_code": "80" }),
        "POST /shipping-labels/settle" => json!({ "orderNumber": order, "none": true }),
        "POST /rms-magic/notification/push" | "POST /notifications/{token}" => {
            event(order, "DELIVERED")
        }
        "PUT /webhook-endpoints/{id}" => {
            json!({ "url": format!("{}/theirs", world.stack.sink_url()) })
        }
        "PUT /logistic-accounts/{alias}" => json!({
            "aggregator": "CLICKPOST", "region": "DOMESTIC",
            "credentials": { "username": "theirs", "key": "their-own-key" },
        }),
        "POST /channels/hooks/{token}" => json!({ "id": 1, "name": order }),
        "POST /channels/{alias}/orders/{channelOrderId}/shipments" => json!({
            "tracks": [{ "trackNumber": "1", "carrierCode": "custom", "title": "Courier" }],
        }),
        "PUT /channels/{alias}/inventory" => json!({ "items": [{ "sku": "S", "quantity": 1 }] }),
        "POST /channels/{alias}/manifests" => {
            json!({ "shipments": [{ "orderNumber": order }] })
        }
        "PUT /channel-accounts/{alias}" => shop("their-own-secret"),
        "POST /unmapped-statuses/replay" => {
            json!({ "logisticAccountAlias": alias, "code": "DELIVERED" })
        }
        "POST /api-keys" => json!({ "label": "theirs", "scopes": ["returns"] }),
        "POST /console-links" => json!({ "scopes": ["returns"] }),
        _ => json!({}),
    }
}

/// Keys that are refused, each with the status of the answer; `None` means no key.
async fn closed(world: &World) -> Vec<(&'static str, Option<String>, u16)> {
    let revoked = minted(world, &Scope::all().collect::<Vec<_>>()).await;
    let path = format!("/api-keys/{}", revoked.id);
    assert_eq!(world.as_demo("DELETE", &path, None).await.status, 204);
    let expired = minted(world, &Scope::all().collect::<Vec<_>>()).await;
    let mut items = world.items("ApiKeysTable").await.into_iter();
    let mut item = items
        .find(|item| item["keyId"].as_s() == Ok(&expired.id))
        .unwrap();
    let past = Timestamp::now().checked_sub(1.second()).unwrap();
    item.insert("expiresAt".to_owned(), AttributeValue::S(past.to_string()));
    world.put("ApiKeysTable", item).await;
    vec![
        ("no key", None, 401),
        ("an unknown key", Some("rms_unknown".to_owned()), 401),
        ("an expired key", Some(expired.key), 401),
        ("a revoked key", Some(revoked.key), 401),
    ]
}

struct Minted {
    id: String,
    key: String,
}

async fn minted(world: &World, scopes: &[Scope]) -> Minted {
    let body = json!({ "label": "test", "scopes": scopes });
    let answer = world.as_demo("POST", "/api-keys", Some(&body)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let text = |field: &str| answer.body[field].as_str().unwrap().to_owned();
    Minted {
        id: text("id"),
        key: text("apiKey"),
    }
}

async fn ask(world: &World, route: &str, asked: &Asked, key: Option<&str>) -> Answer {
    let (method, _) = route.split_once(' ').unwrap();
    let mut request = world.request(method, &asked.path);
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    if let Some(body) = &asked.body {
        request = request.json(body);
    }
    Answer::to(request).await
}

/// The rows of the described routes.
async fn rows(world: &World) -> Vec<Row> {
    let description = Answer::to(world.request("GET", "/openapi.json")).await.body;
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let route = format!("{} {path}", method.to_uppercase());
            let row = ROWS.iter().find(|(known, ..)| *known == route);
            found.push(*row.unwrap_or_else(|| panic!("{route} has no row in this table")));
        }
    }
    assert_eq!(found.len(), ROWS.len(), "a row of this table has no route");
    found
}

/// The scopes that the description requires of a route, for each way of sending a key.
fn described_scopes(description: &Value, route: &str) -> BTreeSet<(String, String)> {
    let (method, path) = route.split_once(' ').unwrap();
    let security = &description["paths"][path][method.to_lowercase()]["security"];
    let mut found = BTreeSet::new();
    for scheme in security.as_array().into_iter().flatten() {
        for (scheme, scopes) in scheme.as_object().unwrap() {
            let scopes = scopes.as_array().unwrap().iter();
            found.extend(scopes.map(|scope| (scheme.clone(), scope.as_str().unwrap().to_owned())));
        }
    }
    found
}

#[tokio::test]
async fn the_description_names_the_scopes_of_each_route_and_each_of_them_is_enough() {
    let world = World::start().await;
    let owned = Owned::make(&world).await;
    let description = Answer::to(world.request("GET", "/openapi.json")).await.body;
    let mut keys = BTreeMap::new();
    for scope in Scope::all() {
        keys.insert(scope, minted(&world, &[scope]).await.key);
    }
    for (route, guard, _) in rows(&world).await {
        let scopes = guard.scopes();
        let named = ["apiKey", "bearer"].into_iter().flat_map(|scheme| {
            let scopes = scopes.iter();
            scopes.map(|scope| (scheme.to_owned(), scope.to_string()))
        });
        assert_eq!(
            described_scopes(&description, route),
            named.collect(),
            "{route}"
        );
        for scope in scopes {
            let asked = owned.asked(&world, route, false);
            let answer = ask(&world, route, &asked, keys.get(scope).map(String::as_str)).await;
            // The bodies of these routes want a scope that the key lacks.
            let grants = ["POST /api-keys", "POST /console-links"];
            let is_let_in = grants.contains(&route) || answer.status != 403;
            let is_let_in = is_let_in && answer.status != 401;
            assert!(is_let_in, "{route} with {scope}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn an_unauthorized_caller_is_refused_and_changes_nothing() {
    let world = World::start().await;
    let owned = Owned::make(&world).await;
    let closed = closed(&world).await;
    let mut lacking = BTreeMap::new();
    for (_, guard, _) in rows(&world).await {
        let scopes = guard.scopes();
        if !scopes.is_empty() && !lacking.contains_key(scopes) {
            let others: Vec<_> = Scope::all()
                .filter(|other| !scopes.contains(other))
                .collect();
            lacking.insert(scopes.to_vec(), minted(&world, &others).await.key);
        }
    }
    let before = world.everything(false).await;
    for (route, guard, _) in rows(&world).await {
        let mut callers = closed.clone();
        match guard {
            Public => continue,
            Key(_) | Either(_) => {
                let key = lacking.get(guard.scopes()).cloned();
                callers.push(("a key without the scope", key, 403));
            }
            Push => callers.push(("a key", Some(world.demo().api_key.clone()), 401)),
        }
        for (caller, key, status) in callers {
            for exists in [true, false] {
                let asked = owned.asked(&world, route, exists);
                let answer = ask(&world, route, &asked, key.as_deref()).await;
                let slug = if status == 403 {
                    "forbidden"
                } else {
                    "unauthenticated"
                };
                assert_eq!(
                    (answer.status, answer.slug()),
                    (status, slug),
                    "{route} by {caller}: {answer:?}"
                );
            }
        }
        let after = world.everything(false).await;
        let changed: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(changed.is_empty(), "{route}: {changed:#?}");
    }
}

#[tokio::test]
async fn another_client_finds_nothing_of_this_one_and_changes_nothing_of_it() {
    let world = World::start().await;
    let owned = Owned::make(&world).await;
    let before = world.everything(true).await;
    for (route, guard, foreign) in rows(&world).await {
        if guard.scopes().is_empty() {
            continue;
        }
        // One client for each row, so that it does not find in one row what it created in another.
        let other = operator::client::create("Other", &world.published())
            .await
            .unwrap();
        for exists in [true, false] {
            let asked = owned.asked(&world, route, exists);
            let answer = ask(&world, route, &asked, Some(&other.api_key)).await;
            match foreign {
                Refused(status, slug) => assert_eq!(
                    (answer.status, answer.slug()),
                    (status, slug),
                    "{route}: {answer:?}"
                ),
                Own(status) => assert_eq!(answer.status, status, "{route}: {answer:?}"),
            }
            let said = answer.body.to_string();
            for mark in owned.marks() {
                assert!(!said.contains(mark), "{route} shows {mark}: {said}");
            }
        }
        let after = world.everything(true).await;
        let changed: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(changed.is_empty(), "{route}: {changed:#?}");
    }
}
