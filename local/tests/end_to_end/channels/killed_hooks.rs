//! No change of an order is lost or told twice, no matter where the function is killed: before the effect of each of its calls,
//! and after the effect but before the function gets the answer. The shop sends the webhook again, as Shopify does.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use local::sink::ReceivedRequest;
use serde_json::json;

use crate::channels::world::order;
use crate::notifications::kills::{DeadlyWorld, Killer, at_every_moment, kill_all};
use crate::notifications::world::{PATIENCE, World, body};

const HOOKS: &str = "channel-hooks";

/// Sends the webhook of a new order while the function is killed at these moments. Waits until the client has it, and returns
/// the number of kills.
async fn survives(world: &World, killer: &Killer, id: u64, moments: Vec<usize>) -> usize {
    // A new process makes every possible call.
    kill_all(&world.stack, HOOKS);
    killer.kill_at(moments);
    world.shop_sent(&order(id, 1, &["vip"])).await;
    let wanted = json!(id.to_string());
    let ids = |received: &[ReceivedRequest]| -> BTreeSet<String> {
        let is_own = |request: &&ReceivedRequest| body(request)["channelOrderId"] == wanted;
        let own = received.iter().filter(is_own);
        own.map(|request| request.headers["webhook-id"].clone())
            .collect()
    };
    let arrives = async {
        let mut received = world.arrived(1).await;
        while ids(&received).is_empty() {
            received = world.arrived(received.len() + 1).await;
        }
    };
    tokio::time::timeout(PATIENCE, arrives)
        .await
        .unwrap_or_else(|_| panic!("the order {id} is lost"));
    world.settled().await;
    let ids = ids(&world.sink().received());
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(world.messages_about(&json!(id)).await, 1);
    killer.kills()
}

#[tokio::test]
async fn no_change_is_lost_or_told_twice_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(HOOKS).await;
    let next = AtomicU64::new(1);
    let survives = async |_: &str, moments: Vec<usize>| {
        let id = next.fetch_add(1, Ordering::Relaxed);
        survives(world, killer, id, moments).await
    };
    let [moments, further] = at_every_moment(survives).await;
    // The token, the account, its key, the order, the endpoints, the change, its task: before and after each.
    assert!(moments >= 14, "there were only {moments} moments");
    // Of the repeat: the token, the account, its key, the order, the message, the endpoints, the deliveries, the task.
    assert!(further >= 14, "there were only {further} further moments");
}
