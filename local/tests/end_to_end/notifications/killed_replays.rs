//! The function that replays unmapped notifications is killed at each of its calls, before and after the call's effect. A
//! repeat of the replay completes it, and each notification arrives once, in order.

use local::stack::Options;
use serde_json::json;

use crate::notifications::kills::{Killer, kill_all};
use crate::notifications::world::{World, event, told, webhook_id};

const FUNCTION: &str = "unmapped-statuses";

struct Interrupted {
    world: World,
    killer: Killer,
}

impl Interrupted {
    async fn start() -> Self {
        let killer = Killer::default();
        let world = World::with(Options {
            interceptor: Some(killer.interceptor()),
            ..Options::default()
        })
        .await;
        killer.watch(&world, FUNCTION);
        Self { world, killer }
    }

    /// Requests a replay until it is answered.
    async fn replay(&self, code: &str) {
        let wanted = json!({ "logisticAccountAlias": "magic", "code": code });
        loop {
            let answer = self.world.call("/unmapped-statuses/replay", &wanted).await;
            if answer.status == 200 {
                return;
            }
            assert!([500, 502, 503].contains(&answer.status), "{answer:?}");
        }
    }

    /// Replays two notifications of an order while the function is killed at that moment; returns the number of kills.
    async fn survives(&self, order: &str, moment: usize) -> usize {
        // A code of its own: what is mapped is not stored as unmapped again.
        let code = format!("{order}-on-the-lorry");
        let mut ids = Vec::new();
        for number in 0..2 {
            let mut event = event(order, &code);
            event["eventId"] = json!(format!("{order}-{number}"));
            ids.push(self.world.pushed(&event, "UNMAPPED").await);
        }
        self.world.map(&[(&code, "OUT_FOR_DELIVERY")]).await;
        let before = self.world.sink().received().len();
        // A new process makes every possible call.
        kill_all(&self.world.stack, FUNCTION);
        self.killer.kill_at(vec![moment]);
        self.replay(&code).await;
        let kills = self.killer.kills();
        self.replay(&code).await;
        self.world.arrived(before + 2).await;
        self.world.settled().await;
        let came = &self.world.sink().received()[before..];
        let expected = format!("{order} OUT_FOR_DELIVERY");
        assert_eq!(
            told(came),
            [expected.clone(), expected],
            "killed at moment {moment}"
        );
        for (request, id) in came.iter().zip(&ids) {
            assert_eq!(request.headers["webhook-id"], webhook_id(id, "demo-sink"));
        }
        assert_eq!(self.world.replay(&code, true).await, [0, 0, 0]);
        kills
    }
}

#[tokio::test]
async fn a_killed_replay_is_completed_by_a_repeat() {
    let interrupted = Interrupted::start().await;
    let mut moments = 0;
    while interrupted
        .survives(&format!("order-{moments}"), moments + 1)
        .await
        > 0
    {
        moments += 1;
    }
    // Key, account, index, notifications, shipments, endpoints, and of each of two the translation, the message and the end:
    // before and after each.
    assert!(moments >= 24, "there were only {moments} moments");
}
