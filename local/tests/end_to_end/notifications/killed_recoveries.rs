//! The function that recovers deliveries is killed at each of its calls, before and after the call's effect. A repeat of the
//! recovery completes it, and each delivery arrives once.

use local::sink::ReceivedRequest;
use local::stack::Options;
use logistics::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, DeliveryState};
use logistics::domain::endpoint::{Filter, WebhookEndpoint};
use logistics::domain::signing::SigningSecrets;
use logistics::store::delivering::deliveries::Deliveries;
use serde_json::{Value, json};

use crate::notifications::kills::{Killer, kill_all};
use crate::notifications::tenants::SIGNING_SECRET;
use crate::notifications::world::{World, event, told, webhook_id};

const RECOVER: &str = "recover-endpoint";
const ENDPOINT: &str = "recovered";
const PATH: &str = "/webhooks/recovered";
const WAY: [&str; 2] = ["SHIPPED", "DELIVERED"];

struct Interrupted {
    world: World,
    killer: Killer,
}

impl Interrupted {
    /// A stack with an endpoint that receives only recovered deliveries.
    async fn start() -> Self {
        let killer = Killer::default();
        let world = World::with(Options {
            interceptor: Some(killer.interceptor()),
            ..Options::default()
        })
        .await;
        killer.watch(&world, RECOVER);
        let endpoint = WebhookEndpoint {
            filter: Filter {
                notification_types: Some(Vec::new()),
                ..Filter::default()
            },
            ..WebhookEndpoint::new(
                world.demo().client_id.parse().unwrap(),
                ENDPOINT.parse().unwrap(),
                world.sink_path(PATH).parse().unwrap(),
                SigningSecrets::new(SIGNING_SECRET.into()),
            )
        };
        world.endpoints().add(&endpoint).await.unwrap();
        Self { world, killer }
    }

    /// Notifications of one shipment whose deliveries to the endpoint were given up, one after the other.
    async fn given_up(&self, order: &str) -> Vec<String> {
        let table = self.world.table("NotificationsTable").to_owned();
        let deliveries = Deliveries::new(self.world.dynamodb(), table);
        let now = jiff::Timestamp::now().as_millisecond();
        let mut ids = Vec::new();
        for (kind, at) in WAY.iter().zip(now..) {
            let id = self.world.pushed(&event(order, kind), "ACCEPTED").await;
            let refused = Attempt {
                at,
                duration_ms: 1,
                end: AttemptEnd::Rejected,
                cause: None,
                status: Some(422),
            };
            let record = DeliveryRecord::new(None).after(refused, DeliveryState::Failed);
            let key = self.world.delivery_key(&id, ENDPOINT);
            assert!(deliveries.put(&key, &record, 0).await.unwrap());
            ids.push(id);
        }
        ids
    }

    /// Requests a recovery until it is answered.
    async fn recover(&self, wanted: &Value) -> Value {
        let path = format!("/webhook-endpoints/{ENDPOINT}/recover");
        loop {
            let answer = self.world.call(&path, wanted).await;
            if answer.status == 200 {
                return answer.body;
            }
            assert!([500, 502, 503].contains(&answer.status), "{answer:?}");
        }
    }

    /// Recovers an order's deliveries while the function is killed at that moment; returns the number of kills.
    async fn survives(&self, order: &str, wanted: &Value, moment: usize) -> usize {
        let ids = self.given_up(order).await;
        let before = self.came().len();
        // A new process makes every possible call.
        kill_all(&self.world.stack, RECOVER);
        self.killer.kill_at(vec![moment]);
        self.recover(wanted).await;
        let kills = self.killer.kills();
        for id in &ids {
            let record = self.world.record(id, ENDPOINT, 2).await;
            assert_eq!(record.state, DeliveryState::Delivered);
            assert_eq!((record.attempts, record.generation()), (2, 1));
        }
        let again = self.recover(wanted).await;
        assert_eq!(
            (&again["matched"], &again["queued"]),
            (&json!(0), &json!(0))
        );
        self.world.settled().await;
        let came = &self.came()[before..];
        assert_eq!(
            told(came),
            WAY.map(|kind| format!("{order} {kind}")),
            "killed at moment {moment}"
        );
        for (request, id) in came.iter().zip(&ids) {
            assert_eq!(request.headers["webhook-id"], webhook_id(id, ENDPOINT));
            assert_eq!(request.headers["webhook-replayed"], "true");
        }
        kills
    }

    /// The requests that the endpoint received.
    fn came(&self) -> Vec<ReceivedRequest> {
        let mut came = self.world.sink().received();
        came.retain(|request| request.path == PATH);
        came
    }
}

/// Kills at each moment in turn until none is left; returns the number of moments.
async fn moments(wanted: impl Fn(&str) -> Value) -> usize {
    let interrupted = Interrupted::start().await;
    let mut moments = 0;
    loop {
        let order = format!("order-{moments}");
        let wanted = wanted(&order);
        let kills = interrupted.survives(&order, &wanted, moments + 1);
        if kills.await == 0 {
            return moments;
        }
        moments += 1;
    }
}

#[tokio::test]
async fn a_killed_recovery_of_all_is_completed_by_a_repeat() {
    // Key, endpoint, index, deliveries, and the record and the message of each of two: before and after each.
    let moments = moments(|_| json!({})).await;
    assert!(moments >= 16, "there were only {moments} moments");
}

#[tokio::test]
async fn a_killed_recovery_of_an_order_is_completed_by_a_repeat() {
    // Key, endpoint, the order's partition, and the record and the message of each of two: before and after each.
    let moments = moments(|order| json!({ "orderNumber": order })).await;
    assert!(moments >= 14, "there were only {moments} moments");
}
