//! Cancelling a return order.

use serde_json::{Value, json};

use crate::answer::{json as read, text};
use crate::return_order::world::{CODE, Returning, registered, slug};

#[tokio::test]
async fn a_cancelled_return_is_cancelled_at_the_aggregator_and_frees_its_code() {
    let world = Returning::start().await;
    let clickpost = |body: &mut Value| body["logisticAccountAlias"] = json!("clickpost");
    assert_eq!(world.create(clickpost).await.status(), 200);
    let cancelled = world.cancel(CODE).await;
    assert_eq!(cancelled.status(), 200, "{}", text(&cancelled));
    assert_eq!(
        text(&cancelled),
        r#"{"returnOrderCode":"R-100078","status":"CANCELLED"}"#
    );
    let again = world.cancel(CODE).await;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(read(&world.get(CODE).await)["state"], "CANCELLED");
    let told = world.payloads().await;
    let words: Vec<_> = told
        .iter()
        .map(|body| body["notificationType"].clone())
        .collect();
    assert_eq!(words, ["RETURN_ORDER_PLACED", "CANCELLED"]);
    let first = told[0]["returnOrderInfo"]["returnAwb"].clone();
    // The code may be used again, even with the same content.
    let second = world.create(clickpost).await;
    assert_eq!(second.status(), 200, "{}", text(&second));
    assert!(!second.headers().contains_key("idempotent-replayed"));
    let shown = read(&world.get(CODE).await);
    assert_eq!(shown["state"], "AWB_ASSIGNED");
    assert_ne!(shown["awbNumber"], first);
}

#[tokio::test]
async fn a_registered_awb_is_not_cancelled_anywhere() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(Some("MADE-1"))).await.status(), 200);
    let cancelled = world.cancel(CODE).await;
    assert_eq!(cancelled.status(), 200, "{}", text(&cancelled));
    assert_eq!(world.put_awb(CODE, "X").await.status(), 422);
    assert_eq!(world.create(registered(Some("MADE-2"))).await.status(), 200);
    assert_eq!(read(&world.get(CODE).await)["awbNumber"], "MADE-2");
}

#[tokio::test]
async fn goods_that_arrived_are_not_called_back() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(Some("MADE-1"))).await.status(), 200);
    world.push(CODE, "MADE-1", "DELIVERED").await;
    let refused = world.cancel(CODE).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(slug(&refused), "already-processed");
    assert_eq!(world.cancel("nothing").await.status(), 404);
}
