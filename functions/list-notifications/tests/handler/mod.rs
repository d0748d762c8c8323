//! The handler with an event as AWS sends it, on real tables.

mod undelivered;
mod world;

use insta::assert_json_snapshot;
use jiff::Timestamp;
use local::handler_world::stored::{notification, shipment};
use logistics::domain::delivery::instant;
use logistics::domain::notification::NotificationType;
use logistics::domain::shipment::ShipmentType;
use logistics::store::notifying::exceptions::ExceptionPlace;

use crate::answer::json;
use crate::list_notifications::world::{FIRST, Listing};

#[tokio::test]
async fn only_the_clients_own_unmapped_ones_are_listed_the_newest_first() {
    let world = Listing::start().await;
    world
        .store(world.client(), 1, "1005", Some("CLICKPOST"))
        .await;
    world
        .store(world.client(), 2, "S99", Some("SHIPROCKET"))
        .await;
    world.store(world.client(), 3, "8", None).await;
    world.store("other", 4, "1006", Some("CLICKPOST")).await;
    let answer = world.list("status=unmapped").await;
    assert_json_snapshot!(json(&answer), { ".notifications[].notificationId" => "[id]" }, @r#"
    {
      "cursor": null,
      "notifications": [
        {
          "aggregator": "SHIPROCKET",
          "logisticAccountAlias": "clickpost",
          "notificationId": "[id]",
          "notificationType": null,
          "occurredAt": null,
          "orderNumber": "asdf1234",
          "pushedType": "S99",
          "receivedAt": "2023-11-14T22:13:22Z",
          "shipmentType": "FORWARD",
          "status": "UNMAPPED"
        },
        {
          "aggregator": "CLICKPOST",
          "logisticAccountAlias": "clickpost",
          "notificationId": "[id]",
          "notificationType": null,
          "occurredAt": null,
          "orderNumber": "asdf1234",
          "pushedType": "1005",
          "receivedAt": "2023-11-14T22:13:21Z",
          "shipmentType": "FORWARD",
          "status": "UNMAPPED"
        }
      ]
    }
    "#);
    assert_eq!(
        world.codes("status=unmapped&aggregator=CLICKPOST").await.0,
        ["1005"]
    );
}

#[tokio::test]
async fn a_time_span_begins_with_since_and_ends_before_until() {
    let world = Listing::start().await;
    for number in 0..4 {
        world
            .store(
                world.client(),
                number,
                &number.to_string(),
                Some("CLICKPOST"),
            )
            .await;
    }
    let at = |number: i64| {
        let at = Timestamp::from_millisecond(FIRST + number * 1000).unwrap();
        at.to_string()
    };
    let span = format!("status=unmapped&since={}&until={}", at(1), at(3));
    assert_eq!(world.codes(&span).await.0, ["2", "1"]);
    let nothing = format!("status=unmapped&since={}&until={}", at(3), at(1));
    assert_eq!(world.codes(&nothing).await.0, Vec::<String>::new());
}

#[tokio::test]
async fn a_cursor_continues_after_the_page() {
    let world = Listing::start().await;
    for number in 0..130 {
        world
            .store(
                world.client(),
                number,
                &number.to_string(),
                Some("CLICKPOST"),
            )
            .await;
    }
    let (first, cursor) = world.codes("status=unmapped").await;
    let (rest, end) = world
        .codes(&format!("status=unmapped&cursor={}", cursor.unwrap()))
        .await;
    let all: Vec<String> = (0..130).rev().map(|number| number.to_string()).collect();
    assert_eq!([first, rest].concat(), all);
    assert_eq!(end, None);
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let world = Listing::start().await;
    for (query, named) in [
        ("", "status"),
        ("status=lost", "status"),
        ("status=failed", "endpointId"),
        ("since=2026-11-21T00:00:00Z", "orderNumber"),
        ("endpointId=sink", "status"),
        ("endpointId=sink&status=delivered", "parked"),
        ("endpointId=sink&status=failed&aggregator=A", "aggregator"),
        ("endpointId=a%20b&status=failed", "endpointId"),
        ("orderNumber=1&awb=2", "awb"),
        ("orderNumber=1&status=unmapped", "status"),
        ("awb=1&cursor=x", "cursor"),
        ("status=unmapped&since=yesterday", "since"),
        ("status=unmapped&until=1", "until"),
        ("status=unmapped&cursor=nonsense", "cursor"),
        ("status=unmapped&aggregator=a%20b", "aggregator"),
    ] {
        let answer = world.list(query).await;
        assert_eq!(answer.status(), 400, "{query}");
        let detail = json(&answer)["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(named), "{query}: {detail}");
    }
}

#[tokio::test]
async fn an_order_has_all_its_shipments_notifications_in_the_order_of_their_arrival() {
    let world = Listing::start().await;
    let of = |order, kind, code| shipment(world.client(), order, kind, code).unwrap();
    world.arrive(&of("A", ShipmentType::Return, None), 3).await;
    world
        .arrive(&of("A", ShipmentType::Forward, Some("p2")), 1)
        .await;
    world.arrive(&of("A", ShipmentType::Forward, None), 2).await;
    world.arrive(&of("B", ShipmentType::Forward, None), 4).await;
    let other = shipment("other", "A", ShipmentType::Forward, None).unwrap();
    world.arrive(&other, 5).await;
    assert_eq!(world.numbers("orderNumber=A").await, [1, 2, 3]);
    let since = instant(FIRST + 2000);
    let until = instant(FIRST + 3000);
    let span = format!("orderNumber=A&since={since}&until={until}");
    assert_eq!(world.numbers(&span).await, [2]);
    assert_eq!(world.numbers("orderNumber=C").await, [] as [i64; 0]);
}

#[tokio::test]
async fn an_awb_has_only_its_own_shipment_s_notifications() {
    let world = Listing::start().await;
    let parcel = |code| shipment(world.client(), "A", ShipmentType::Forward, code).unwrap();
    for (number, code) in [(1, Some("p1")), (2, Some("p2")), (3, None), (4, Some("p1"))] {
        world.arrive(&parcel(code), number).await;
    }
    world.book(&parcel(Some("p1")), "71902671").await;
    assert_eq!(world.numbers("awb=71902671").await, [1, 4]);
    assert_eq!(world.numbers("awb=71902672").await, [] as [i64; 0]);
}

#[tokio::test]
async fn only_the_client_s_own_delivery_exceptions_are_listed_the_newest_first() {
    let world = Listing::start().await;
    for (number, client, word) in [
        (1, world.client().to_owned(), NotificationType::Undelivered),
        (2, world.client().to_owned(), NotificationType::Lost),
        (3, "other".to_owned(), NotificationType::Damaged),
    ] {
        let id = shipment(&client, "asdf1234", ShipmentType::Forward, None).unwrap();
        let at = instant(FIRST + number * 1000);
        let mut notification = notification(&id, FIRST + number * 1000).unwrap();
        notification.notification_type = Some(word);
        notification.exception = Some(ExceptionPlace::new(&id.client_id, at));
        world.keep(&id, number, &notification).await;
    }
    world.store(world.client(), 4, "8", None).await;
    assert_eq!(world.numbers("status=exception").await, [2, 1]);
    let of_one = "status=exception&aggregator=CLICKPOST&since=2023-11-14T22:13:22Z";
    assert_eq!(world.numbers(of_one).await, [2]);
    let shipway = "status=exception&aggregator=SHIPWAY";
    assert!(world.numbers(shipway).await.is_empty());
    let answer = json(&world.list("status=exception").await);
    let words = answer["notifications"].as_array().unwrap().iter();
    let words: Vec<_> = words
        .map(|one| one["notificationType"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["LOST", "UNDELIVERED"]);
}
