//! No result that was answered 200 is lost, and none is told twice under another id, no matter where the function is killed:
//! before the effect of each of its calls, and after the effect but before the function gets the answer.

use std::collections::BTreeSet;

use logistics::store::returning::return_orders::ReturnOrders;

use crate::notifications::invoices::delivery_id;
use crate::notifications::kills::{DeadlyWorld, Killer, at_every_moment, kill_all};
use crate::notifications::world::{PATIENCE, World};
use crate::returning::world::{PIECES, failed, message_ids, passed, results};

const PROCESSING: &str = "return-processing";

/// Reports results until they are accepted, while the function is killed at these moments. Waits until both systems have
/// accepted the messages, and returns the number of kills.
async fn survives(world: &World, killer: &Killer, code: &str, moments: Vec<usize>) -> usize {
    world.add_return(code).await;
    // A new process makes every possible call.
    kill_all(&world.stack, PROCESSING);
    killer.kill_at(moments);
    let results = results(&[passed(PIECES[0]), failed(PIECES[1])]);
    let ids = loop {
        let answer = world.process(code, &results).await;
        if answer.status == 200 {
            break message_ids(&answer);
        }
        assert!([500, 503].contains(&answer.status), "{answer:?}");
    };
    let wanted: BTreeSet<String> = ids
        .iter()
        .zip(["acks", "returns"])
        .map(|(id, endpoint)| delivery_id(id, endpoint))
        .collect();
    tokio::time::timeout(PATIENCE, arrive(world, &wanted))
        .await
        .unwrap_or_else(|_| panic!("one of {wanted:?} is lost"));
    world.settled().await;
    assert_eq!(told(world, code), wanted, "told under another id");
    assert_eq!(recorded(world, code).await, 1);
    killer.kills()
}

/// The ids of the deliveries about a return order.
fn told(world: &World, code: &str) -> BTreeSet<String> {
    let about = format!(r#""returnOrderCode":"{code}""#);
    let received = world.sink().received();
    let about = received
        .iter()
        .filter(|request| request.body.contains(&about));
    about
        .map(|request| request.headers["webhook-id"].clone())
        .collect()
}

async fn arrive(world: &World, wanted: &BTreeSet<String>) {
    let mut count = 1;
    loop {
        let received = world.arrived(count).await;
        let ids: BTreeSet<_> = received
            .iter()
            .map(|request| request.headers["webhook-id"].clone())
            .collect();
        if wanted.is_subset(&ids) {
            return;
        }
        count = received.len() + 1;
    }
}

/// Number of recorded calls about a return order.
async fn recorded(world: &World, code: &str) -> usize {
    let table = world.table("ReturnOrdersTable").to_owned();
    let returns = ReturnOrders::new(world.dynamodb(), table);
    let (client, code) = (
        world.demo().client_id.parse().unwrap(),
        code.parse().unwrap(),
    );
    let stored = returns.read(&client, &code).await.unwrap().unwrap();
    stored.events.len()
}

#[tokio::test]
async fn no_result_is_lost_or_told_twice_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(PROCESSING).await;
    let survives = async |code: &str, moments| survives(world, killer, code, moments).await;
    let [moments, further] = at_every_moment(survives).await;
    // The key, its last use, the return order, the endpoints, the transaction, the tasks: before and after each.
    assert!(moments >= 10, "there were only {moments} moments");
    // Also what the repeat asks for each message: the endpoints, the message, its deliveries, the task.
    assert!(further >= 18, "there were only {further} further moments");
}
