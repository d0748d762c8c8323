use jiff::{SignedDuration, Timestamp};
use logistics::domain::client::Scope;
use logistics::domain::text::ClientId;

use crate::console::world::Visiting;

/// Counts what happened at the demo's endpoint, and what an aggregator pushed.
async fn count(world: &Visiting) {
    let client: ClientId = world.world.demo.client_id.parse().unwrap();
    let now = Timestamp::now();
    let statistics = world.stores().statistics().unwrap();
    for age_ms in [20, 30, 400_000] {
        statistics.delivered(&client, "demo-sink", now, age_ms);
    }
    statistics.failed(&client, "demo-sink", now);
    let earlier = now - SignedDuration::from_hours(30);
    statistics.delivered(&client, "demo-sink", earlier, 20);
    for _ in 0..4 {
        statistics.accepted(&client, "CLICKPOST", now);
    }
    statistics.write_if_due(now).await.unwrap();
    // Another instance adds to it.
    let other = world.stores().statistics().unwrap();
    other.delivered(&client, "demo-sink", now, 20);
    other.write_if_due(now).await.unwrap();
}

#[tokio::test]
async fn an_endpoint_shows_its_last_24_hours() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = world.open(&browser, "/console/endpoints/demo-sink").await;
    page.has(&["Nothing was delivered, and nothing failed."]);
    count(&world).await;
    let page = world.open(&browser, "/console/endpoints/demo-sink").await;
    page.has(&[
        "4 delivered, 1 failed",
        "highest column: 5",
        r#"role="img" aria-label="demo-sink, the last 24 hours by hour: 4 delivered, 1 failed""#,
        r#"<td class="number">4</td><td class="number">1</td>"#,
    ]);
    let (_, rest) = page.html.split_once("<svg").unwrap();
    let svg = rest.split_once("</svg>").unwrap().0;
    assert_eq!(svg.matches("<g>").count(), 24);
    assert_eq!(svg.matches(r#"class="fine""#).count(), 1);
    assert_eq!(svg.matches(r#"class="lost""#).count(), 1);
    let page = world.open(&browser, "/console/endpoints").await;
    page.has(&["4 delivered, 1 failed", "<svg"]);
}

#[tokio::test]
async fn the_overview_has_days_aggregators_and_ages() {
    let world = Visiting::start().await;
    let browser = world.demo().await;
    let page = world.open(&browser, "/console/overview").await;
    page.has(&["Nothing was accepted or delivered in these days."]);
    count(&world).await;
    let page = world.open(&browser, "/console/overview").await;
    page.has(&[
        "CLICKPOST",
        r#"<td class="number">4</td><td class="number">4</td><td class="number">1</td><td>within 1 s</td><td>within 1 h</td>"#,
        r#"<a href="/console/endpoints/demo-sink">demo-sink</a></td><td class="number">5</td><td class="number">1</td>"#,
    ]);
    assert_eq!(page.html.matches("<svg").count(), 2);
    let page = world.open(&browser, "/console/overview?days=31").await;
    page.has(&["the last 31 days"]);
    world
        .add_key("rms_stranger", "stranger", Scope::all().collect())
        .await;
    let stranger = world.sign_in("rms_stranger").await;
    let page = world.open(&stranger, "/console/overview").await;
    page.has(&["Nothing was accepted or delivered in these days."]);
}
