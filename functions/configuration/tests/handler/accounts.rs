//! Logistic accounts as they are saved.

use logistics::store::configuring::push_credentials::PushName;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::configuration::world::Configuring;

const ROUTE: &str = "/logistic-accounts/{alias}";
const GET: &str = "GET /logistic-accounts/{alias}";
const DELETE: &str = "DELETE /logistic-accounts/{alias}";

pub(crate) fn shiprocket() -> Value {
    json!({
        "aggregator": "SHIPROCKET",
        "credentials": { "email": "api@brand.example", "password": "secret-password" },
        "webhookKey": "secret-key",
    })
}

#[tokio::test]
async fn a_put_makes_an_account_with_a_push_url_and_shows_no_secret() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "north", &shiprocket()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let url = made.body["pushUrl"].as_str().unwrap();
    let token = url
        .strip_prefix("https://a1b2c3d4e5.execute-api.ap-south-1.amazonaws.com/notifications/")
        .unwrap();
    assert_eq!(token.len(), 64);
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    assert!(token.bytes().all(is_digit));
    let credentials = &world.app.accounts.push_credentials;
    let found = credentials.read(PushName::Token(token)).await;
    let found = found.unwrap().unwrap();
    assert_eq!(
        (found.client_id.as_str(), found.alias.as_str()),
        ("demo", "north")
    );

    let shown = world.call(GET, "north", "").await;
    assert_eq!((shown.status, shown.etag()), (200, made.etag()));
    assert_eq!(shown.body, made.body);
    assert_eq!(
        shown.body["credentials"],
        json!({ "email": null, "password": null })
    );
    assert_eq!(shown.body["hasWebhookKey"], true);
    assert_eq!(shown.body["region"], "DOMESTIC");
    assert!(
        shown.body["atTheAggregator"][0]
            .as_str()
            .unwrap()
            .contains("Webhooks")
    );
    assert!(!shown.body.to_string().contains("secret-"));
    let changes = world.changes().await;
    assert_eq!(changes[0].1, "CREATED north");
    assert_eq!(
        changes[0].2,
        "aggregator region credentials webhookKey pushUrl"
    );
}

#[tokio::test]
async fn the_push_credential_of_rms_magic_is_shown_once_and_proves_its_pushes() {
    let world = Configuring::start().await;
    let body = json!({
        "aggregator": "RMS_MAGIC",
        "credentials": { "authUsername": "rms", "authPassword": "secret-password" },
    });
    let made = world.put(ROUTE, "narvar", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let text = |name: &str| {
        made.body["pushCredential"][name]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(
        made.body["pushUrl"]
            .as_str()
            .unwrap()
            .ends_with("/rms-magic/notification/push")
    );
    let proof = logistics::domain::credential::Credential {
        user_name: text("authUsername"),
        secret: text("authPassword"),
        domain_name: None,
    };
    let credentials = &world.app.accounts.push_credentials;
    let found = credentials.read(PushName::User(&proof.user_name)).await;
    let found = found.unwrap().unwrap();
    assert!(found.is_proved_by(&proof));
    assert_eq!(found.alias.as_str(), "narvar");
    let shown = world.call(GET, "narvar", "").await;
    assert_eq!(
        shown.body["pushCredential"],
        json!({ "authUsername": proof.user_name })
    );
    let again = world.put(ROUTE, "narvar", &body).await;
    assert_eq!((again.status, &again.body), (200, &shown.body));
}

#[tokio::test]
async fn what_is_shown_can_be_put_again_and_keeps_the_secrets() {
    let world = Configuring::start().await;
    let mut body = shiprocket();
    body["settings"] = json!({ "pickupLocation": "Primary", "channelId": 77 });
    body["warehouses"] = json!({ "wh-1": { "pickupLocation": "Annex" } });
    body["urls"] = json!({ "baseUrl": "https://93.184.216.34/v1" });
    body["notificationsEnabled"] = json!(false);
    body["defaultCourierId"] = json!(10);
    body["region"] = json!("INTERNATIONAL");
    let made = world.put(ROUTE, "north", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    for name in [
        "warehouses",
        "urls",
        "notificationsEnabled",
        "defaultCourierId",
        "region",
    ] {
        assert_eq!(made.body[name], body[name], "{name}");
    }
    assert_eq!(made.body["settings"]["channelId"], "77");
    let again = world.put(ROUTE, "north", &made.body).await;
    assert_eq!((again.status, again.etag()), (200, made.etag()));
    let (client, alias) = ("demo".parse().unwrap(), "north".parse().unwrap());
    let change = json!({
        "aggregator": "SHIPROCKET",
        "credentials": { "email": null, "password": "another-password" },
        "webhookKey": "",
    });
    let changed = world.put(ROUTE, "north", &change).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.body["pushUrl"], made.body["pushUrl"]);
    let table = &world.app.accounts.accounts;
    let stored = table.read(&client, &alias).await.unwrap().unwrap().value;
    assert_eq!(
        stored.credentials["email"].expose_secret(),
        "api@brand.example"
    );
    assert_eq!(
        stored.credentials["password"].expose_secret(),
        "another-password"
    );
    assert!(stored.proofs.webhook_key.is_none());
    assert_eq!(
        world.changes().await[0].2,
        "region credentials urls settings warehouses notificationsEnabled defaultCourierId webhookKey"
    );
}

#[tokio::test]
async fn bad_input_is_refused_with_its_reason_and_stores_nothing() {
    let world = Configuring::start().await;
    for (field, value, reason) in [
        (
            "aggregator",
            json!("TELEPORT"),
            "RMS_MAGIC, CLICKPOST, SHIPROCKET, SHIPWAY",
        ),
        ("aggregator", json!("shiprocket"), "must be one of"),
        ("region", json!("MOON"), "DOMESTIC or INTERNATIONAL"),
        (
            "credentials",
            json!({ "email": "a" }),
            "password is missing",
        ),
        ("credentials", json!("text"), "an object"),
        (
            "urls/baseUrl",
            json!({ "baseUrl": "http://93.184.216.34/" }),
            "https://",
        ),
        (
            "urls/baseUrl",
            json!({ "baseUrl": "https://10.1.2.3/" }),
            "not public",
        ),
        (
            "urls/baseUrl",
            json!({ "baseUrl": "https://nobody.invalid/" }),
            "cannot be resolved",
        ),
        (
            "urls/getCouriers",
            json!({ "getCouriers": "https://93.184.216.34/" }),
            "is unknown; known names",
        ),
        (
            "settings/depot",
            json!({ "depot": "1" }),
            "pickupLocation, channelId",
        ),
        (
            "settings/channelId",
            json!({ "channelId": "one" }),
            "a whole number",
        ),
        (
            "warehouses/wh/defaultWeight",
            json!({ "wh": { "defaultWeight": 1 } }),
            "account only",
        ),
        ("defaultCourierId", json!("fast"), "whole number"),
        ("notificationsEnabled", json!("on"), "true or false"),
    ] {
        let name = field.split('/').next().unwrap();
        let mut body = shiprocket();
        body[name] = value;
        let refused = world.put(ROUTE, "north", &body).await;
        assert_eq!(
            (refused.status, refused.slug()),
            (422, "invalid-request"),
            "{body}"
        );
        let wrong = refused.wrong();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].0, format!("/{field}"));
        assert!(wrong[0].1.contains(reason), "{wrong:?}");
        assert!(!refused.body.to_string().contains("secret-"));
    }
    assert_eq!(world.call(GET, "north", "").await.status, 404);
    assert!(world.changes().await.is_empty());
}

