//! What an aggregator does not offer is refused before anything is sent.

use serde_json::Value;

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, ORDERS, World};
use crate::answer::Answer;
use crate::vendors::{
    BookReturns, CAPABILITIES, Cancel, Capability, CreateOrders, RecommendCouriers, those,
};

/// Asks an account for something.
async fn asked(world: &World, alias: &str, capability: Capability) -> Answer {
    match capability {
        RecommendCouriers => {
            let route = requests::route(alias);
            world.post("/courier-recommendations", &route).await
        }
        CreateOrders => world.post(ORDERS, &requests::label(alias, alias)).await,
        Cancel => world.delete(LABELS, &format!("{alias}-booked")).await,
        BookReturns => world.return_awb(alias, alias).await,
    }
}

#[tokio::test]
async fn what_an_aggregator_does_not_offer_is_refused_and_nothing_is_sent() {
    let world = World::start().await;
    for vendor in those(|vendor| CAPABILITIES.iter().any(|what| !vendor.can(*what))) {
        let alias = vendor.alias;
        world.label(alias, &format!("{alias}-booked")).await.ok();
        for capability in CAPABILITIES.into_iter().filter(|what| !vendor.can(*what)) {
            let before = world.calls(alias).len();
            let refused = asked(&world, alias, capability).await;
            let problem = refused.problem(422, "capability-not-supported");
            assert!(problem["detail"].is_string(), "{alias} {capability:?}");
            assert_eq!(world.calls(alias).len(), before, "{alias} {capability:?}");
        }
        // The refused request has not used the order number.
        let label = world.label(alias, alias).await.ok();
        assert_ne!(label["awb"], Value::Null, "{alias}");
    }
}

#[test]
fn each_capability_is_what_some_aggregator_offers() {
    for capability in CAPABILITIES {
        those(|vendor| vendor.can(capability));
    }
}
