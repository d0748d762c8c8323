//! No invoice that was answered 200 is lost, no matter where the function is killed: before the effect of each of its calls,
//! and after the effect but before the function gets the answer.

use serde_json::json;

use crate::notifications::invoices::{delivery_id, invoice};
use crate::notifications::kills::{DeadlyWorld, Killer, at_every_moment, kill_all};
use crate::notifications::world::{PATIENCE, World};

const INVOICES: &str = "invoices";

/// Sends an invoice until it is accepted, while the function is killed at these moments. Waits until the client has accepted
/// the invoice, and returns the number of kills.
async fn survives(world: &World, killer: &Killer, order: &str, moments: Vec<usize>) -> usize {
    // A new process makes every possible call.
    kill_all(&world.stack, INVOICES);
    killer.kill_at(moments);
    let invoice = invoice(order, &json!(1));
    let message_id = loop {
        let answer = world.call("/invoices", &invoice).await;
        if answer.status == 200 {
            break answer.body["messageId"].as_str().unwrap().to_owned();
        }
        assert!([500, 503].contains(&answer.status), "{answer:?}");
    };
    let wanted = delivery_id(&message_id, "demo-sink");
    let arrives = async {
        let mut count = 1;
        loop {
            let received = world.arrived(count).await;
            let mut ids = received
                .iter()
                .map(|request| &request.headers["webhook-id"]);
            if ids.any(|id| *id == wanted) {
                return;
            }
            count = received.len() + 1;
        }
    };
    tokio::time::timeout(PATIENCE, arrives)
        .await
        .unwrap_or_else(|_| panic!("{wanted} is lost"));
    world.settled().await;
    killer.kills()
}

#[tokio::test]
async fn no_invoice_is_lost_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(INVOICES).await;
    let survives = async |order: &str, moments| survives(world, killer, order, moments).await;
    let [moments, further] = at_every_moment(survives).await;
    // The key, its last use, the endpoints, the message, its task: before and after each.
    assert!(moments >= 8, "there were only {moments} moments");
    assert!(further >= 8, "there were only {further} further moments");
}
