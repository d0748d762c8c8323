//! Webhook endpoints: lists, removal in use, disabled and suspended ones.

use local::handler_world::stored::{attempted, notification, shipment};
use logistics::domain::delivery::DeliveryState;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Suspension, SuspensionReason};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::delivering::parked::{EndpointLane, Parked, ParkedDelivery};
use logistics::store::keys::Key;
use logistics::store::notifying::notifications::{Notifications, Stored};
use serde_json::{Value, json};

use crate::configuration::world::Configuring;

const ROUTE: &str = "/webhook-endpoints/{id}";

#[tokio::test]
async fn only_the_client_s_own_endpoints_are_listed_page_by_page() {
    let mut world = Configuring::start().await;
    world.app.endpoints.limits = "100/10000".parse().unwrap();
    let url = world.sink("/x");
    for number in 0..60 {
        let id = format!("e{number:02}");
        assert_eq!(
            world.put(ROUTE, &id, &json!({ "url": url })).await.status,
            201
        );
    }
    let first = world.get("/webhook-endpoints", "").await;
    let cursor = first.body["cursor"].as_str().unwrap().to_owned();
    let second = world
        .get("/webhook-endpoints", &format!("cursor={cursor}"))
        .await;
    assert_eq!(second.body["cursor"], Value::Null);
    let ids: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page.body["webhookEndpoints"].as_array().unwrap())
        .map(|endpoint| endpoint["id"].as_str().unwrap())
        .collect();
    let seeded = world.world.demo.endpoints.keys().cloned();
    let mut expected: Vec<String> = seeded.collect();
    expected.extend((0..60).map(|number| format!("e{number:02}")));
    expected.sort();
    assert_eq!(ids, expected);

    let key = world.key_for("other", &["configuration"]).await;
    for path in ["/webhook-endpoints", "/audit"] {
        let event = world.request(&format!("GET {path}"), "", "");
        let of_other = world
            .send(&event.with_header("authorization", Some(&key)))
            .await;
        let list = of_other.body.as_object().unwrap().values().next().unwrap();
        let is_empty = list.as_array().is_none_or(Vec::is_empty);
        assert!(is_empty, "{of_other:?}");
    }
    let event = world.request("GET /webhook-endpoints/{id}", "e01", "");
    let of_other = world
        .send(&event.with_header("authorization", Some(&key)))
        .await;
    assert_eq!(of_other.status, 404);
}

