//! Pushes find the halves of an exchange: the replacement is a forward shipment, the return a return.

use serde_json::json;

use crate::exchanges::world::World;

#[tokio::test]
async fn each_half_has_its_own_events_and_direction() {
    let world = World::start().await;
    let pair = world.exchange("A").await.ok();
    let awb = pair["forward"]["awb"].as_str().unwrap();
    let return_awb = pair["return"]["returnAwb"].as_str().unwrap();
    world.advance(awb, "DELIVERED").await;
    world.advance(return_awb, "RETURN_PICKED_UP").await;

    let forward = world.shipment("A-E", "FORWARD").await.ok();
    assert_eq!(forward["state"], "DELIVERED");
    assert_eq!(forward["awb"], awb);
    let returned = world.shipment("A-R", "RETURN").await.ok();
    assert_eq!(returned["awb"], return_awb);
    assert_eq!(returned["state"], "PICKED_UP");
    for (number, turned) in [("A-E", "RETURN"), ("A-R", "FORWARD")] {
        let nothing = world.shipment(number, turned).await;
        nothing.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_push_of_the_replacement_settles_its_half_and_the_repeat_finishes_the_return() {
    let world = World::start().await;
    // The replacement's AWB is assigned, but RMS does not learn it.
    world
        .faults(json!([{ "call": "assignAwb", "kind": "garbage" }]))
        .await;
    let doubtful = world.exchange("A").await;
    doubtful.problem(504, "outcome-unknown");
    let living = world.living().await;
    let (_, awb) = living.iter().find(|(name, _)| name == "A-E").unwrap();
    world.advance(awb, "PICKED_UP").await;
    let label = world.get("/shipping-labels", "A-E").await.ok();
    assert_eq!(label["awb"], awb.as_str());
    let pair = world.exchange("A").await.ok();
    assert_eq!(pair["forward"]["awb"], awb.as_str());
    world.assert_one_pair("A", &pair).await;
    assert_eq!(world.asked("/orders/create/exchange"), 1);
}
