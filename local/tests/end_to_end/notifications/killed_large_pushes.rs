//! A large push is killed at each of its calls, before and after its effect, and repeated: nothing is lost, nothing arrives
//! twice, and each shipment arrives in its order.

use local::stack::Options;
use tempfile::TempDir;

use crate::notifications::feeds::{feed_of, statuses, types};
use crate::notifications::kills::{Killer, impatient_template, kill_all};
use crate::notifications::world::World;

const PUSH: &str = "notification-push";
const ORDERS: usize = 3;
const STEPS: usize = 3;

struct DeadlyWorld {
    world: World,
    killer: Killer,
    _template: TempDir,
}

impl DeadlyWorld {
    async fn start() -> Self {
        let killer = Killer::default();
        let template = impatient_template(2);
        let world = World::with(Options {
            template: template.path().join("template.yaml"),
            interceptor: Some(killer.interceptor()),
            ..Options::default()
        })
        .await;
        killer.watch(&world, PUSH);
        Self {
            world,
            killer,
            _template: template,
        }
    }

    /// Pushes some shipments until they are accepted, while the function is killed at these moments. Returns the number of
    /// kills.
    async fn survives(&self, name: &str, moments: Vec<usize>) -> usize {
        // A new process makes every possible call.
        kill_all(&self.world.stack, PUSH);
        self.world.sink().clear();
        self.killer.kill_at(moments);
        let feed = feed_of(name, ORDERS, STEPS);
        let accepted = self.world.push_feed_until_taken(&feed).await;
        assert_eq!(statuses(&accepted).len(), feed.len());
        let kills = self.killer.kills();
        let told = self.world.told_by_order(feed.len()).await;
        assert_eq!(told.len(), ORDERS, "{name}");
        for (order, told) in told {
            assert_eq!(told, types(STEPS), "{order}");
        }
        kills
    }
}

#[tokio::test]
async fn nothing_is_lost_or_out_of_order_if_a_large_push_is_killed() {
    let deadly = DeadlyWorld::start().await;
    let mut moments = 0;
    loop {
        let name = format!("once-{moments}");
        if deadly.survives(&name, vec![moments + 1]).await == 0 {
            break;
        }
        moments += 1;
    }
    // Credential, account, shipments, endpoints, events; for each shipment its finder, two reads and three events; three
    // sends: before and after each.
    assert!(moments >= 42, "there were only {moments} moments");
    // The repeat of a push that was stored but not sent makes other calls: it is killed there too.
    let stored = moments - 1;
    let mut further = 0;
    loop {
        let name = format!("twice-{further}");
        let both = vec![stored, stored + further + 1];
        if deadly.survives(&name, both).await < 2 {
            break;
        }
        further += 1;
    }
    assert!(further > 10, "there were only {further} further moments");
}
