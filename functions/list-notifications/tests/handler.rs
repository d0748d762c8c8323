//! The handler, fed with the event that AWS sends, on real tables.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of these tests fail like the tests themselves"
)]

use insta::assert_json_snapshot;
use jiff::Timestamp;
use lambda_http::{Body, Response, request};
use list_notifications::{App, handle};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::keys::ShipmentId;
use logistics::store::notifications::{Notifications, StoredNotification};
use logistics::store::unmapped::{UnmappedIndex, UnmappedPlace};
use serde_json::Value;

/// When the first notification came; each later one came a second after.
const FIRST: i64 = 1_700_000_000_000;

struct Listing {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
    notifications: Notifications,
}

impl Listing {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("list-notifications").unwrap();
        world.admit(&event).await.unwrap();
        let dynamodb = || world.backends.dynamodb_client();
        let table = world.table("NotificationsTable").unwrap();
        Self {
            app: App {
                api_keys: world.api_keys().unwrap(),
                unmapped: UnmappedIndex::new(dynamodb(), table.clone()),
            },
            notifications: Notifications::new(dynamodb(), table),
            world,
            event,
        }
    }

    /// Stores the n-th notification; without a code's owner it is a mapped one.
    async fn store(&self, client: &str, number: i64, code: &str, unmapped_of: Option<&str>) {
        let at = Timestamp::from_millisecond(FIRST + number * 1000).unwrap();
        let shipment = ShipmentId {
            client_id: client.parse().unwrap(),
            shipment_type: ShipmentType::Forward,
            order_number: "asdf1234".parse().unwrap(),
            shipment_code: None,
        };
        let place =
            |name: &str| UnmappedPlace::new(&shipment.client_id, &name.parse().unwrap(), at);
        let notification = StoredNotification {
            order_number: shipment.order_number.clone(),
            alias: "clickpost".parse().unwrap(),
            status: "UNMAPPED".to_owned(),
            pushed_type: code.to_owned(),
            notification_type: None,
            received_at: at.as_millisecond(),
            occurred_at: None,
            raw: Vec::new().into(),
            payload: None,
            expires_at: None,
            unmapped: unmapped_of.map(place),
            writer: fastrand::u64(..),
            occurrences: 0,
            newest_at: at.as_millisecond(),
        };
        let identity = Identity::Event(format!("event-{number}"));
        let stored = self
            .notifications
            .store(&shipment, &identity, &notification);
        stored.await.unwrap();
    }

    async fn list(&self, query: &str) -> Response<Body> {
        let event = self.event.clone().asking("GET", "/notifications", query);
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    /// The codes that are listed, and where it goes on.
    async fn codes(&self, query: &str) -> (Vec<String>, Option<String>) {
        let answer = self.list(query).await;
        assert_eq!(answer.status(), 200, "{query}");
        let body = json(&answer);
        let codes = body["notifications"].as_array().unwrap().iter();
        let codes = codes.map(|listed| listed["pushedType"].as_str().unwrap().to_owned());
        let cursor = body["cursor"].as_str().map(str::to_owned);
        (codes.collect(), cursor)
    }

    fn client(&self) -> &str {
        &self.world.demo.client_id
    }
}

fn json(answer: &Response<Body>) -> Value {
    serde_json::from_slice(answer.body().as_ref()).unwrap()
}

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
async fn a_cursor_goes_on_where_the_page_ended() {
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
