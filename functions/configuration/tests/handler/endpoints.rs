//! Saving webhook endpoints.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::configuration::world::Configuring;

const ROUTE: &str = "/webhook-endpoints/{id}";

#[tokio::test]
async fn a_put_makes_an_endpoint_and_shows_its_secret_once() {
    let world = Configuring::start().await;
    let url = world.sink("/orders");
    let made = world.put(ROUTE, "orders", &json!({ "url": url })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let secret = made.body["signingSecret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");

    let shown = world
        .call("GET /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!((shown.status, shown.etag()), (200, made.etag()));
    assert_eq!(
        shown.body,
        json!({
            "id": "orders",
            "url": url,
            "headers": {},
            "enabled": true,
            "lanes": 32,
            "giveUpAfter": 273_600,
            "signatureScheme": "v1",
            "messages": ["NOTIFICATION", "INVOICE"],
            "method": "POST",
            "health": { "state": "ACTIVE", "since": null, "reason": null },
            "schedule": {
                "waits": [5, 15, 30, 60, 120, 300],
                "jitter": 0.2,
                "longestRetryAfter": 900,
                "mostRefusals": 8,
                "giveUpAfter": 273_600,
            },
        })
    );
    let changes = world.changes().await;
    let expected = ("key_event", "CREATED orders", "url");
    let [(key, what, fields)] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!((key.as_str(), what.as_str(), fields.as_str()), expected);
}

#[tokio::test]
async fn putting_a_response_again_changes_nothing() {
    let world = Configuring::start().await;
    let body = json!({
        "url": world.sink("/orders"),
        "headers": { "X-Token": "one" },
        "notificationTypes": ["DELIVERED", "RTO"],
        "shipmentTypes": ["FORWARD"],
        "logisticAccountAliases": ["magic"],
        "warehouseCodes": ["wh-1"],
        "enabled": false,
        "lanes": 4,
        "giveUpAfter": 7200,
        "signatureScheme": "v1",
    });
    let made = world.put(ROUTE, "orders", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let shown = world
        .call("GET /webhook-endpoints/{id}", "orders", "")
        .await;
    for (name, value) in body.as_object().unwrap() {
        let value = if name == "headers" {
            json!({ "x-token": null })
        } else {
            value.clone()
        };
        assert_eq!(shown.body[name], value, "{name}");
    }
    assert_eq!(shown.body["health"]["state"], "DISABLED");
    for same in [&shown.body, &body] {
        let again = world.put(ROUTE, "orders", same).await;
        assert_eq!((again.status, again.etag()), (200, made.etag()));
        assert_eq!(again.body, shown.body);
    }
    assert_eq!(world.changes().await.len(), 1);
}

#[tokio::test]
async fn a_change_names_its_fields_in_the_audit() {
    let world = Configuring::start().await;
    let url = world.sink("/orders");
    let made = json!({ "url": url, "headers": { "x-token": "one", "x-other": "two" } });
    world.put(ROUTE, "orders", &made).await;
    let change = json!({
        "url": url, "headers": { "x-token": "three", "x-other": null }, "notificationTypes": ["RTO"],
    });
    assert_eq!(world.put(ROUTE, "orders", &change).await.status, 200);
    let change = json!({ "url": url, "headers": {}, "giveUpAfter": 3600 });
    assert_eq!(world.put(ROUTE, "orders", &change).await.status, 200);
    let fields: Vec<_> = world
        .changes()
        .await
        .into_iter()
        .map(|change| change.2)
        .collect();
    assert_eq!(
        fields,
        [
            "headers notificationTypes giveUpAfter",
            "headers notificationTypes",
            "url headers"
        ]
    );
}

#[tokio::test]
async fn bad_input_is_refused_with_its_reason_and_stores_nothing() {
    let world = Configuring::start().await;
    let sink = world.sink("/x");
    let too_many: Value = (0..21).map(|n| (format!("x-{n}"), json!("v"))).collect();
    for (field, value, reason) in [
        ("url", json!("http://93.184.216.34/x"), "https://"),
        ("url", json!("https://user:word@brand.com/"), "user name"),
        ("url", json!("https://10.0.0.1/"), "10.0.0.1 is not public"),
        ("url", json!("https://[::1]/"), "::1 is not public"),
        ("url", json!("https://169.254.169.254/x"), "not public"),
        ("url", json!("https://127.0.0.1:9001/"), "not public"),
        (
            "url",
            json!("https://unknown.invalid/"),
            "cannot be resolved",
        ),
        ("url", json!("ftp://brand.com/"), "http or https"),
        ("url", json!(5), "a string"),
        (
            "headers/Host",
            json!({ "Host": "a" }),
            "cannot be configured",
        ),
        (
            "headers/webhook-id",
            json!({ "webhook-id": "a" }),
            "cannot be configured",
        ),
        (
            "headers/X-Amz-Date",
            json!({ "X-Amz-Date": "a" }),
            "cannot be configured",
        ),
        (
            "headers/a b",
            json!({ "a b": "a" }),
            "not the name of a header",
        ),
        (
            "headers/x-new",
            json!({ "x-new": null }),
            "no value is stored",
        ),
        ("headers", too_many, "at most 20"),
        ("notificationTypes/0", json!(["TELEPORTED"]), "DELIVERED"),
        ("shipmentTypes/0", json!(["SIDEWAYS"]), "FORWARD or RETURN"),
        ("lanes", json!(257), "1 to 256"),
        ("giveUpAfter", json!(3599), "3600 to 1123200"),
        ("signatureScheme", json!("v3"), "v1 or v1a"),
    ] {
        let name = field.split('/').next().unwrap();
        let mut body = json!({ "url": sink });
        body[name] = value;
        let refused = world.put(ROUTE, "orders", &body).await;
        assert_eq!(
            (refused.status, refused.slug()),
            (422, "invalid-request"),
            "{body}"
        );
        let wrong = refused.wrong();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].0, format!("/{field}"));
        assert!(wrong[0].1.contains(reason), "{wrong:?}");
    }
    let absent = world
        .call("GET /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!(absent.status, 404);
    assert!(world.changes().await.is_empty());
}

#[tokio::test]
async fn an_id_with_invalid_characters_is_refused_by_every_route() {
    let world = Configuring::start().await;
    for route in [
        "PUT /webhook-endpoints/{id}",
        "GET /webhook-endpoints/{id}",
        "DELETE /webhook-endpoints/{id}",
        "POST /webhook-endpoints/{id}/rotate-secret",
        "POST /webhook-endpoints/{id}/test",
        "POST /webhook-endpoints/{id}/resume",
    ] {
        for id in ["a b", "a/b", "ä", "a#b", &"a".repeat(65)] {
            let event = world.request(route, id, "");
            let event = event.with_body(&json!({ "url": world.sink("/x") }));
            let refused = world.send(&event).await;
            assert_eq!((refused.status, refused.slug()), (422, "invalid-request"));
            assert_eq!(refused.wrong()[0].0, "/id", "{route}");
        }
    }
}

#[tokio::test]
async fn invalid_json_and_large_bodies_are_refused() {
    let world = Configuring::start().await;
    let event = world.request("PUT /webhook-endpoints/{id}", "orders", "");
    let no_object = world.send(&event.clone().with_body(&json!("text"))).await;
    assert_eq!(no_object.status, 422);
    let large = json!({ "url": "x".repeat(1024 * 1024) });
    assert_eq!(
        world.send(&event.clone().with_body(&large)).await.status,
        413
    );
    assert_eq!(world.send(&event).await.status, 400);
}

#[tokio::test]
async fn lanes_are_fixed_when_the_endpoint_is_made() {
    let world = Configuring::start().await;
    let url = world.sink("/orders");
    let with = |lanes: u16| json!({ "url": url, "lanes": lanes });
    assert_eq!(world.put(ROUTE, "orders", &with(4)).await.status, 201);
    let refused = world.put(ROUTE, "orders", &with(5)).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.wrong()[0].0, "/lanes");
    assert!(refused.wrong()[0].1.contains("has 4 lanes"));
    let kept = world.put(ROUTE, "orders", &json!({ "url": url })).await;
    assert_eq!((kept.status, &kept.body["lanes"]), (200, &json!(4)));
}

#[tokio::test]
async fn an_old_etag_changes_nothing() {
    let world = Configuring::start().await;
    let body = |path: &str| json!({ "url": world.sink(path) });
    let made = world.put(ROUTE, "orders", &body("/1")).await;
    let seen = made.etag();
    let on = |etag: String| async move { ("if-match", etag) };
    let (name, etag) = on(seen.clone()).await;
    let changed = world
        .put_if(ROUTE, "orders", &body("/2"), Some((name, &etag)))
        .await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.etag(), seen);
    for (id, name, value) in [
        ("orders", "if-match", seen.as_str()),
        ("orders", "if-none-match", "*"),
        ("absent", "if-match", seen.as_str()),
        ("absent", "if-match", "*"),
    ] {
        let stale = world
            .put_if(ROUTE, id, &body("/3"), Some((name, value)))
            .await;
        assert_eq!((stale.status, stale.slug()), (412, "stale"), "{id} {name}");
    }
    let delete = world
        .request("DELETE /webhook-endpoints/{id}", "orders", "")
        .with_header("if-match", Some(&seen));
    assert_eq!(world.send(&delete).await.status, 412);
    let shown = world
        .call("GET /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!(shown.body["url"], world.sink("/2"));
    let no_tag = Some(("if-match", "orders"));
    let wrong = world.put_if(ROUTE, "orders", &body("/3"), no_tag).await;
    assert_eq!(wrong.slug(), "invalid-parameter");
}

#[tokio::test]
async fn of_two_writers_with_one_etag_one_succeeds_and_without_it_both_do() {
    let world = Configuring::start().await;
    let body = |n: usize| json!({ "url": world.sink(&format!("/{n}")) });
    let etag = world.put(ROUTE, "orders", &body(9)).await.etag();
    let bodies: Vec<Value> = (0..3).map(body).collect();
    let condition = Some(("if-match", etag.as_str()));
    let writers = bodies
        .iter()
        .map(|body| world.put_if(ROUTE, "orders", body, condition));
    let mut statuses: Vec<_> = join_all(writers).await.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412]);

    let writers = bodies.iter().map(|body| world.put(ROUTE, "orders", body));
    for answer in join_all(writers).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn only_one_of_two_concurrent_creations_succeeds() {
    let world = Configuring::start().await;
    let body = json!({ "url": world.sink("/orders") });
    let makers = (0..3).map(|_| world.put(ROUTE, "orders", &body));
    let answers = join_all(makers).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 201]);
    let secrets = answers
        .iter()
        .filter(|a| a.body.get("signingSecret").is_some());
    assert_eq!(secrets.count(), 1);
}
