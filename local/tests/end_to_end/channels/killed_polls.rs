//! No change of an order is lost or told under a second id, no matter where the poll is killed: before the effect of each of its
//! calls, and after the effect but before the function gets the answer. The next run continues.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use local::stack::Options;
use serde_json::json;
use tempfile::TempDir;

use crate::channels::polls::POLL;
use crate::notifications::kills::{Killer, kill_all, template_with};
use crate::notifications::world::World;

/// A polled shop, a killer, and a schedule that does not disturb.
struct Deadly {
    world: World,
    killer: Killer,
    next: AtomicU64,
    _template: TempDir,
}

impl Deadly {
    async fn start() -> Self {
        let killer = Killer::default();
        let usual = "Schedule: rate(1 minute)\n            Input: '{\"poll\":\"orders\"}'";
        let rare = "Schedule: rate(600 minutes)\n            Input: '{\"poll\":\"orders\"}'";
        let template = template_with(usual, rare);
        let world = World::with(Options {
            template: template.path().join("template.yaml"),
            interceptor: Some(killer.interceptor()),
            ..Options::default()
        })
        .await;
        killer.watch(&world, POLL);
        world.switch_polling_on().await;
        Self {
            world,
            killer,
            next: AtomicU64::new(1),
            _template: template,
        }
    }

    /// Changes this many orders, and polls until a run is not killed at these moments. Each change is told once. Returns the number
    /// of kills.
    async fn survives(&self, orders: u64, moments: Vec<usize>) -> usize {
        let Self { world, killer, .. } = self;
        // A new process makes every possible call.
        kill_all(&world.stack, POLL);
        let first = self.next.fetch_add(orders, Ordering::Relaxed);
        let ids = first..first + orders;
        world.sell_now(ids.clone(), "pending").await;
        killer.kill_at(moments.clone());
        while !world.poll_orders().await {
            end_lease(world).await;
        }
        let kills = killer.kills();
        killer.kill_at(Vec::new());
        // A run that is killed after its last call has ended, as far as the next one knows.
        end_lease(world).await;
        assert!(world.poll_orders().await);
        for id in ids {
            world.orders_told(id, 1).await;
            world.settled().await;
            let told = world.told_of(id);
            let webhooks: BTreeSet<_> = told
                .iter()
                .map(|told| &told.headers["webhook-id"])
                .collect();
            assert_eq!(webhooks.len(), 1, "order {id}, killed at {moments:?}");
            assert_eq!(told.len(), 1, "order {id}, killed at {moments:?}");
            let messages = world.messages_about(&json!(id)).await;
            assert_eq!(messages, 1, "order {id}, killed at {moments:?}");
        }
        kills
    }

    /// Kills at each moment, after these kills. Returns the number of moments.
    async fn at_every_moment(&self, orders: u64, before: Option<usize>) -> usize {
        let mut moments = 0;
        loop {
            let begin = before.unwrap_or_default();
            let at = before.into_iter().chain([begin + moments + 1]);
            let wanted = usize::from(before.is_some()) + 1;
            if self.survives(orders, at.collect()).await < wanted {
                return moments;
            }
            moments += 1;
        }
    }
}

#[tokio::test]
async fn no_change_is_lost_or_told_twice_if_the_poll_is_killed() {
    let deadly = Deadly::start().await;
    let moments = deadly.at_every_moment(3, None).await;
    // The accounts, the account, its key, the lease, what was told, what will be, the endpoints, three changes, their tasks, the
    // end: before and after each.
    assert!(moments >= 24, "there were only {moments} moments");
}

#[tokio::test]
async fn no_change_is_lost_or_told_twice_if_the_poll_is_killed_again() {
    let deadly = Deadly::start().await;
    let moments = deadly.at_every_moment(1, None).await;
    // The last calls send the message and return the lease. The message is stored but not sent, or sent but not written down.
    for before in [moments - 3, moments - 1] {
        let further = deadly.at_every_moment(1, Some(before)).await;
        // The accounts, the account, its key, the lease, the message, its endpoints, its deliveries, its task if it was not sent,
        // what was told, the end.
        assert!(
            further >= 18,
            "there were only {further} moments after {before}"
        );
    }
}

/// The lease of a run that was killed ends after a while.
async fn end_lease(world: &World) {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let update = world
        .dynamodb()
        .update_item()
        .table_name(world.table("ChannelPollsTable"))
        .key("clientId", text(&world.demo().client_id))
        .key("alias", text("orders#magento"))
        .update_expression("REMOVE leaseUntil");
    update.send_with(&world.dynamodb()).await.unwrap();
}
