//! Channel accounts: saved, shown without secrets, checked, removed.

use logistics::store::configuring::push_credentials::PushName;
use serde_json::{Value, json};

use crate::configuration::world::Configuring;

const ROUTE: &str = "/channel-accounts/{alias}";
const GET: &str = "GET /channel-accounts/{alias}";
const DELETE: &str = "DELETE /channel-accounts/{alias}";
const CHECK: &str = "POST /channel-accounts/{alias}/check";

fn shop() -> Value {
    json!({
        "channel": "SHOPIFY",
        "credentials": { "clientSecret": "secret-one", "previousClientSecret": "secret-two" },
        "settings": { "shopDomain": "brand.myshopify.com", "holdTag": "hold" },
    })
}

fn token(made: &Value) -> String {
    let url = made["webhookUrl"].as_str().unwrap();
    let (base, token) = url.rsplit_once('/').unwrap();
    assert!(base.ends_with("/channels/hooks"), "{url}");
    token.to_owned()
}

#[tokio::test]
async fn a_put_makes_an_account_with_a_webhook_url_and_shows_no_secret() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "shop", &shop()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let token = token(&made.body);
    assert_eq!(token.len(), 64);
    let credentials = &world.app.channel_accounts.push_credentials;
    let found = credentials.read(PushName::Hook(&token)).await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (found.client_id.as_str(), found.alias.as_str()),
        ("demo", "shop")
    );
    // The token finds nothing as that of an aggregator's pushes.
    let other = credentials.read(PushName::Token(&token)).await.unwrap();
    assert!(other.is_none());

    let shown = world.call(GET, "shop", "").await;
    assert_eq!((shown.status, shown.etag()), (200, made.etag()));
    assert_eq!(shown.body, made.body);
    let nulls = json!({ "clientSecret": null, "previousClientSecret": null });
    assert_eq!(shown.body["credentials"], nulls);
    assert_eq!(shown.body["enabled"], true);
    let told = shown.body["atTheChannel"].as_array().unwrap();
    assert!(told[0].as_str().unwrap().contains("orders/create"));
    assert!(!shown.body.to_string().contains("secret-"));
    let changes = world.changes().await;
    assert_eq!(changes[0].1, "CREATED shop");
    assert_eq!(changes[0].2, "channel credentials settings webhookUrl");

    let listed = world.get("/channel-accounts", "").await;
    let accounts = listed.body["channelAccounts"].as_array().unwrap();
    let own: Vec<_> = accounts
        .iter()
        .filter(|one| one["alias"] == "shop")
        .collect();
    assert_eq!(own.len(), 1, "{listed:?}");
    assert!(own[0].get("webhookUrl").is_none());
}

#[tokio::test]
async fn a_response_can_be_changed_and_sent_back() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "shop", &shop()).await;
    let same = world.put(ROUTE, "shop", &made.body).await;
    assert_eq!((same.status, same.etag()), (200, made.etag()));
    let mut body = made.body.clone();
    body["enabled"] = json!(false);
    let disabled = world.put(ROUTE, "shop", &body).await;
    assert_eq!(disabled.status, 200, "{disabled:?}");
    assert_ne!(disabled.etag(), made.etag());
    assert_eq!(disabled.body["webhookUrl"], made.body["webhookUrl"]);
    // The previous secret is removed by leaving it out.
    body["credentials"] = json!({ "clientSecret": null });
    let rotated = world.put(ROUTE, "shop", &body).await;
    assert_eq!(rotated.body["credentials"], json!({ "clientSecret": null }));
    let changes = world.changes().await;
    let fields: Vec<_> = changes
        .iter()
        .map(|(_, _, fields)| fields.as_str())
        .collect();
    assert_eq!(fields[..2], ["credentials", "enabled"]);
}

#[tokio::test]
async fn a_change_needs_the_expected_version() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "shop", &shop()).await;
    let mut body = shop();
    body["enabled"] = json!(false);
    for condition in [("if-match", "\"0000\""), ("if-none-match", "*")] {
        let refused = world.put_if(ROUTE, "shop", &body, Some(condition)).await;
        assert_eq!((refused.status, refused.slug()), (412, "stale"));
    }
    let etag = made.etag();
    let changed = world
        .put_if(ROUTE, "shop", &body, Some(("if-match", &etag)))
        .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let event = world
        .request(DELETE, "shop", "")
        .with_header("if-match", Some(&etag));
    let refused = world.send(&event).await;
    assert_eq!((refused.status, refused.slug()), (412, "stale"));
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let world = Configuring::start().await;
    let mut body = shop();
    body["credentials"] = json!({ "previousClientSecret": "secret-two" });
    body["settings"] = json!({ "shop": "x" });
    let refused = world.put(ROUTE, "shop", &body).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let pointers: Vec<_> = refused
        .wrong()
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(pointers, ["/credentials", "/settings/shop"]);
    for domain in [
        json!({}),
        json!({ "shopDomain": "https://brand.myshopify.com" }),
    ] {
        let mut body = shop();
        body["settings"] = domain;
        let refused = world.put(ROUTE, "shop", &body).await;
        assert_eq!(refused.wrong()[0].0, "/settings/shopDomain", "{refused:?}");
    }
    let unknown = world
        .put(ROUTE, "shop", &json!({ "channel": "BAZAAR" }))
        .await;
    let known = "must be one of SHOPIFY, RETURN_PRIME, MAGENTO";
    assert_eq!(unknown.wrong(), [("/channel", known)]);
    assert_eq!(world.call(GET, "shop", "").await.status, 404);
}

#[tokio::test]
async fn an_account_is_checked_and_removed_with_its_webhook_url() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "shop", &shop()).await;
    let checked = world.call(CHECK, "shop", "").await;
    assert_eq!(checked.body, json!({ "ok": true, "problems": [] }));
    assert_eq!(world.call(DELETE, "shop", "").await.status, 204);
    for route in [GET, DELETE, CHECK] {
        assert_eq!(world.call(route, "shop", "").await.status, 404, "{route}");
    }
    let credentials = &world.app.channel_accounts.push_credentials;
    let found = credentials.read(PushName::Hook(&token(&made.body))).await;
    assert!(found.unwrap().is_none());
    assert_eq!(world.changes().await[0].1, "DELETED shop");
}

#[tokio::test]
async fn a_channel_account_and_a_logistic_account_may_have_one_alias() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "magic", &shop()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let logistic = world
        .call("GET /logistic-accounts/{alias}", "magic", "")
        .await;
    assert_eq!(logistic.body["aggregator"], "RMS_MAGIC");
    assert_eq!(world.call(DELETE, "magic", "").await.status, 204);
    let logistic = world
        .call("GET /logistic-accounts/{alias}", "magic", "")
        .await;
    assert_eq!(logistic.status, 200);
}
