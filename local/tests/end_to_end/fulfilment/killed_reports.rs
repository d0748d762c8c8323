//! No goods issue that was answered 200 is lost or told under two ids, no matter where the function is killed: before the effect
//! of each of its calls, and after the effect but before the function gets the answer.

use std::collections::BTreeSet;

use logistics::store::fulfilling::outbound_orders::OutboundOrders;

use crate::fulfilment::reports::goods_issue;
use crate::notifications::invoices::delivery_id;
use crate::notifications::kills::{DeadlyWorld, Killer, at_every_moment, kill_all};
use crate::notifications::world::{PATIENCE, World};

const REPORTS: &str = "warehouse-reports";

/// Reports a goods issue until it is accepted, while the function is killed at these moments. Waits until both systems have it,
/// and returns the number of kills.
async fn survives(world: &World, killer: &Killer, order: &str, moments: Vec<usize>) -> usize {
    // A new process makes every possible call.
    kill_all(&world.stack, REPORTS);
    killer.kill_at(moments);
    let issue = goods_issue(order, &format!("D-{order}"));
    let message_id = loop {
        let answer = world.issue(&issue).await;
        if answer.status == 200 {
            break answer.body["data"]["message_id"]
                .as_str()
                .unwrap()
                .to_owned();
        }
        assert!([500, 503].contains(&answer.status), "{answer:?}");
    };
    let wanted: BTreeSet<String> = ["demo-sink", "wms"]
        .iter()
        .map(|endpoint| delivery_id(&message_id, endpoint))
        .collect();
    tokio::time::timeout(PATIENCE, arrive(world, order, &wanted))
        .await
        .unwrap_or_else(|_| panic!("one of {wanted:?} is lost"));
    world.settled().await;
    assert_eq!(told(world, order), wanted, "told under another id");
    assert_eq!(recorded(world, order).await, 1);
    killer.kills()
}

/// The ids of the deliveries about an order.
fn told(world: &World, order: &str) -> BTreeSet<String> {
    let about = format!(r#""so_reference_a":"{order}""#);
    let received = world.sink().received().into_iter();
    let about = received.filter(|request| request.body.contains(&about));
    about
        .map(|request| request.headers["webhook-id"].clone())
        .collect()
}

async fn arrive(world: &World, order: &str, wanted: &BTreeSet<String>) {
    let mut count = 1;
    loop {
        let received = world.arrived(count).await;
        if wanted.is_subset(&told(world, order)) {
            return;
        }
        count = received.len() + 1;
    }
}

/// Number of recorded reports about an order.
async fn recorded(world: &World, order: &str) -> usize {
    let table = world.table("OutboundOrdersTable").to_owned();
    let orders = OutboundOrders::new(world.dynamodb(), table);
    let (client, order) = (
        world.demo().client_id.parse().unwrap(),
        order.parse().unwrap(),
    );
    let found = orders.read(&client, &order).await.unwrap().unwrap();
    found.events.len()
}

#[tokio::test]
async fn no_goods_issue_is_lost_or_told_twice_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(REPORTS).await;
    let survives = async |order: &str, moments| survives(world, killer, order, moments).await;
    let [moments, further] = at_every_moment(survives).await;
    // The key, its last use, the report, the endpoints, the delivery, the accounts, the transaction, the tasks: before and after
    // each.
    assert!(moments >= 14, "there were only {moments} moments");
    // What the repeat asks: the key, its last use, the report, the message, the endpoints, its deliveries, the tasks.
    assert!(further >= 14, "there were only {further} further moments");
}