#[tokio::test]
async fn an_endpoint_with_waiting_deliveries_is_removed_only_by_force() {
    let world = Configuring::start().await;
    let table = world.world.table("NotificationsTable").unwrap();
    let dynamodb = || world.world.backends.dynamodb_client();
    let notifications = Notifications::new(dynamodb(), table.clone());
    let deliveries = Deliveries::new(dynamodb(), table);
    world
        .put(ROUTE, "orders", &json!({ "url": world.sink("/x") }))
        .await;
    for order in ["A", "B"] {
        let shipment = shipment("demo", order, ShipmentType::Forward, None).unwrap();
        let at = logistics::clock::now().as_millisecond();
        let notification = notification(&shipment, at).unwrap();
        let identity = Identity::Event(order.to_owned());
        let stored = notifications.store(&shipment, &identity, &notification);
        let (Stored::New(key) | Stored::Before(key, _)) = stored.await.unwrap();
        let key = key.delivery(&"orders".parse().unwrap());
        let [record] = &attempted(at, &[DeliveryState::Pending])[..] else {
            panic!("one record")
        };
        assert!(deliveries.put(&key, record, 0).await.unwrap());
    }
    let refused = world
        .call("DELETE /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!((refused.status, refused.slug()), (409, "in-use"));
    assert_eq!(refused.body["count"], 2);
    assert_eq!(
        refused.body["detail"],
        "2 deliveries are waiting for the endpoint"
    );
    let wrong = world
        .call("DELETE /webhook-endpoints/{id}", "orders", "force=maybe")
        .await;
    assert_eq!(wrong.status, 400);
    let removed = world
        .call("DELETE /webhook-endpoints/{id}", "orders", "force=true")
        .await;
    assert_eq!((removed.status, removed.body), (204, Value::Null));
    let absent = world
        .call("DELETE /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!(absent.status, 404);
    assert_eq!(world.changes().await[0].1, "DELETED orders");
}

#[tokio::test]
async fn an_endpoint_that_rms_disabled_shows_the_reason_and_can_be_resumed() {
    let world = Configuring::start().await;
    let url = world.sink("/x");
    world.put(ROUTE, "orders", &json!({ "url": url })).await;
    let (table, versions) = (
        &world.app.endpoints.endpoints,
        &world.app.endpoints.versions,
    );
    let (client, id) = ("demo".parse().unwrap(), "orders".parse().unwrap());
    let seen = table.read(&client, &id).await.unwrap().unwrap();
    let disabled = logistics::domain::endpoint::Disabled {
        reason: logistics::domain::endpoint::DisabledReason::Gone,
        at: "2026-11-21T10:00:00Z".parse().unwrap(),
    };
    let disabled = table.disable(&seen.value, disabled, versions).await;
    assert!(disabled.unwrap());

    let etag = format!("\"{}\"", seen.version.as_str());
    let condition = Some(("if-match", etag.as_str()));
    let stale = world
        .put_if(ROUTE, "orders", &json!({ "url": url }), condition)
        .await;
    assert_eq!(stale.status, 412);
    // A PUT without `enabled` leaves it disabled.
    let body = json!({ "url": url, "giveUpAfter": 3600 });
    let shown = world.put(ROUTE, "orders", &body).await;
    let health = json!({ "state": "DISABLED", "since": "2026-11-21T10:00:00Z", "reason": "GONE" });
    assert_eq!(shown.body["health"], health);
    let resumed = world
        .call("POST /webhook-endpoints/{id}/resume", "orders", "")
        .await;
    assert_eq!(resumed.status, 200);
    assert_eq!(resumed.body["health"]["state"], "ACTIVE");
    assert_eq!(resumed.body["enabled"], true);
    let again = world
        .call("POST /webhook-endpoints/{id}/resume", "orders", "")
        .await;
    assert_eq!(again.etag(), resumed.etag());
    assert_eq!(world.changes().await[0].1, "RESUMED orders");
}

#[tokio::test]
async fn a_suspension_is_shown_counts_parked_deliveries_and_can_be_ended() {
    let world = Configuring::start().await;
    let url = world.sink("/x");
    let body = json!({ "url": url, "lanes": 4 });
    world.put(ROUTE, "orders", &body).await;
    let key = EndpointKey {
        client_id: "demo".parse().unwrap(),
        endpoint_id: "orders".parse().unwrap(),
    };
    let since = "2026-11-21T10:00:00Z".parse().unwrap();
    let dependencies = &world.app.endpoints;
    dependencies.healths.fails(&key, since).await.unwrap();
    let seen = dependencies.healths.read(&key).await.unwrap();
    let suspension = Suspension::new(since, SuspensionReason::Failing, 4);
    let suspended = dependencies.healths.suspend(&key, &seen, &suspension).await;
    assert!(suspended.unwrap());
    for lane in [0, 3] {
        let lane = EndpointLane {
            endpoint: key.clone(),
            lane,
        };
        let record = Key {
            pk: "demo#0".to_owned(),
            sk: "F0#orders".to_owned(),
        };
        let parked = Parked {
            key: lane.place("1"),
            delivery: ParkedDelivery::new(&record, 0, 0, false),
        };
        dependencies.parked.put(&parked).await.unwrap();
    }

    let health =
        json!({ "state": "SUSPENDED", "since": "2026-11-21T10:00:00Z", "reason": "FAILING" });
    let shown = world
        .call("GET /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!(shown.body["health"], health);
    let list = world.get("/webhook-endpoints", "").await;
    for endpoint in list.body["webhookEndpoints"].as_array().unwrap() {
        let is_suspended = endpoint["id"] == "orders";
        let state = if is_suspended { "SUSPENDED" } else { "ACTIVE" };
        assert_eq!(endpoint["health"]["state"], state, "{endpoint}");
    }
    let refused = world
        .call("DELETE /webhook-endpoints/{id}", "orders", "")
        .await;
    assert_eq!((refused.status, &refused.body["count"]), (409, &json!(2)));

    let resumed = world
        .call("POST /webhook-endpoints/{id}/resume", "orders", "")
        .await;
    assert_eq!(resumed.status, 200);
    assert_eq!(resumed.body["health"]["state"], "DRAINING");
    let resumed = world
        .call("POST /webhook-endpoints/{id}/resume", "orders", "")
        .await;
    assert_eq!(resumed.body["health"]["state"], "DRAINING");
    let changes = world.changes().await;
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(
        (changes[0].1.as_str(), changes[0].2.as_str()),
        ("RESUMED orders", "health")
    );
}
