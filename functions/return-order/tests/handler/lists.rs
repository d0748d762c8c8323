//! Lists of return orders, and codes that need care in a path.

use serde_json::json;

use crate::answer::{json as read, text};
use crate::return_order::world::{Returning, registered};

#[tokio::test]
async fn returns_are_listed_newest_first_by_order_and_state() {
    let world = Returning::start().await;
    for (code, awb) in [("R-1", None), ("R-2", Some("MADE-2")), ("R 3/#?%", None)] {
        let created = world
            .create(|body| {
                registered(awb)(body);
                body["returnOrderCode"] = json!(code);
            })
            .await;
        assert_eq!(created.status(), 200, "{}", text(&created));
    }
    let codes = async |query: &str| {
        let event = world.event.clone().asking("GET", "/return-orders", query);
        let found = read(&world.send(&event).await);
        let listed = found["returnOrders"].as_array().cloned();
        let listed = listed.unwrap_or_else(|| vec![found.clone()]);
        let codes = listed.iter().map(|one| one["returnOrderCode"].as_str());
        let codes: Option<Vec<String>> = codes.map(|code| code.map(ToOwned::to_owned)).collect();
        codes.unwrap_or_default().join(" | ")
    };
    assert_eq!(codes("").await, "R 3/#?% | R-2 | R-1");
    assert_eq!(
        codes("forwardOrderCode=asdf1234&state=AWB_ASSIGNED").await,
        "R-2"
    );
    assert_eq!(codes("forwardOrderCode=other").await, "");
    assert_eq!(codes("returnOrderCode=R%203%2F%23%3F%25").await, "R 3/#?%");
    let wrong = world
        .event
        .clone()
        .asking("GET", "/return-orders", "state=LATE");
    assert_eq!(world.send(&wrong).await.status(), 400);
    let query = "returnOrderCode=R%203%2F%23%3F%25";
    let cancel = world
        .event
        .clone()
        .asking("DELETE", "/return-orders", query);
    assert_eq!(world.send(&cancel).await.status(), 200);
    assert_eq!(codes("state=CANCELLED").await, "R 3/#?%");
}
