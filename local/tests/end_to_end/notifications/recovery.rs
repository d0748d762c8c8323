//! Deliveries that were given up: they are found, read and recovered.

use aws_sdk_dynamodb::types::AttributeValue;
use local::sink::Behaviour;
use logistics::domain::delivery::DeliveryState;
use reqwest::Method;
use serde_json::{Value, json};

use crate::notifications::world::{Answer, World, event, told, webhook_id};

/// Four days after acceptance there are no more attempts.
const FOUR_DAYS_MS: i64 = 4 * 24 * 3_600_000;
const ENDPOINT: &str = "recovered";

impl World {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.stack.base_url());
        let key = &self.demo().api_key;
        Answer::of(self.http.request(Method::GET, url).bearer_auth(key)).await
    }

    async fn recover(&self, body: &Value) -> Value {
        let path = format!("/webhook-endpoints/{ENDPOINT}/recover");
        let answer = self.call(&path, body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// A notification that was accepted four days ago and that the client refused until it was given up.
    async fn given_up(&self, order: &str, kind: &str) -> String {
        let id = self.pushed(&event(order, kind), "ACCEPTED").await;
        let key = self.key(&id);
        let at = jiff::Timestamp::now().as_millisecond() - FOUR_DAYS_MS;
        let update = self
            .dynamodb()
            .update_item()
            .table_name(self.table("NotificationsTable"))
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()))
            .update_expression("SET receivedAt = :at")
            .expression_attribute_values(":at", AttributeValue::N(at.to_string()));
        update.send_with(&self.dynamodb()).await.unwrap();
        let task = json!({
            "kind": "delivery.v1",
            "clientId": self.demo().client_id,
            "endpointId": ENDPOINT,
            "deliveryId": webhook_id(&id, ENDPOINT),
            "record": { "pk": key.pk, "sk": format!("{}#{ENDPOINT}", key.sk) },
            "acceptedAt": at,
        });
        let group = format!("{}:{ENDPOINT}:{order}", self.demo().client_id);
        self.send("DeliveryQueue", &group, &task.to_string()).await;
        let record = self.record(&id, ENDPOINT, 1).await;
        assert_eq!(record.state, DeliveryState::Failed);
        id
    }
}

/// A stack whose demo endpoint has received a first push. An endpoint added now receives no new notifications, because the
/// push function caches the endpoints for a minute.
async fn start() -> World {
    let world = World::start().await;
    world.pushed(&event("before", "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    let url = world.sink_path("/webhooks/recovered");
    let client = world.demo().client_id.clone();
    world.add_endpoint(&client, ENDPOINT, &url).await;
    world
}

/// The requests that the endpoint received.
fn came(world: &World) -> Vec<local::sink::ReceivedRequest> {
    let mut came = world.sink().received();
    came.retain(|request| request.path == "/webhooks/recovered");
    came
}

#[tokio::test]
async fn a_given_up_delivery_is_recovered_once_with_its_old_id() {
    let world = start().await;
    world.behave(Behaviour {
        status: 422,
        ..Behaviour::default()
    });
    let id = world.given_up("A", "SHIPPED").await;
    let refused = came(&world);
    assert_eq!(refused.len(), 1);
    let failed = world
        .get(&format!(
            "/notifications?endpointId={ENDPOINT}&status=failed"
        ))
        .await;
    let listed = &failed.body["notifications"][0];
    assert_eq!(listed["notificationId"], id);
    assert_eq!(listed["lastAttempt"]["status"], 422);

    let counted = world.recover(&json!({ "dryRun": true })).await;
    assert_eq!(
        (&counted["matched"], &counted["queued"]),
        (&json!(1), &json!(0))
    );
    world.behave(Behaviour::default());
    let recovered = world.recover(&json!({ "orderNumber": "A" })).await;
    assert_eq!(
        (&recovered["matched"], &recovered["queued"]),
        (&json!(1), &json!(1))
    );
    let again = world.recover(&json!({ "orderNumber": "A" })).await;
    assert_eq!(
        (&again["matched"], &again["queued"]),
        (&json!(0), &json!(0))
    );

    let record = world.record(&id, ENDPOINT, 2).await;
    assert_eq!(record.state, DeliveryState::Delivered);
    let came = came(&world);
    assert_eq!(came.len(), 2);
    assert_eq!(
        came[1].headers["webhook-id"],
        refused[0].headers["webhook-id"]
    );
    assert_eq!(came[1].headers["webhook-id"], webhook_id(&id, ENDPOINT));
    assert_eq!(came[1].headers["webhook-replayed"], "true");
    assert!(!came[0].headers.contains_key("webhook-replayed"));
    assert_eq!(came[1].body, came[0].body);
    let failed = world
        .get(&format!(
            "/notifications?endpointId={ENDPOINT}&status=failed"
        ))
        .await;
    assert_eq!(failed.body["notifications"], json!([]));
    let told = world.get(&format!("/notifications/{id}")).await;
    assert_eq!(told.body["payload"].to_string(), {
        let payload: Value = serde_json::from_str(&came[1].body).unwrap();
        payload.to_string()
    });
    let deliveries = told.body["deliveries"].as_array().unwrap();
    let delivery = deliveries
        .iter()
        .find(|delivery| delivery["endpointId"] == ENDPOINT)
        .unwrap();
    assert_eq!(delivery["state"], "DELIVERED");
    assert_eq!(delivery["recoveries"], 1);
}

#[tokio::test]
async fn a_recovered_lane_continues_in_the_order_of_acceptance() {
    let world = start().await;
    world.behave(Behaviour {
        status: 422,
        ..Behaviour::default()
    });
    for kind in ["SHIPPED", "TRANSIT", "DELIVERED"] {
        world.given_up("A", kind).await;
    }
    world.behave(Behaviour::default());
    let before = came(&world).len();
    let recovered = world.recover(&json!({})).await;
    assert_eq!(recovered["queued"], 3);
    world.settled().await;
    assert_eq!(
        told(&came(&world)[before..]),
        ["A SHIPPED", "A TRANSIT", "A DELIVERED"]
    );
}

#[tokio::test]
async fn an_order_is_listed_and_its_shipment_tracked() {
    let world = World::start().await;
    for kind in ["SHIPPED", "DELIVERED", "TRANSIT"] {
        world.pushed(&event("a/b #1", kind), "ACCEPTED").await;
    }
    world.settled().await;
    let listed = world.get("/notifications?orderNumber=a%2Fb%20%231").await;
    let kinds: Vec<&Value> = listed.body["notifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notification| &notification["notificationType"])
        .collect();
    assert_eq!(kinds, ["SHIPPED", "DELIVERED", "TRANSIT"]);
    let tracked = world
        .get("/shipments?orderNumber=a%2Fb%20%231&shipmentType=FORWARD")
        .await;
    assert_eq!(tracked.status, 200, "{tracked:?}");
    assert_eq!(tracked.body["state"], "DELIVERED");
    assert_eq!(tracked.body["awb"], "AWB-a/b #1");
    assert_eq!(tracked.body["events"][2]["effect"], "OUT_OF_ORDER");
    // Decoded before it is routed, this path is no shipment's.
    for path in [
        "/shipments/a%2Fb%20%231",
        "/shipments/none",
        "/shipments?orderNumber=none",
    ] {
        world.get(path).await.is_problem(404, "not-found");
    }
    let pending = world
        .get("/notifications?endpointId=demo-sink&status=pending")
        .await;
    assert_eq!(pending.body["notifications"], json!([]));
}
