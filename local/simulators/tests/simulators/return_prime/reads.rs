//! The list and the single read.

use serde_json::json;

use crate::return_prime::{ID, Running, ask};

#[tokio::test]
async fn a_request_is_read_by_its_object_id() {
    let running = Running::start().await;
    let stored = running
        .store(&json!({ "id": ID, "status": "approved" }))
        .await;
    let (status, answer) = running.get(&format!("/{ID}")).await;
    assert_eq!(status, 200);
    assert_eq!(answer["status"], true);
    assert_eq!(answer["messageCode"], "REQUEST_EXCHANGE_S3");
    assert_eq!(answer["data"]["request"], stored);
}

#[tokio::test]
async fn a_number_in_place_of_the_id_is_a_failed_precondition() {
    let running = Running::start().await;
    running.store(&json!({ "request_number": "RET777" })).await;
    let (status, answer) = running.get("/RET777").await;
    assert_eq!((status, &answer["messageCode"]), (412, &json!("GLOBAL_E2")));
    assert_eq!(answer["status"], false);
}

#[tokio::test]
async fn an_unknown_id_is_a_false_status_in_a_200() {
    let running = Running::start().await;
    let (status, answer) = running.get(&format!("/{ID}")).await;
    assert_eq!((status, &answer["status"]), (200, &json!(false)));
}

#[tokio::test]
async fn a_call_needs_the_stores_token() {
    let running = Running::start().await;
    let (status, answer) = ask(running.bare("")).await;
    assert_eq!((status, &answer["status"]), (401, &json!(false)));
    let wrong = running.bare("").header("x-rp-token", "another");
    assert_eq!(ask(wrong).await.0, 401);
}

#[tokio::test]
async fn a_list_has_only_the_requests_that_match() {
    let running = Running::start().await;
    let parcel = json!({ "awb": "123", "shipping_company": "Delhivery" });
    running
        .store(&json!({
            "request_number": "RET1",
            "created_at": "2026-01-01T00:00:00Z",
            "order": { "id": 42, "name": "#1001" },
            "line_items": [{ "id": 7, "shipping": [parcel] }],
        }))
        .await;
    running
        .store(&json!({
            "request_number": "RET2",
            "request_type": "exchange",
            "created_at": "2026-01-02T00:00:00Z",
            "order": { "id": 43, "name": "#1002" },
        }))
        .await;
    for (query, found) in [
        ("", vec!["RET1", "RET2"]),
        ("?request_number=RET2", vec!["RET2"]),
        ("?request_number=%23RET2", vec![]),
        ("?request_type=exchange", vec!["RET2"]),
        ("?order_id=42", vec!["RET1"]),
        ("?order_name=%231002", vec!["RET2"]),
        ("?awb=123", vec!["RET1"]),
        ("?created_at_min=2026-01-02T00:00:00Z", vec!["RET2"]),
        ("?created_at_max=2026-01-01T12:00:00Z", vec!["RET1"]),
    ] {
        assert_eq!(running.numbers(query).await, found, "{query}");
    }
}

#[tokio::test]
async fn an_unreadable_filter_is_a_false_status_in_a_200() {
    let running = Running::start().await;
    for query in ["?page=two", "?created_at_min=yesterday"] {
        let (status, answer) = running.get(query).await;
        assert_eq!((status, &answer["status"]), (200, &json!(false)), "{query}");
    }
}

#[tokio::test]
async fn successive_pages_share_a_request() {
    let running = Running::start().await;
    for _ in 0..12 {
        running.store(&json!({})).await;
    }
    let first = running.numbers("?page=1").await;
    let second = running.numbers("?page=2").await;
    assert_eq!(first.len(), 10);
    assert_eq!(second, ["RET10", "RET11", "RET12"]);
    let (_, page) = running.get("?page=1").await;
    assert_eq!(page["data"]["hasNextPage"], true);
    assert_eq!(page["data"]["hasPreviousPage"], false);
    assert_eq!(page["messageCode"], "REQUEST_EXCHANGE_S2");
}

#[tokio::test]
async fn a_page_after_the_last_repeats_it() {
    let running = Running::start().await;
    for _ in 0..12 {
        running.store(&json!({})).await;
    }
    let (_, last) = running.get("?page=2").await;
    assert_eq!(last["data"]["hasNextPage"], false);
    assert_eq!(running.get("?page=9").await.1, last);
}

#[tokio::test]
async fn a_full_page_is_the_only_one() {
    let running = Running::start().await;
    for _ in 0..10 {
        running.store(&json!({})).await;
    }
    let (_, page) = running.get("").await;
    assert_eq!(page["data"]["list"].as_array().unwrap().len(), 10);
    assert_eq!(page["data"]["hasNextPage"], false);
}
