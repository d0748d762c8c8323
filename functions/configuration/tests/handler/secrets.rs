//! Signing secrets and configured headers: created, replaced, used, never shown again.

use serde_json::json;

use crate::configuration::world::Configuring;

const ROUTE: &str = "/webhook-endpoints/{id}";
const TEST: &str = "POST /webhook-endpoints/{id}/test";
const ROTATE: &str = "POST /webhook-endpoints/{id}/rotate-secret";

fn signatures(world: &Configuring) -> Vec<String> {
    let received = world.world.sink.received();
    let header = &received.last().unwrap().headers["webhook-signature"];
    header.split(' ').map(str::to_owned).collect()
}

#[tokio::test]
async fn a_test_delivery_is_sent_like_any_other_and_its_outcome_returned() {
    let world = Configuring::start().await;
    let body = json!({
        "url": world.sink("/orders"),
        "headers": { "X-Token": "one" },
        "basic": { "username": "Aladdin", "password": "open sesame" },
        "notificationTypes": ["RTO"],
        "enabled": false,
    });
    let made = world.put(ROUTE, "orders", &body).await;
    let tested = world.call(TEST, "orders", "").await;
    assert_eq!(tested.status, 200, "{tested:?}");
    assert_eq!(tested.body["status"], 200);
    assert_eq!(tested.body["outcome"], "ACCEPTED");
    assert!(tested.body["durationMs"].is_u64());
    let received = world.world.sink.received();
    let [request] = received.as_slice() else {
        panic!("{received:?}")
    };
    assert_eq!(request.path, "/orders");
    assert_eq!(request.headers["x-token"], "one");
    assert_eq!(
        request.headers["authorization"],
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    let sent: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(sent["notificationType"], "RTO");
    assert!(request.headers["webhook-id"].starts_with("dlv_test_"));
    let secret = made.body["signingSecret"].as_str().unwrap();
    let signed = logistics::destinations::client_webhook::signature::sign(
        &request.headers["webhook-id"],
        jiff::Timestamp::from_second(request.headers["webhook-timestamp"].parse().unwrap())
            .unwrap(),
        request.body.as_bytes(),
        [&secret.into()],
    );
    assert_eq!(signatures(&world), [signed.unwrap()]);
}

#[tokio::test]
async fn a_test_reports_a_failing_endpoint() {
    let world = Configuring::start().await;
    let behaviour = local::sink::Behaviour {
        status: 503,
        ..Default::default()
    };
    world.world.sink.behave(behaviour).unwrap();
    let body = json!({ "url": world.sink("/orders") });
    world.put(ROUTE, "orders", &body).await;
    let tested = world.call(TEST, "orders", "").await;
    assert_eq!(tested.body["status"], 503);
    assert_eq!(tested.body["outcome"], "REJECTED");
    assert_eq!(world.call(TEST, "absent", "").await.status, 404);
}

#[tokio::test]
async fn a_rotated_secret_signs_together_with_the_previous_one() {
    let world = Configuring::start().await;
    let body = json!({ "url": world.sink("/orders") });
    let made = world.put(ROUTE, "orders", &body).await;
    let rotated = world.call(ROTATE, "orders", "").await;
    assert_eq!(rotated.status, 200);
    let secret = rotated.body["signingSecret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    assert_ne!(rotated.body["signingSecret"], made.body["signingSecret"]);
    assert_ne!(rotated.etag(), made.etag());
    world.call(TEST, "orders", "").await;
    assert_eq!(signatures(&world).len(), 2);
    assert_eq!(world.call(ROTATE, "absent", "").await.status, 404);
    let changes = world.changes().await;
    assert_eq!(
        (changes[0].1.as_str(), changes[0].2.as_str()),
        ("SECRET_ROTATED orders", "signingSecret")
    );
}

#[tokio::test]
async fn an_own_secret_signs_and_is_never_shown() {
    const FIRST: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SECOND: &str = "whsec_c2Vjb25kLXNlY3JldC1vZi1hLXNlbmRlcg==";
    let world = Configuring::start().await;
    let body = |secret: &str| json!({ "url": world.sink("/orders"), "signingSecret": secret });
    let made = world.put(ROUTE, "orders", &body(FIRST)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = world.put(ROUTE, "orders", &body(FIRST)).await;
    assert_eq!((again.status, again.etag()), (200, made.etag()));
    world.call(TEST, "orders", "").await;
    let [signature] = &signatures(&world)[..] else {
        panic!("one signature")
    };
    let requests = world.world.sink.received();
    let request = requests.last().unwrap();
    let seconds = request.headers["webhook-timestamp"].parse().unwrap();
    let expected = logistics::destinations::client_webhook::signature::sign(
        &request.headers["webhook-id"],
        jiff::Timestamp::from_second(seconds).unwrap(),
        request.body.as_bytes(),
        [&FIRST.into()],
    );
    assert_eq!(*signature, expected.unwrap());

    let changed = world.put(ROUTE, "orders", &body(SECOND)).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.etag(), made.etag());
    assert_eq!(world.changes().await[0].2, "signingSecret");
    world.call(TEST, "orders", "").await;
    assert_eq!(signatures(&world).len(), 2);
    for body in [&made.body, &again.body, &changed.body] {
        assert!(body.get("signingSecret").is_none(), "{body}");
        assert!(!body.to_string().contains("whsec_"), "{body}");
    }
    let wrong = world.put(ROUTE, "orders", &body("whsec_c2hvcnQ=")).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.body["errors"][0]["pointer"], "/signingSecret");

    let v1a = json!({ "url": world.sink("/orders"), "signatureScheme": "v1a" });
    assert_eq!(world.put(ROUTE, "orders", &v1a).await.status, 200);
    let wrong = world.put(ROUTE, "orders", &body(FIRST)).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.body["errors"][0]["pointer"], "/signingSecret");
}

#[tokio::test]
async fn a_v1a_endpoint_shows_its_public_key_and_never_its_private_one() {
    let world = Configuring::start().await;
    let url = world.sink("/orders");
    let body = json!({ "url": url, "signatureScheme": "v1a" });
    let made = world.put(ROUTE, "orders", &body).await;
    assert_eq!(made.status, 201);
    let public = made.body["publicKey"].as_str().unwrap();
    assert!(public.starts_with("whpk_"), "{public}");
    assert!(!made.body.to_string().contains("whsk_"));
    assert!(made.body.get("signingSecret").is_none());
    world.call(TEST, "orders", "").await;
    assert!(signatures(&world)[0].starts_with("v1a,"));
    let rotated = world.call(ROTATE, "orders", "").await;
    assert_ne!(rotated.body["publicKey"], made.body["publicKey"]);
    assert!(!rotated.body.to_string().contains("whsk_"));

    // Back to a shared secret, which is shown once.
    let body = json!({ "url": url, "signatureScheme": "v1" });
    let changed = world.put(ROUTE, "orders", &body).await;
    let secret = changed.body["signingSecret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    assert!(changed.body.get("publicKey").is_none());
    assert_eq!(world.changes().await[0].2, "signatureScheme");
    world.call(TEST, "orders", "").await;
    let kinds: Vec<_> = signatures(&world)
        .iter()
        .map(|signature| signature.split(',').next().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["v1", "v1a", "v1a"]);
}
