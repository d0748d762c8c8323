//! A large push is killed at each of its calls, before and after its effect, and repeated: nothing is lost, nothing arrives
//! twice, and each shipment arrives in its order.

use crate::notifications::feeds::{feed_of, statuses, types};
use crate::notifications::kills::{DeadlyWorld, PUSH, at_every_moment_of_sending, kill_all};

const ORDERS: usize = 3;
const STEPS: usize = 3;

impl DeadlyWorld {
    /// Pushes some shipments until they are accepted, while the function is killed at these moments. Returns the number of
    /// kills.
    async fn survives_a_feed(&self, name: &str, moments: Vec<usize>) -> usize {
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
    let deadly = DeadlyWorld::start(PUSH).await;
    let survives = async |name: &str, moments| deadly.survives_a_feed(name, moments).await;
    // How many calls there are depends on which shipments are written at the same time: the fourth moment from the end is one of a
    // send in any case.
    let [moments, further] = at_every_moment_of_sending(4, survives).await;
    // Credential, account, shipments, endpoints, events; all finders; two reads for each shipment; each step of all shipments;
    // three sends: before and after each. A run in which more is written at once ends the count.
    assert!(moments >= 30, "there were only {moments} moments");
    assert!(further > 10, "there were only {further} further moments");
}
