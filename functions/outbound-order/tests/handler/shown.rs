//! Outbound orders as callers see them.

use insta::assert_json_snapshot;
use serde_json::json;

use super::{Ordering, PATH, code};
use crate::answer::json as read;

#[tokio::test]
async fn an_order_has_its_state_and_its_time_line() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.order("SO-1")).await;
    let failed = json!([{ "so_number": "SO-1", "error": "no stock" }]);
    ordering.confirm(&group, &failed).await;
    let shown = ordering.shown("SO-1").await;
    assert_eq!(shown["group_key"], json!(group));
    assert_json_snapshot!(shown, {
        ".group_key" => "[group]", ".accepted_at" => "[now]", ".confirm_until" => "[soon]", ".timeline[].at" => "[now]",
    }, @r#"
    {
      "accepted_at": "[now]",
      "confirm_until": "[soon]",
      "delivery_no": "TRACK-1001",
      "error": "no stock",
      "group_key": "[group]",
      "order_type": "SO",
      "so_number": "SO-1",
      "state": "FAILED",
      "timeline": [
        {
          "at": "[now]",
          "event": "ACCEPTED"
        },
        {
          "at": "[now]",
          "event": "FAILED"
        }
      ],
      "warehouse_id": "WH-TGR04",
      "warehouse_state": null
    }
    "#);
}

#[tokio::test]
async fn an_order_that_does_not_exist_is_not_found() {
    let ordering = Ordering::start().await;
    for number in ["none", "no%20number", "ä"] {
        let answer = ordering.get(&format!("{PATH}/{number}"), "").await;
        assert_eq!(
            (answer.status().as_u16(), code(&answer)),
            (404, "not-found".to_owned())
        );
    }
}

#[tokio::test]
async fn orders_are_listed_newest_first_in_pages_and_by_state() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.orders(0..30)).await;
    let confirmed = json!([{ "so_number": "SO-3" }, { "so_number": "SO-4" }]);
    ordering.confirm(&group, &confirmed).await;
    let mut cursor = String::new();
    let mut numbers = Vec::new();
    loop {
        let answer = ordering.get(PATH, &cursor).await;
        assert_eq!(answer.status(), 200);
        let data = read(&answer)["data"].clone();
        let orders = data["orders"].as_array().unwrap().iter();
        numbers.extend(orders.map(|order| order["so_number"].as_str().unwrap().to_owned()));
        match data["cursor"].as_str() {
            Some(next) => cursor = format!("cursor={next}"),
            None => break,
        }
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 30);
    let answer = ordering.get(PATH, "state=CONFIRMED").await;
    let first = read(&answer)["data"]["orders"].as_array().unwrap().len();
    let next = read(&answer)["data"]["cursor"].as_str().unwrap().to_owned();
    let answer = ordering
        .get(PATH, &format!("state=CONFIRMED&cursor={next}"))
        .await;
    let second = read(&answer)["data"]["orders"].as_array().unwrap().len();
    assert_eq!(first + second, 2);
    let answer = ordering.get(PATH, "since=2100-01-01T00:00:00Z").await;
    assert_eq!(read(&answer)["data"]["orders"], json!([]));
    for wrong in ["state=LOST", "since=yesterday", "cursor=x"] {
        let answer = ordering.get(PATH, wrong).await;
        assert_eq!(
            (answer.status().as_u16(), code(&answer)),
            (400, "invalid-parameter".to_owned()),
            "{wrong}"
        );
    }
}
