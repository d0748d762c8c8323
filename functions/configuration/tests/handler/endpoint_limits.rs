//! How many endpoints and lanes a client may have.

use futures::future::join_all;
use logistics::domain::endpoint::DEFAULT_LANES;
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

    /// How many endpoints the demo has.
    fn seeded(&self) -> u16 {
        self.world.demo.endpoints.len().try_into().unwrap()
    }

    /// The lanes that are left when another endpoint has 256.
    fn lanes_left(&self) -> u16 {
        512 - 256 - self.seeded() * DEFAULT_LANES
    }
}

#[tokio::test]
async fn a_client_may_have_fifty_endpoints() {
    let world = Configuring::start().await;
    for number in world.seeded()..50 {
        let (status, text) = world.make(&format!("e{number}"), 1).await;
        assert_eq!(status, 201, "{number}: {text}");
    }
    let refused = "limit-reached: the client has 50 webhook endpoints, which is the limit; change or remove one";
    assert_eq!(world.make("e50", 1).await, (409, refused.to_owned()));
    // Changing one is no question of limits, and removing one makes room.
    assert_eq!(world.make("e49", 1).await.0, 200);
    let removed = world.call(&format!("DELETE {ROUTE}"), "e49", "").await;
    assert_eq!(removed.status, 204);
    assert_eq!(world.make("e50", 1).await.0, 201);
}

#[tokio::test]
async fn the_lanes_of_all_endpoints_are_limited() {
    let world = Configuring::start().await;
    assert_eq!(world.make("one", 256).await.0, 201);
    let left = world.lanes_left();
    let (used, wanted) = (512 - left, left + 1);
    let refused = format!(
        "limit-reached: {used} of the client's 512 lanes are used by its webhook endpoints, and this one would need \
         {wanted}; create it with fewer lanes, or remove an endpoint"
    );
    assert_eq!(world.make("two", wanted).await, (409, refused));
    assert_eq!(world.make("two", left).await.0, 201);
}

#[tokio::test]
async fn concurrent_requests_do_not_share_the_last_room() {
    let world = Configuring::start().await;
    assert_eq!(world.make("one", 256).await.0, 201);
    let names: Vec<String> = (0..6).map(|number| format!("at-once-{number}")).collect();
    let lanes = world.lanes_left() / 2;
    let made = join_all(names.iter().map(|name| world.make(name, lanes))).await;
    let count = |status: u16| made.iter().filter(|(found, _)| *found == status).count();
    assert_eq!((count(201), count(409)), (2, 4), "{made:?}");
}
