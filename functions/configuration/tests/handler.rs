//! The handler, fed with the event that AWS sends, on real tables.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of these tests fail like the tests themselves"
)]

use configuration::{App, handle};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::store::audit::AuditLog;
use serde_json::{Value, json};

/// The function on its tables, and a caller with all scopes.
struct Configuring {
    _world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Configuring {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("configuration").unwrap();
        world.admit(&event).await.unwrap();
        let dynamodb = || world.backends.dynamodb_client();
        let table = |name: &str| world.table(name).unwrap();
        let app = App {
            api_keys: world.api_keys().unwrap(),
            audit: AuditLog::new(dynamodb(), table("AuditTable")),
        };
        Self {
            _world: world,
            app,
            event,
        }
    }

    async fn send(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }
}

fn body(answer: &Response<Body>) -> Value {
    serde_json::from_slice(answer.body().as_ref()).unwrap()
}

#[tokio::test]
async fn a_client_that_changed_nothing_has_no_changes() {
    let world = Configuring::start().await;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(body(&answer), json!({ "changes": [], "cursor": null }));
}
