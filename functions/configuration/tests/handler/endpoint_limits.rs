//! How many endpoints and lanes a client may have.

use futures::future::join_all;
use serde_json::json;

use crate::configuration::world::Configuring;

const ROUTE: &str = "/webhook-endpoints/{id}";

impl Configuring {
    async fn make(&self, id: &str, lanes: u16) -> (u16, String) {
        let body = json!({ "url": self.sink("/orders"), "lanes": lanes });
        let made = self.put(ROUTE, id, &body).await;
        let slug = made.slug().to_owned();
        let detail = made.body["detail"].as_str().unwrap_or_default();
        (made.status, format!("{slug}: {detail}"))
    }
}

#[tokio::test]
async fn a_client_may_have_fifty_endpoints() {
    let world = Configuring::start().await;
    // The demo has one.
    for number in 1..50 {
        let (status, text) = world.make(&format!("e{number}"), 1).await;
        assert_eq!(status, 201, "{number}: {text}");
    }
    let refused = "limit-reached: the client has 50 webhook endpoints, which is the limit; change or remove one";
    assert_eq!(world.make("e50", 1).await, (409, refused.to_owned()));
    // Changing one is no question of limits, and removing one makes room.
    assert_eq!(world.make("e49", 1).await.0, 200);
    let removed = world.call(&format!("DELETE {ROUTE}"), "e1", "").await;
    assert_eq!(removed.status, 204);
    assert_eq!(world.make("e50", 1).await.0, 201);
}

#[tokio::test]
async fn the_lanes_of_all_endpoints_are_limited() {
    let world = Configuring::start().await;
    assert_eq!(world.make("one", 256).await.0, 201);
    let refused = "limit-reached: 288 of the client's 512 lanes are used by its webhook endpoints, and this one would \
                   need 225; create it with fewer lanes, or remove an endpoint";
    assert_eq!(world.make("two", 225).await, (409, refused.to_owned()));
    assert_eq!(world.make("two", 224).await.0, 201);
}

#[tokio::test]
async fn concurrent_requests_do_not_share_the_last_room() {
    let world = Configuring::start().await;
    assert_eq!(world.make("one", 256).await.0, 201);
    let names: Vec<String> = (0..6).map(|number| format!("at-once-{number}")).collect();
    let made = join_all(names.iter().map(|name| world.make(name, 112))).await;
    let count = |status: u16| made.iter().filter(|(found, _)| *found == status).count();
    assert_eq!((count(201), count(409)), (2, 4), "{made:?}");
}
