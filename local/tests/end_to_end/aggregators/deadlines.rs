//! A label request is answered within 25 s, with instructions, even if the aggregator does not answer.

use std::time::Duration;

use futures::future::join_all;

use crate::aggregators::world::{ALIASES, World};

#[tokio::test]
async fn a_label_request_is_answered_in_time_without_the_aggregator() {
    for (kind, bought) in [("timeoutBeforeEffect", false), ("timeoutAfterEffect", true)] {
        let world = World::start().await;
        join_all(ALIASES.map(|alias| silent(&world, alias, kind, bought))).await;
    }
}

async fn silent(world: &World, alias: &str, kind: &str, bought: bool) {
    world.fault(alias, "createOrder", kind).await;
    let answer = world.label(alias, alias).await;
    assert!(
        answer.took < Duration::from_secs(25),
        "{alias} {:?}",
        answer.took
    );
    let problem = answer.problem(504, "outcome-unknown");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("repeat"), "{detail}");
    let before = world.calls(alias).len();
    world.label(alias, alias).await.ok();
    let asked = world.paths(alias).split_off(before);
    let creates = asked
        .iter()
        .filter(|path| path.contains("v2orders"))
        .count();
    if alias == "shipway" {
        assert_eq!(creates, usize::from(!bought), "{asked:?}");
    }
}
