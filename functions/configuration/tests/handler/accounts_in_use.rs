//! Logistic accounts: lists, removal in use, and push credentials.

use local::handler_world::stored::{facts, notification, shipment};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::{SeenClaim, ShipmentRecord};
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::booking::shipments::Claimed;
use logistics::store::configuring::push_credentials::PushName;
use logistics::store::notifying::notifications::Notifications;
use serde_json::{Value, json};

use crate::configuration::accounts::shiprocket;
use crate::configuration::world::Configuring;

const ROUTE: &str = "/logistic-accounts/{alias}";
const GET: &str = "GET /logistic-accounts/{alias}";
const DELETE: &str = "DELETE /logistic-accounts/{alias}";

#[tokio::test]
async fn only_the_client_s_own_accounts_are_listed() {
    let world = Configuring::start().await;
    let list = world.get("/logistic-accounts", "").await;
    let aliases: Vec<_> = list.body["logisticAccounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["alias"].as_str().unwrap())
        .collect();
    let mut expected = local::demo::ALIASES;
    expected.sort_unstable();
    assert_eq!(aliases, expected);
    assert_eq!(list.body["cursor"], Value::Null);
    // A push URL with a token is a secret.
    assert!(!list.body.to_string().contains("/notifications/"));
    assert!(list.body["logisticAccounts"][1]["pushUrl"].is_string());
    let key = world.key_for("other", &["configuration"]).await;
    for route in [GET, DELETE, "POST /logistic-accounts/{alias}/check"] {
        let event = world.request(route, "magic", "");
        let answer = world
            .send(&event.with_header("authorization", Some(&key)))
            .await;
        assert_eq!(answer.status, 404, "{route}");
    }
    for pair in expected.windows(2) {
        let query = format!("cursor={}", pair[0]);
        let rest = world.get("/logistic-accounts", &query).await;
        assert_eq!(rest.body["logisticAccounts"][0]["alias"], pair[1]);
    }
}

/// A claim of an account that is booking a shipment.
pub(crate) fn claim(alias: &str, id: &ShipmentId) -> ShipmentRecord {
    ShipmentRecord {
        standing: Standing::Claimed,
        holder: "me".to_owned(),
        ..ShipmentRecord::observed(facts(id, alias, "SHIPROCKET").unwrap())
    }
}

#[tokio::test]
async fn an_account_with_live_shipments_is_removed_only_by_force() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "north", &shiprocket()).await;
    let table = world.world.table("NotificationsTable").unwrap();
    let notifications = Notifications::new(world.world.backends.dynamodb_client(), table);
    let shipments = &world.app.accounts.shipments;
    // One is in transit, one was delivered, one was cancelled, one belongs to another account.
    for (order, alias, end) in [
        ("live", "north", None),
        ("delivered", "north", Some(NotificationType::Delivered)),
        ("cancelled", "north", None),
        ("other", "south", None),
    ] {
        let id = shipment("demo", order, ShipmentType::Forward, None).unwrap();
        let claimed = shipments.claim(&id, &claim(alias, &id)).await.unwrap();
        assert!(matches!(claimed, Claimed::Ours));
        let mut event = notification(&id, logistics::clock::now().as_millisecond()).unwrap();
        event.alias = Some(alias.parse().unwrap());
        event.notification_type = Some(end.unwrap_or(NotificationType::Shipped));
        let identity = Identity::Event(order.to_owned());
        notifications.store(&id, &identity, &event).await.unwrap();
        if order == "cancelled" {
            let seen = SeenClaim {
                standing: Standing::Claimed,
                holder: "me",
            };
            assert!(
                shipments
                    .stand(&id, seen, Standing::Cancelled)
                    .await
                    .unwrap()
            );
        }
    }
    let refused = world.call(DELETE, "north", "").await;
    assert_eq!(
        (refused.status, refused.slug()),
        (409, "in-use"),
        "{refused:?}"
    );
    assert_eq!(refused.body["count"], 1);
    assert_eq!(refused.body["detail"], "1 shipment of the account is live");
    let removed = world.call(DELETE, "north", "force=true").await;
    assert_eq!((removed.status, removed.body), (204, Value::Null));
    assert_eq!(world.call(GET, "north", "").await.status, 404);
    assert_eq!(world.changes().await[0].1, "DELETED north");
    let url = made.body["pushUrl"].as_str().unwrap();
    let token = url.rsplit('/').next().unwrap();
    let credentials = &world.app.accounts.push_credentials;
    let found = credentials.read(PushName::Token(token)).await;
    assert!(found.unwrap().is_none());
    // The alias can be used again, and gets another push URL.
    let again = world.put(ROUTE, "north", &shiprocket()).await;
    assert_eq!(again.status, 201);
    assert_ne!(again.body["pushUrl"], made.body["pushUrl"]);
}

#[tokio::test]
async fn push_credentials_follow_the_webhook_key_and_the_credentials() {
    let world = Configuring::start().await;
    let (client, alias) = ("demo".parse().unwrap(), "north".parse().unwrap());
    let stored = async || {
        let found = world.app.accounts.accounts.read(&client, &alias).await;
        found.unwrap().unwrap().value.proofs
    };
    world.put(ROUTE, "north", &shiprocket()).await;
    let known = stored().await.webhook_key.unwrap();
    assert!(known.is(&client, &alias, b"secret-key"));
    let mut kept = shiprocket();
    kept.as_object_mut().unwrap().remove("webhookKey");
    assert_eq!(world.put(ROUTE, "north", &kept).await.status, 200);
    assert_eq!(stored().await.webhook_key, Some(known));

    world.call(DELETE, "north", "").await;
    let shipway = |key: &str| json!({ "aggregator": "SHIPWAY", "credentials": { "email": "a", "licenseKey": key } });
    world.put(ROUTE, "north", &shipway("one")).await;
    let before = stored().await.body.unwrap();
    world.put(ROUTE, "north", &shipway("two")).await;
    assert_ne!(stored().await.body, Some(before));
}
