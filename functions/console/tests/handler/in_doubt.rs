use logistics::domain::claim::Standing;
use logistics::domain::client::Scope;

use crate::console::world::Visiting;

const PLACE: &str = "/console/shipment?order=doubtful-1&#38;type=FORWARD";

#[tokio::test]
async fn orders_in_doubt_are_listed_with_the_way_to_settle_them() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    for (order, standing) in [
        ("doubtful-1", Standing::Uncertain),
        ("interrupted-1", Standing::Claimed),
        ("booked-1", Standing::Booked),
    ] {
        let id = world.order(order);
        world.claim(&id, "clickpost", standing).await;
    }
    let page = world.open(&browser, "/console/problems").await;
    page.has(&[
        "Orders in doubt",
        ">2, the oldest first",
        &format!("{PLACE}#settle"),
        "the aggregator gave no clear answer",
        "the request that booked it never ended",
        "clickpost at CLICKPOST",
    ]);
    assert!(!page.html.contains("booked-1"), "{page:?}");
    // Another client has none.
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let stranger = world.sign_in("rms_stranger").await;
    let page = world.open(&stranger, "/console/problems").await;
    page.has(&["Nothing is wrong"]);
}

#[tokio::test]
async fn an_interrupted_order_is_settled_and_no_longer_listed() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let id = world.order("interrupted-1");
    world.claim(&id, "clickpost", Standing::Claimed).await;
    let place = "/console/shipment?order=interrupted-1&type=FORWARD";
    let page = world.open(&browser, place).await;
    page.has(&["never ended", r#"id="settle""#]);
    let fields = [
        ("order", "interrupted-1"),
        ("type", "FORWARD"),
        ("found", "nothing"),
    ];
    let page = world
        .submit(&browser, "/console/shipment/settle", &fields)
        .await;
    assert_eq!(page.status, 303, "{page:?}");
    let page = world.open(&browser, "/console/problems").await;
    page.has(&["Nothing is wrong"]);
}
