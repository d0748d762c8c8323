//! Results of the OMS, each taken or rejected on its own.

use insta::assert_json_snapshot;
use logistics::queue::sender::Sender;
use serde_json::{Value, json};

use super::{Ordering, code, pointers};
use crate::answer::{json as read, text};

/// The results that are told in the queue, by `so_number`.
async fn told(ordering: &Ordering) -> Vec<Value> {
    let queued = ordering.queued().await.into_iter();
    let told = queued.filter(|task| task["messageKind"] == "OUTBOUND_CONFIRMATION");
    let mut told: Vec<Value> = told
        .map(|mut task| {
            assert_eq!(task["endpointId"], "demo-sink");
            task["payload"].take()
        })
        .collect();
    told.sort_by_key(|body| body["so_number"].to_string());
    told
}

#[tokio::test]
async fn each_result_is_told_to_the_client() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.orders(0..3)).await;
    let items = json!([{ "so_number": "SO-0" }, { "so_number": "SO-1", "error": "no stock" }]);
    let answer = ordering.confirm(&group, &items).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    assert_eq!(
        read(&answer)["data"],
        json!({ "accepted": ["SO-0", "SO-1"], "rejected": [] })
    );
    let told = told(&ordering).await;
    assert_json_snapshot!(told, { "[].group_key" => "[group]" }, @r#"
    [
      {
        "error": null,
        "group_key": "[group]",
        "so_number": "SO-0",
        "status": "CONFIRMED"
      },
      {
        "error": "no stock",
        "group_key": "[group]",
        "so_number": "SO-1",
        "status": "FAILED"
      }
    ]
    "#);
    assert_eq!(told[0]["group_key"], json!(group));
    let states: Vec<_> = [
        ordering.shown("SO-0").await,
        ordering.shown("SO-1").await,
        ordering.shown("SO-2").await,
    ]
    .iter()
    .map(|order| order["state"].as_str().unwrap().to_owned())
    .collect();
    assert_eq!(states, ["CONFIRMED", "FAILED", "ACCEPTED"]);
}

#[tokio::test]
async fn the_first_result_counts_and_a_rejected_one_fails_no_other() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.orders(0..3)).await;
    let first = json!([{ "so_number": "SO-0" }]);
    assert_eq!(ordering.confirm(&group, &first).await.status(), 200);
    let other = ordering.accepted(&ordering.order("other-group")).await;
    assert_ne!(group, other);
    let items = json!([
        { "so_number": "SO-0", "error": "too late" }, { "so_number": "SO-1" }, { "so_number": "unknown" },
        { "so_number": "no number #" }, { "so_number": "other-group" }, { "so_number": "SO-1", "error": "twice" },
    ]);
    let answer = ordering.confirm(&group, &items).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    assert_json_snapshot!(read(&answer)["data"], @r#"
    {
      "accepted": [
        "SO-1"
      ],
      "rejected": [
        {
          "error": "has another result already: CONFIRMED",
          "so_number": "SO-0"
        },
        {
          "error": "the group has no order with this so_number",
          "so_number": "unknown"
        },
        {
          "error": "the group has no order with this so_number",
          "so_number": "no number #"
        },
        {
          "error": "the group has no order with this so_number",
          "so_number": "other-group"
        },
        {
          "error": "has another result already: CONFIRMED",
          "so_number": "SO-1"
        }
      ]
    }
    "#);
    let told = told(&ordering).await;
    let numbers: Vec<_> = told.iter().map(|body| &body["so_number"]).collect();
    assert_eq!(numbers, ["SO-0", "SO-1"]);
}

#[tokio::test]
async fn the_same_result_again_is_accepted_without_a_second_message() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.orders(0..2)).await;
    let items = json!([{ "so_number": "SO-0", "error": "no stock" }, { "so_number": "SO-1" }]);
    for _ in 0..2 {
        let answer = ordering.confirm(&group, &items).await;
        assert_eq!(read(&answer)["data"]["accepted"], json!(["SO-0", "SO-1"]));
        assert_eq!(read(&answer)["data"]["rejected"], json!([]));
    }
    assert_eq!(told(&ordering).await.len(), 2);
    assert_eq!(ordering.items("NotificationsTable").await, 4);
}

#[tokio::test]
async fn a_repeat_after_a_failed_send_tells_what_was_recorded() {
    let mut ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.orders(0..2)).await;
    let queue_url = ordering.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(ordering.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    ordering.app.fulfilling.publishing.queue = missing;
    let items = json!([{ "so_number": "SO-0" }, { "so_number": "SO-1" }]);
    let failed = ordering.confirm(&group, &items).await;
    assert_eq!(
        (failed.status().as_u16(), code(&failed)),
        (503, "unavailable".to_owned())
    );
    ordering.app.fulfilling.publishing.queue = present;
    assert_eq!(ordering.confirm(&group, &items).await.status(), 200);
    assert_eq!(told(&ordering).await.len(), 2);
}

#[tokio::test]
async fn a_group_that_the_client_does_not_have_is_not_found() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.order("SO-1")).await;
    let similar = group.replacen('0', "1", 1);
    for other in ["another", similar.as_str()] {
        let items = json!([{ "so_number": "SO-1" }]);
        let answer = ordering.confirm(other, &items).await;
        assert_eq!(
            (answer.status().as_u16(), code(&answer)),
            (404, "not-found".to_owned())
        );
    }
    // Its own group exists, whatever the request asks for.
    let answer = ordering
        .confirm(&group, &json!([{ "so_number": "SO-2" }]))
        .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(read(&answer)["data"]["accepted"], json!([]));
}

#[tokio::test]
async fn a_hundred_results_take_few_calls() {
    let ordering = Ordering::counting().await;
    let group = ordering.accepted(&ordering.orders(0..100)).await;
    let items: Value = (0..100)
        .map(|number| json!({ "so_number": format!("SO-{number}") }))
        .collect();
    let before = ordering.world.backends.calls();
    let answer = ordering.confirm(&group, &items).await;
    assert_eq!(
        read(&answer)["data"]["accepted"].as_array().unwrap().len(),
        100
    );
    let calls = ordering.calls_since(&before);
    assert!(calls.values().sum::<u64>() <= 15, "{calls:?}");
    assert_eq!(told(&ordering).await.len(), 100);
}

#[tokio::test]
async fn what_is_wrong_in_the_request_is_named() {
    let ordering = Ordering::start().await;
    let answer = ordering.confirm("a b", &json!([{ "error": 1 }])).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(
        pointers(&answer),
        ["/group_key", "/items/0/so_number", "/items/0/error"]
    );
}
