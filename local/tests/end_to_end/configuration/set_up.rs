//! From a new client to a delivered notification.

use std::collections::BTreeSet;

use logistics::destinations::client_webhook::signature::sign;
use serde_json::{Value, json};
use simulators::PushTarget;

use crate::configuration::world::{PATIENCE, World};
use crate::vendors::vendor;

use local::demo::ALIASES;
const LABEL: &str = include_str!("../../../../docs/examples/native-label.json");

fn label(alias: &str) -> Value {
    let mut label = serde_json::from_str(&LABEL.replace("ALIAS", alias)).unwrap();
    (vendor(alias).at_home)(&mut label);
    label
}

#[tokio::test]
async fn a_client_is_set_up_and_a_label_and_a_notification_flow_through() {
    let world = World::start().await;
    let mut made = Vec::new();
    for alias in ALIASES {
        let path = format!("/logistic-accounts/{alias}");
        let account = world.put(&path, &world.account(alias).await).await;
        assert_eq!(account.status, 201, "{account:?}");
        let checked = world.call("POST", &format!("{path}/check"), None).await;
        assert_eq!(
            checked.body,
            json!({ "ok": true, "problems": [] }),
            "{alias}"
        );
        made.push(account);
    }
    let url = format!("{}/webhooks/acme", world.stack.sink_url());
    let body = json!({ "url": url, "headers": { "x-token": "acme" } });
    let endpoint = world.put("/webhook-endpoints/oms", &body).await;
    assert_eq!(endpoint.status, 201, "{endpoint:?}");
    let tested = world
        .call("POST", "/webhook-endpoints/oms/test", None)
        .await;
    assert_eq!(tested.text("/outcome"), "ACCEPTED");
    let sink = world.stack.sink().unwrap();
    sink.clear();

    for alias in ALIASES {
        let bought = world.post("/shipping-labels", &label(alias)).await;
        let expected = vendor(alias).label_status();
        assert_eq!(bought.status, expected, "{alias}: {bought:?}");
    }
    let order = label("magic");
    let order = order["orderDetails"]["orderNumber"].as_str().unwrap();
    let event = json!({
        "forwardOrderCode": order, "notificationType": "SHIPPED", "shipmentType": "FORWARD",
        "logisticAggregatorName": "NARVAR",
    });
    let user = made[0].text("/pushCredential/authUsername");
    let password = made[0].text("/pushCredential/authPassword");
    let headers = [("authUsername", user.as_str()), ("authPassword", &password)];
    let pushed = world
        .push(&made[0].text("/pushUrl"), &headers, &event)
        .await;
    assert_eq!(pushed.text("/notifications/0/status"), "ACCEPTED");
    sink.wait_for(1, PATIENCE).await.unwrap();
    let received = sink.received();
    assert_eq!(received[0].path, "/webhooks/acme");
    assert_eq!(received[0].headers["x-token"], "acme");
    let sent: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(sent["forwardOrderCode"], order);
    let second = received[0].headers["webhook-timestamp"].parse().unwrap();
    let signature = sign(
        &received[0].headers["webhook-id"],
        jiff::Timestamp::from_second(second).unwrap(),
        received[0].body.as_bytes(),
        [&endpoint.text("/signingSecret").into()],
    );
    assert_eq!(received[0].headers["webhook-signature"], signature.unwrap());
}

#[tokio::test]
async fn a_push_to_the_url_of_the_account_is_accepted() {
    let world = World::start().await;
    let mut account = world.account("shiprocket").await;
    account["webhookKey"] = json!("the-key-of-the-panel");
    let made = world.put("/logistic-accounts/north", &account).await;
    let url = format!("{}/webhooks/acme", world.stack.sink_url());
    world
        .put("/webhook-endpoints/oms", &json!({ "url": url }))
        .await;
    let mut order = label("shiprocket");
    order["logisticAccountAlias"] = json!("north");
    let bought = world.post("/shipping-labels", &order).await;
    assert_eq!(bought.status, 200, "{bought:?}");

    let simulators = world.stack.simulators().unwrap();
    for (key, count) in [("another-key", 0), ("the-key-of-the-panel", 1)] {
        let target = PushTarget {
            url: made.text("/pushUrl"),
            headers: [("x-api-key".to_owned(), key.to_owned())].into(),
        };
        simulators.set_push_target("shiprocket", target).unwrap();
        let advance = format!("{}/shiprocket/advance", world.stack.simulator_url());
        let body = json!({ "awb": bought.text("/awb"), "to": "DELIVERED" });
        world.push(&advance, &[], &body).await;
        if count > 0 {
            world
                .stack
                .sink()
                .unwrap()
                .wait_for(count, PATIENCE)
                .await
                .unwrap();
        } else {
            assert!(world.stack.sink().unwrap().received().is_empty());
        }
    }
}

#[tokio::test]
async fn an_account_in_use_is_not_deleted_and_each_change_is_audited_with_its_author() {
    let world = World::start().await;
    world
        .put("/logistic-accounts/magic", &world.account("magic").await)
        .await;
    let bought = world.post("/shipping-labels", &label("magic")).await;
    assert_eq!(bought.status, 200, "{bought:?}");
    let refused = world.call("DELETE", "/logistic-accounts/magic", None).await;
    assert_eq!((refused.status, &refused.body["count"]), (409, &json!(1)));

    let url = format!("{}/webhooks/acme", world.stack.sink_url());
    let endpoint = json!({ "url": url });
    let made = world.put("/webhook-endpoints/oms", &endpoint).await;
    let shown = world.get("/webhook-endpoints/oms").await;
    assert_eq!((shown.status, &shown.etag), (200, &made.etag));
    for action in ["rotate-secret", "resume"] {
        let path = format!("/webhook-endpoints/oms/{action}");
        assert_eq!(
            world.call("POST", &path, None).await.status,
            200,
            "{action}"
        );
    }
    assert_eq!(
        world.get("/webhook-endpoints").await.body["webhookEndpoints"][0]["id"],
        "oms"
    );
    assert_eq!(world.get("/logistic-accounts").await.status, 200);
    assert_eq!(world.get("/logistic-accounts/magic").await.status, 200);
    for path in [
        "/webhook-endpoints/oms",
        "/logistic-accounts/magic?force=true",
    ] {
        assert_eq!(world.call("DELETE", path, None).await.status, 204, "{path}");
        assert_eq!(world.get(path).await.status, 404, "{path}");
    }

    let audit = world.get("/audit?since=2026-01-01T00:00:00Z").await;
    let changes = audit.body["changes"].as_array().unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|change| format!("{} {}", change["action"], change["id"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "DELETED magic",
            "DELETED oms",
            "SECRET_ROTATED oms",
            "CREATED oms",
            "CREATED magic"
        ]
    );
    let authors: BTreeSet<_> = changes
        .iter()
        .map(|change| change["keyId"].as_str().unwrap())
        .collect();
    assert_eq!(authors.len(), 1);
    let later = world.get("/audit?since=2999-01-01T00:00:00Z").await;
    assert_eq!(later.body["changes"], json!([]));
}
