//! A label request is answered within 25 s, with instructions, even if the aggregator does not answer.

use std::time::Duration;

use futures::future::join_all;

use crate::aggregators::world::World;
use crate::vendors::{Vendor, natives};

#[tokio::test]
async fn a_label_request_is_answered_in_time_without_the_aggregator() {
    for (kind, bought) in [("timeoutBeforeEffect", false), ("timeoutAfterEffect", true)] {
        let world = World::start().await;
        let silent = |vendor| silent(&world, vendor, kind, bought);
        join_all(natives(|_| true).into_iter().map(silent)).await;
    }
}

async fn silent(world: &World, vendor: &Vendor, kind: &str, bought: bool) {
    let alias = vendor.alias;
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
        .filter(|path| path.ends_with(vendor.creates))
        .count();
    // Any other gets the same request again.
    if !vendor.adapter().repeats_safely() {
        assert_eq!(creates, usize::from(!bought), "{asked:?}");
    }
}
