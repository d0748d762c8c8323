//! No push that is passed on as it came is lost, no matter where the function is killed: before the effect of each of its
//! calls, and after the effect but before the function gets the answer. Each arrives once.

use serde_json::{Value, json};

use crate::demo;
use crate::notifications::kills::{DeadlyWorld, PUSH, at_every_moment, kill_all};
use crate::notifications::world::{Answer, PATIENCE};

/// A push whose code has no notification type, or one.
fn push(order: &str, code: u32) -> Value {
    let status = json!({ "code": code, "name": "", "description": "" });
    json!({
        "external_id": order, "tracking_id": format!("T-{order}"), "awb": format!("awb-{order}"),
        "status_date": "2026-11-28T10:00:00+00:00", "internal_status": status, "external_status": status,
    })
}

impl DeadlyWorld {
    /// Pushes until it is accepted, while the function is killed at these moments. Returns the number of kills.
    async fn survives_a_status(&self, order: &str, code: u32, moments: Vec<usize>) -> usize {
        // A new process makes every possible call.
        kill_all(&self.world.stack, PUSH);
        self.killer.kill_at(moments);
        let push = push(order, code);
        loop {
            let request = demo::push(&self.world.stack, &self.world.http, "shipper", &push);
            let answer = Answer::of(request.timeout(PATIENCE)).await;
            if answer.status == 200 {
                break;
            }
            assert!([500, 503].contains(&answer.status), "{answer:?}");
        }
        let kills = self.killer.kills();
        let is_it = |request: &local::sink::ReceivedRequest| {
            let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
            request.path == demo::MAIN_PATH
                && request.headers["rms-message-kind"] == "LOGISTICS_STATUS"
                && body == push
        };
        let sink = self.world.sink();
        sink.wait_for_those(is_it, 1, PATIENCE).await.unwrap();
        self.world.settled().await;
        let received = sink.received().into_iter().filter(is_it);
        let mut ids: Vec<_> = received
            .map(|request| request.headers["webhook-id"].clone())
            .collect();
        ids.dedup();
        assert_eq!(ids.len(), 1, "{order}: {ids:?}");
        kills
    }
}

#[tokio::test]
async fn no_status_is_lost_if_the_push_is_killed() {
    for (code, stored) in [(1420, 14), (2000, 16)] {
        let deadly = DeadlyWorld::start(PUSH).await;
        let survives = async |order: &str, moments| {
            let order = format!("{code}-{order}");
            deadly.survives_a_status(&order, code, moments).await
        };
        let [moments, further] = at_every_moment(survives).await;
        // Credential, account, shipment, its finder, endpoints, event, message, its tasks: before and after each.
        assert!(moments >= stored, "there were only {moments} moments");
        assert!(further > 8, "there were only {further} further moments");
    }
}
