//! No request for a return is lost or made twice, no matter where the functions are killed that read and list requests: before
//! the effect of each of their calls, and after the effect but before the function gets the answer.

use aws_sdk_dynamodb::types::AttributeValue;
use local::stack::Options;
use logistics::domain::returning::state::ReturnOrderState;
use serde_json::json;
use tempfile::TempDir;

use crate::channels::returns::{POLL, PRIME, request, with_awb};
use crate::notifications::kills::{Killer, kill_all};
use crate::notifications::world::World;

const READ: &str = "channel-read";

/// The product's template in which a message of a killed function is soon visible again, also that of one which has hidden it
/// until shortly after its timeout.
fn impatient() -> TempDir {
    let mut template = std::fs::read_to_string(Options::default().template).unwrap();
    for (usual, short) in [
        ("VisibilityTimeout: 270", "VisibilityTimeout: 2"),
        ("Timeout: 45\n", "Timeout: 10\n"),
    ] {
        assert_eq!(template.matches(usual).count(), 1, "{usual}");
        template = template.replace(usual, short);
    }
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("template.yaml"), template).unwrap();
    directory
}

async fn deadly(function: &'static str, template: &TempDir) -> (World, Killer) {
    let killer = Killer::default();
    let world = World::with(Options {
        template: template.path().join("template.yaml"),
        interceptor: Some(killer.interceptor()),
        ..Options::default()
    })
    .await;
    killer.watch(&world, function);
    (world, killer)
}

/// The client was told once that the return order was placed.
async fn is_placed_once(world: &World, number: u64) {
    world.all_read().await;
    world.settled().await;
    let placed = world.placed();
    let code = format!("RET{number}");
    assert_eq!(placed.iter().filter(|placed| **placed == code).count(), 1);
}

#[tokio::test]
async fn no_request_is_lost_or_made_twice_if_its_reading_is_killed() {
    let template = impatient();
    let (world, killer) = deadly(READ, &template).await;
    for number in 1.. {
        // A new process makes every possible call.
        kill_all(&world.stack, READ);
        killer.kill_at(vec![usize::try_from(number).unwrap()]);
        world
            .primed(&with_awb(number, "received"), &json!({}))
            .await;
        let kept = world.becomes(number, ReturnOrderState::Received).await;
        assert_eq!(kept.events.len(), 1);
        is_placed_once(&world, number).await;
        if killer.kills() == 0 {
            // The account, its key, the return order, its parcel and its pushes, again with what is known of it, the accounts,
            // the order with its notification, its tasks; all of it again; the event.
            assert!(number > 20, "there were only {number} moments");
            return;
        }
    }
}

#[tokio::test]
async fn no_request_is_left_out_if_the_poll_is_killed() {
    let template = impatient();
    let (world, killer) = deadly(POLL, &template).await;
    let quiet = json!({ "push": false });
    for number in 1.. {
        kill_all(&world.stack, POLL);
        world.primed(&request(number, "approved"), &quiet).await;
        killer.kill_at(vec![usize::try_from(number).unwrap()]);
        let is_whole = world.poll().await;
        let kills = killer.kills();
        killer.kill_at(Vec::new());
        end_lease(&world).await;
        assert!(world.poll().await);
        world.becomes(number, ReturnOrderState::Created).await;
        is_placed_once(&world, number).await;
        if kills == 0 {
            assert!(is_whole);
            // The accounts, the account, its key, the lease, the return order, the message, the end: before and after each.
            assert!(number > 13, "there were only {number} moments");
            return;
        }
        // So that later walks do not list it, and make the same calls.
        let mut old = request(number, "approved");
        old["created_at"] = json!("2020-01-01T00:00:00Z");
        world.primed(&old, &quiet).await;
    }
}

/// The lease of a run that was killed ends after a while.
async fn end_lease(world: &World) {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let dynamodb = world.dynamodb();
    let update = dynamodb
        .update_item()
        .table_name(world.table("ChannelPollsTable"))
        .key("clientId", text(&world.demo().client_id))
        .key("alias", text(PRIME))
        .update_expression("REMOVE leaseUntil");
    update.send_with(&dynamodb).await.unwrap();
}
