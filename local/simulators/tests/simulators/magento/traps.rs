//! The quirks that a test turns on.

use serde_json::{Value, json};

use crate::magento::{Running, order};

fn comment(status: Option<&str>) -> Value {
    let mut history = json!({ "comment": "seen", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": 7 });
    if let Some(status) = status {
        history["status"] = json!(status);
    }
    json!({ "statusHistory": history })
}

async fn trapped(traps: &Value) -> Running {
    let running = Running::selling(&order(7)).await;
    running.trap(traps).await;
    running
}

/// The status after a comment.
async fn commented(traps: &Value, status: Option<&str>) -> Value {
    let running = trapped(traps).await;
    running.post("/orders/7/comments", &comment(status)).await;
    running.get("/orders/7/statuses").await.1
}

#[tokio::test]
async fn trap_1_a_comment_without_a_status_sets_it_to_null() {
    assert_eq!(commented(&json!({ "1": true }), None).await, Value::Null);
}

#[tokio::test]
async fn trap_2_any_status_is_taken() {
    assert_eq!(
        commented(&json!({ "2": true }), Some("sent_to_moon")).await,
        "sent_to_moon"
    );
    assert_eq!(commented(&json!({}), Some("sent_to_moon")).await, "pending");
}

#[tokio::test]
async fn trap_3_a_comment_does_not_move_the_order_to_another_state() {
    assert_eq!(
        commented(&json!({ "3": true }), Some("processing")).await,
        "pending"
    );
    assert_eq!(
        commented(&json!({ "3": { "all": true } }), Some("pending")).await,
        "pending"
    );
}

#[tokio::test]
async fn trap_4_a_saved_status_is_only_a_label() {
    let running = trapped(&json!({})).await;
    let entity = json!({ "entity": { "entity_id": 7, "status": "canceled" } });
    assert_eq!(running.post("/orders", &entity).await.0, 200);
    let stored = running.order(7).await;
    assert_eq!(
        (&stored["order"]["status"], &stored["order"]["state"]),
        (&json!("canceled"), &json!("new"))
    );
}

#[tokio::test]
async fn trap_9_cancel_says_true_to_all_or_false_at_first() {
    let running = trapped(&json!({ "9": true })).await;
    assert_eq!(running.post("/orders/7/cancel", &json!({})).await.1, true);
    assert_eq!(running.get("/orders/7/statuses").await.1, "pending");
    running.trap(&json!({ "9": { "false": 1 } })).await;
    assert_eq!(running.post("/orders/7/cancel", &json!({})).await.1, false);
    assert_eq!(running.post("/orders/7/cancel", &json!({})).await.1, true);
}

#[tokio::test]
async fn trap_10_a_bundle_that_ships_together_stays_processing() {
    let bundle = json!({ "item_id": 11, "sku": "P", "product_type": "bundle", "qty_ordered": 1 });
    let running = Running::selling(&json!({ "entity_id": 7, "items": [bundle] })).await;
    running.trap(&json!({ "10": true })).await;
    running.post("/order/7/invoice", &json!({})).await;
    running.post("/order/7/ship", &json!({})).await;
    assert_eq!(running.get("/orders/7/statuses").await.1, "processing");
}

#[tokio::test]
async fn trap_11_a_shipment_needs_a_source_with_stock() {
    let running = trapped(&json!({ "11": true })).await;
    let from = json!({ "items": [{ "order_item_id": 11, "qty": 2 }], "arguments": { "extension_attributes": { "source_code": "north" } } });
    assert_eq!(running.post("/order/7/ship", &json!({})).await.0, 400);
    assert_eq!(running.post("/order/7/ship", &from).await.0, 400);
    let stock = json!({ "items": [{ "sku": "A", "sourceCode": "north", "quantity": 2 }] });
    running
        .control(reqwest::Method::PUT, "/stock", &stock)
        .await;
    assert_eq!(running.post("/order/7/ship", &from).await.0, 200);
}

#[tokio::test]
async fn trap_12_pages_break_lie_and_repeat() {
    let running = trapped(&json!({ "12": { "poison": [7] } })).await;
    running.store(&json!([order(8)])).await;
    assert_eq!(running.get("/orders?searchCriteria").await.0, 500);
    assert_eq!(
        running
            .ids("searchCriteria[pageSize]=1&searchCriteria[currentPage]=2")
            .await,
        [8]
    );
    running
        .trap(&json!({ "12": { "repeatLastPage": true, "totalCount": 1 } }))
        .await;
    let (_, page) = running.get("/orders?searchCriteria[currentPage]=9").await;
    assert_eq!(
        (
            page["items"].as_array().unwrap().len(),
            &page["total_count"]
        ),
        (2, &json!(1))
    );
    running
        .trap(&json!({ "12": { "emptyFields": true } }))
        .await;
    assert_eq!(
        running.get("/orders?searchCriteria&fields=items").await,
        (200, json!([]))
    );
}

#[tokio::test]
async fn trap_13_parts_are_refused_or_invoices_stay_open() {
    let part = json!({ "capture": true, "items": [{ "order_item_id": 11, "qty": 1 }] });
    let running = trapped(&json!({ "13": true })).await;
    assert_eq!(running.post("/order/7/invoice", &part).await.0, 400);
    running.trap(&json!({ "13": { "uncaptured": true } })).await;
    assert_eq!(running.post("/order/7/invoice", &part).await.0, 200);
    assert_eq!(running.order(7).await["invoices"][0]["state"], 1);
}

#[tokio::test]
async fn trap_14_a_stock_items_put_changes_nothing() {
    let running = trapped(&json!({ "14": true })).await;
    let body = json!({ "stockItem": { "qty": 4 } });
    assert_eq!(
        running.put("/products/A/stockItems/1", &body).await,
        (200, json!(1))
    );
    assert_eq!(running.get("/stockItems/A").await.1["qty"], 0);
}