#[tokio::test]
async fn each_aggregator_wants_credentials_of_its_own_shape() {
    let world = Configuring::start().await;
    let shapes = [
        ("CLICKPOST", json!({ "username": "a", "key": "b" })),
        ("SHIPROCKET", json!({ "email": "a", "password": "b" })),
        ("SHIPWAY", json!({ "email": "a", "licenseKey": "b" })),
        (
            "RMS_MAGIC",
            json!({ "authUsername": "a", "authPassword": "b" }),
        ),
    ];
    for (aggregator, own) in &shapes {
        for (_, credentials) in &shapes {
            let body = json!({ "aggregator": aggregator, "credentials": credentials });
            let answer = world.put(ROUTE, aggregator, &body).await;
            if credentials == own {
                assert_eq!(answer.status, 201, "{answer:?}");
            } else {
                assert_eq!(answer.slug(), "invalid-request", "{answer:?}");
                let wrong = answer.wrong();
                let all_there = wrong.iter().all(|(at, _)| at.starts_with("/credentials"));
                assert!(all_there, "{wrong:?}");
            }
        }
        let none = world
            .put(ROUTE, "none", &json!({ "aggregator": aggregator }))
            .await;
        assert_eq!(none.status, 422, "{none:?}");
    }
}

#[tokio::test]
async fn an_alias_is_unique_odd_ones_are_refused_and_its_aggregator_is_fixed() {
    let world = Configuring::start().await;
    for route in [
        "PUT /logistic-accounts/{alias}",
        GET,
        DELETE,
        "POST /logistic-accounts/{alias}/check",
    ] {
        for alias in ["a b", "a/b", "ä", &"a".repeat(65)] {
            let event = world.request(route, alias, "").with_body(&shiprocket());
            let refused = world.send(&event).await;
            assert_eq!(refused.status, 422, "{route}");
            assert_eq!(refused.wrong()[0].0, "/alias");
        }
    }
    assert_eq!(world.put(ROUTE, "one", &shiprocket()).await.status, 201);
    assert_eq!(world.put(ROUTE, "two", &shiprocket()).await.status, 201);
    let other = json!({
        "aggregator": "SHIPWAY", "credentials": { "email": "a", "licenseKey": "b" },
    });
    let refused = world.put(ROUTE, "one", &other).await;
    assert_eq!(refused.wrong()[0].0, "/aggregator");
    let only_new = Some(("if-none-match", "*"));
    let stale = world.put_if(ROUTE, "one", &shiprocket(), only_new).await;
    assert_eq!((stale.status, stale.slug()), (412, "stale"));
}
