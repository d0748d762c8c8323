//! The undelivered deliveries of an endpoint.

use insta::assert_json_snapshot;
use logistics::domain::delivery::{DeliveryState, instant};
use serde_json::Value;

use crate::answer::json;
use crate::list_notifications::world::{FIRST, Listing};

#[tokio::test]
async fn an_endpoint_s_deliveries_are_listed_by_state() {
    use DeliveryState::{Delivered, Failed, Pending};
    let world = Listing::start().await;
    world.attempt(1, "sink", &[Pending, Pending]).await;
    world.attempt(2, "sink", &[Pending, Failed]).await;
    world.attempt(3, "sink", &[Delivered]).await;
    world.attempt(4, "sink", &[Pending, Delivered]).await;
    world.attempt(5, "other", &[Failed]).await;
    world.attempt(6, "sink", &[Failed]).await;
    let failed = "endpointId=sink&status=failed";
    assert_eq!(world.numbers(failed).await, [6, 2]);
    assert_eq!(world.numbers("endpointId=sink&status=pending").await, [1]);
    let span = format!("{failed}&until={}", instant(FIRST + 6000));
    assert_eq!(world.numbers(&span).await, [2]);
    assert_json_snapshot!(json(&world.list(&span).await), {
        ".notifications[].notificationId" => "[id]",
        ".notifications[].deliveryId" => "[id]",
    }, @r#"
    {
      "cursor": null,
      "notifications": [
        {
          "aggregator": "CLICKPOST",
          "attemptCount": 2,
          "deliveryId": "[id]",
          "lastAttempt": {
            "at": "2023-11-14T22:13:22.5Z",
            "durationMs": 7,
            "end": "REJECTED",
            "status": 422
          },
          "logisticAccountAlias": "clickpost",
          "notificationId": "[id]",
          "notificationType": "DELIVERED",
          "occurredAt": "2023-11-14T22:12:22Z",
          "orderNumber": "order-2",
          "pushedType": "8",
          "receivedAt": "2023-11-14T22:13:22Z",
          "shipmentType": "FORWARD",
          "state": "FAILED",
          "status": "ACCEPTED"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn failed_deliveries_are_read_page_by_page() {
    let world = Listing::start().await;
    for number in 0..60 {
        world
            .attempt(number, "sink", &[DeliveryState::Failed])
            .await;
    }
    let failed = "endpointId=sink&status=failed";
    let first = world.numbers(failed).await;
    let body = json(&world.list(failed).await);
    let cursor = body["cursor"].as_str().unwrap();
    let rest = world.numbers(&format!("{failed}&cursor={cursor}")).await;
    let all: Vec<i64> = (0..60).rev().collect();
    assert_eq!(first.len(), 50);
    assert_eq!([first, rest].concat(), all);
}

#[tokio::test]
async fn parked_deliveries_are_listed_lane_by_lane_and_page_by_page() {
    let world = Listing::start().await;
    let parked = "endpointId=demo-sink&status=parked";
    for number in 0..70 {
        let lane = if number < 40 { 3 } else { 31 };
        world.park(number, world.client(), lane).await;
    }
    world.park(70, "other", 3).await;
    let first = world.numbers(parked).await;
    let cursor = json(&world.list(parked).await)["cursor"].clone();
    let next = format!("{parked}&cursor={}", cursor.as_str().unwrap());
    let rest = world.numbers(&next).await;
    assert_eq!((first.len(), rest.len()), (50, 20));
    assert_eq!([first, rest].concat(), (0..70).collect::<Vec<_>>());
    assert_eq!(json(&world.list(&next).await)["cursor"], Value::Null);
    let span = format!(
        "{parked}&since={}&until={}",
        instant(FIRST + 5000),
        instant(FIRST + 6000)
    );
    let answer = json(&world.list(&span).await);
    let listed = answer["notifications"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
    let expected = ["PARKED", "order-5"].map(Value::from);
    assert_eq!(
        [&listed[0]["state"], &listed[0]["orderNumber"]],
        [&expected[0], &expected[1]]
    );
    assert_eq!(listed[0]["attemptCount"], 0);
}
