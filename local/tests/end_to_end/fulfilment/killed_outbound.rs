//! No order that was answered 202, no result that was answered 200, and nothing that is due is lost or told twice, no matter where
//! a function is killed: before the effect of each of its calls, and after the effect but before the function gets the answer.

use std::time::Duration;

use jiff::Timestamp;
use logistics::domain::fulfilling::outbound_order::OutboundOrder;
use serde_json::{Value, json};

use super::world::{OMS, ORDERS, PLATFORM, SWEEP, at, order};
use crate::notifications::kills::{DeadlyWorld, Killer, at_every_moment, kill_all};
use crate::notifications::world::{PATIENCE, World};

const OUTBOUND: &str = "outbound-order";
/// So many orders and their messages do not fit into one transaction.
const ORDERS_OF_A_LIST: usize = 52;

/// Waits until this many messages with the mark arrived at a path, each under one id.
async fn arrive(world: &World, path: &str, mark: &str, count: usize) {
    let found = |received: &[_]| {
        let (messages, _) = at(received, path);
        let own = messages
            .values()
            .filter(|body| body.to_string().contains(mark));
        own.count()
    };
    let arrives = async {
        let mut received = world.arrived(1).await;
        while found(&received) < count {
            received = world.arrived(received.len() + 1).await;
        }
    };
    tokio::time::timeout(PATIENCE, arrives)
        .await
        .unwrap_or_else(|_| panic!("a message of {mark} is lost"));
    world.settled().await;
    assert_eq!(
        found(&world.sink().received()),
        count,
        "told under another id"
    );
}

/// Sends a list until it is accepted, while the function is killed at these moments. Returns the number of kills.
async fn accepts(world: &World, killer: &Killer, name: &str, moments: Vec<usize>) -> usize {
    // A new process makes every possible call.
    kill_all(&world.stack, OUTBOUND);
    killer.kill_at(moments);
    let list: Value = (0..ORDERS_OF_A_LIST)
        .map(|number| order(&format!("{name}_{number}")))
        .collect();
    let answer = loop {
        let answer = world.call(ORDERS, &list).await;
        if answer.status == 202 {
            break answer;
        }
        assert!([500, 503].contains(&answer.status), "{answer:?}");
    };
    let numbers = answer.body["data"]["so_numbers"].as_array().unwrap();
    assert_eq!(numbers.len(), ORDERS_OF_A_LIST);
    arrive(world, OMS, &format!("\"{name}_"), ORDERS_OF_A_LIST).await;
    killer.kills()
}

#[tokio::test]
async fn no_accepted_order_is_lost_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(OUTBOUND).await;
    let accepts = async |name: &str, moments| accepts(world, killer, name, moments).await;
    let [moments, further] = at_every_moment(accepts).await;
    // The key, the accounts, the endpoints, two transactions, the tasks: before and after each.
    assert!(moments >= 12, "there were only {moments} moments");
    assert!(further >= 8, "there were only {further} further moments");
}

/// Confirms two orders until that is accepted, while the function is killed at these moments.
async fn confirms(world: &World, killer: &Killer, name: &str, moments: Vec<usize>) -> usize {
    killer.kill_at(Vec::new());
    let numbers = [format!("{name}_1"), format!("{name}_2")];
    let list: Value = numbers.iter().map(|number| order(number)).collect();
    let group = world.accepted(&list).await;
    arrive(world, OMS, &format!("\"{name}_"), 2).await;
    kill_all(&world.stack, OUTBOUND);
    killer.kill_at(moments);
    let items =
        json!([{ "so_number": numbers[0] }, { "so_number": numbers[1], "error": "no stock" }]);
    loop {
        let answer = world.confirm(&group, &items).await;
        if answer.status == 200 {
            assert_eq!(answer.body["data"]["accepted"], json!(numbers));
            break;
        }
        assert!([500, 503].contains(&answer.status), "{answer:?}");
    }
    arrive(world, PLATFORM, &format!("\"{name}_"), 2).await;
    killer.kills()
}

#[tokio::test]
async fn no_accepted_result_is_lost_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(OUTBOUND).await;
    let confirms = async |name: &str, moments| confirms(world, killer, name, moments).await;
    let [moments, further] = at_every_moment(confirms).await;
    // The key, the orders, the endpoints, the transaction, the tasks, the settlement: before and after each.
    assert!(moments >= 12, "there were only {moments} moments");
    assert!(further >= 2, "there were only {further} further moments");
}

/// Runs the schedule with an order that was not confirmed in time, while the function is killed at these moments.
async fn sweeps(world: &World, killer: &Killer, name: &str, moments: Vec<usize>) -> usize {
    killer.kill_at(Vec::new());
    let past = Timestamp::now() - Duration::from_mins(1);
    let order = OutboundOrder {
        number: name.parse().unwrap(),
        order_type: None,
        tracking: "T-1".parse().unwrap(),
        warehouse: "WH-1".parse().unwrap(),
        group: "g".parse().unwrap(),
        content: String::new(),
        accepted_at: past,
        deadline: past,
        unconfirmed_at: None,
        result: None,
        due_at: None,
    };
    kill_all(&world.stack, SWEEP);
    killer.kill_at(moments);
    let (orders, client) = (world.outbound_orders(), world.client());
    let created = orders.create(&client, std::slice::from_ref(&order), []);
    assert!(created.await.unwrap());
    while !world.sweep().await || world.stored_outbound(name).await.due_at.is_some() {}
    arrive(world, PLATFORM, &format!("\"{name}\""), 1).await;
    assert!(world.stored_outbound(name).await.unconfirmed_at.is_some());
    killer.kills()
}

#[tokio::test]
async fn nothing_that_is_due_is_lost_or_told_twice_if_the_schedule_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(SWEEP).await;
    let sweeps = async |name: &str, moments| sweeps(world, killer, name, moments).await;
    let [moments, further] = at_every_moment(sweeps).await;
    // The partitions of the index, the orders, the endpoints, the transaction, the task, the settlement: before and after each.
    assert!(moments >= 12, "there were only {moments} moments");
    assert!(further >= 2, "there were only {further} further moments");
}
