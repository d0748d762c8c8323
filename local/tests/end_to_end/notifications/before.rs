//! Queue messages and table items of the version that knew only notifications can still be read and delivered.
//!
//! `before/` has a queue message and table items as that version wrote them.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use local::sink::ReceivedRequest;
use logistics::domain::delivery::DeliveryState;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Suspension, SuspensionReason};
use logistics::store::delivering::health::EndpointHealths;
use logistics::store::delivering::parked::EndpointLane;
use serde_json::{Value, json};

use crate::notifications::invoices::delivery_id;
use crate::notifications::world::{World, is_signed_with};

const TASK: &str = include_str!("before/task.json");
const NOTIFICATION: &str = include_str!("before/notification.json");
const DELIVERY: &str = include_str!("before/delivery.json");
const PARKED: &str = include_str!("before/parked.json");
const ENDPOINT: &str = include_str!("before/endpoint.json");

/// The id of the notification in the samples, and the order number.
const ID: &str = "ntf_629c05c5c19d84acbcbf_Faf5570f56bf30ff7b26efd781c1f9c49";
const ORDER: &str = "before-1";

type Item = HashMap<String, AttributeValue>;

/// Reads DynamoDB JSON, the format of the samples.
fn value(json: &Value) -> AttributeValue {
    let (kind, json) = json.as_object().unwrap().iter().next().unwrap();
    let text = || json.as_str().unwrap().to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()).unwrap())),
        "BOOL" => AttributeValue::Bool(json.as_bool().unwrap()),
        "L" => AttributeValue::L(json.as_array().unwrap().iter().map(value).collect()),
        "M" => AttributeValue::M(item(json)),
        other => panic!("the samples have no type {other}"),
    }
}

fn item(json: &Value) -> Item {
    let attributes = json.as_object().unwrap().iter();
    attributes
        .map(|(name, json)| (name.clone(), value(json)))
        .collect()
}

fn sample(text: &str) -> Item {
    item(&serde_json::from_str(text).unwrap())
}

impl World {
    async fn put_before(&self, table: &str, item: Item) {
        let put = self.dynamodb().put_item().table_name(self.table(table));
        put.set_item(Some(item))
            .send_with(&self.dynamodb())
            .await
            .unwrap();
    }

    /// Adds the endpoint of the earlier version, at the sink. Only its sealed secret is the demo endpoint's: secrets are
    /// bound to the stack's key.
    async fn add_endpoint_of_before(&self) {
        let made = self.sink_path("/before");
        let client = self.demo().client_id.clone();
        self.add_endpoint(&client, "before", &made).await;
        let present = self.endpoint_item(&client, "before").await;
        let mut endpoint = sample(ENDPOINT);
        for kept in ["url", "signingSecrets"] {
            endpoint.insert(kept.to_owned(), present[kept].clone());
        }
        self.put_before("EndpointsTable", endpoint).await;
    }
}

/// The requests that the endpoint of the earlier version received.
fn came(world: &World) -> Vec<ReceivedRequest> {
    let mut came = world.sink().received();
    came.retain(|request| request.path == "/before");
    came
}

fn payload() -> String {
    let task: Value = serde_json::from_str(TASK).unwrap();
    task["payload"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_message_of_before_in_the_queue_is_delivered_to_an_endpoint_of_before() {
    let world = World::start().await;
    world.add_endpoint_of_before().await;
    world
        .put_before("NotificationsTable", sample(NOTIFICATION))
        .await;
    world.send("DeliveryQueue", "demo:before:10", TASK).await;
    let record = world.record(ID, "before", 1).await;
    assert_eq!(record.state, DeliveryState::Delivered);
    let came = came(&world);
    assert_eq!(came.len(), 1);
    let request = &came[0];
    assert_eq!(
        (request.method.as_str(), &request.body),
        ("POST", &payload())
    );
    assert_eq!(request.headers["webhook-id"], delivery_id(ID, "before"));
    assert_eq!(request.headers["rms-message-kind"], "NOTIFICATION");
    assert!(!request.headers.contains_key("x-request-id"));
    assert!(is_signed_with(
        crate::notifications::tenants::SIGNING_SECRET,
        request,
        &request.body
    ));
}

#[tokio::test]
async fn what_failed_before_is_read_and_recovered() {
    let world = World::start().await;
    world.add_endpoint_of_before().await;
    world
        .put_before("NotificationsTable", sample(NOTIFICATION))
        .await;
    world
        .put_before("NotificationsTable", sample(DELIVERY))
        .await;
    let failed = "endpointId=before&status=failed";
    let listed = world.get(&format!("/notifications?{failed}")).await;
    assert_eq!(listed.body["notifications"][0]["notificationId"], ID);
    let message = world.get(&format!("/messages?{failed}")).await.body["messages"][0].clone();
    assert_eq!(
        (&message["messageId"], &message["kind"]),
        (&json!(ID), &json!("NOTIFICATION"))
    );
    assert_eq!(
        (&message["subject"], &message["requestId"]),
        (&json!(ORDER), &Value::Null)
    );
    let whole = world.get(&format!("/messages/{ID}")).await;
    assert_eq!(
        whole.body["body"],
        serde_json::from_str::<Value>(&payload()).unwrap()
    );
    assert_eq!(whole.body["deliveries"][0]["attemptCount"], 2);
    let notification = world.get(&format!("/notifications/{ID}")).await;
    assert_eq!(notification.body["raw"]["eventId"], "before-1-DELIVERED");

    let answer = world
        .call(
            "/webhook-endpoints/before/recover",
            &json!({ "subject": ORDER }),
        )
        .await;
    assert_eq!(answer.body["queued"], 1, "{answer:?}");
    let record = world.record(ID, "before", 3).await;
    assert_eq!(
        (record.state, record.generation()),
        (DeliveryState::Delivered, 1)
    );
    assert_eq!(came(&world)[0].body, payload());
}

#[tokio::test]
async fn what_was_parked_before_is_delivered_when_its_endpoint_is_active_again() {
    let world = World::start().await;
    world.add_endpoint_of_before().await;
    world
        .put_before("NotificationsTable", sample(NOTIFICATION))
        .await;
    let endpoint = EndpointKey {
        client_id: world.demo().client_id.parse().unwrap(),
        endpoint_id: "before".parse().unwrap(),
    };
    let lane = EndpointLane {
        endpoint: endpoint.clone(),
        lane: 10,
    };
    let place = lane.place("18894763458162607104");
    let mut parked = sample(PARKED);
    parked.insert("pk".to_owned(), AttributeValue::S(place.pk));
    parked.insert("sk".to_owned(), AttributeValue::S(place.sk));
    world.put_before("ParkedDeliveriesTable", parked).await;
    let healths = EndpointHealths::new(
        world.dynamodb(),
        world.table("EndpointHealthTable").to_owned(),
    );
    let now = jiff::Timestamp::now();
    healths.fails(&endpoint, now).await.unwrap();
    let health = healths.read(&endpoint).await.unwrap();
    let suspension = Suspension::new(now, SuspensionReason::Failing, 32);
    assert!(
        healths
            .suspend(&endpoint, &health, &suspension)
            .await
            .unwrap()
    );

    let listed = world.get("/messages?endpointId=before&status=parked").await;
    assert_eq!(listed.body["messages"][0]["messageId"], ID, "{listed:?}");
    let resume = world
        .call("/webhook-endpoints/before/resume", &json!({}))
        .await;
    assert_eq!(resume.status, 200, "{resume:?}");
    assert!(world.a_minute_passes().await);
    assert_eq!(came(&world)[0].body, payload());
}
