//! The handler with the event that AWS sends and others like it, on real tables.

mod accounts;
mod accounts_in_use;
mod channel_accounts;
mod checks;
mod endpoint_limits;
mod endpoints;
mod endpoints_in_use;
mod polls;
mod secrets;
mod status_mappings;
mod world;

use serde_json::json;

use crate::configuration::world::Configuring;

#[tokio::test]
async fn the_event_of_aws_shows_the_demo_s_endpoint() {
    let world = Configuring::start().await;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["id"], "demo-sink");
    assert_eq!(answer.body["headers"], json!({ "authorization": null }));
}

#[tokio::test]
async fn a_client_that_changed_nothing_has_no_changes() {
    let world = Configuring::start().await;
    let answer = world.get("/audit", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({ "changes": [], "cursor": null }));
}

#[tokio::test]
async fn a_key_without_the_scope_is_refused() {
    let world = Configuring::start().await;
    let key = world.key_for("demo", &["shipping"]).await;
    let event = world.event.clone().with_header("authorization", Some(&key));
    assert_eq!(world.send(&event).await.status, 403);
    let event = world.event.clone().with_header("authorization", None);
    assert_eq!(world.send(&event).await.status, 401);
}
