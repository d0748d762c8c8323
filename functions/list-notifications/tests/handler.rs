//! The handler, fed with the event that AWS sends, on real tables.

use std::collections::BTreeMap;

use insta::assert_json_snapshot;
use jiff::Timestamp;
use lambda_http::{Body, Response, request};
use list_notifications::{App, handle};
use local::handler_world::stored::{attempted, notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::booking::{Booking, MetaData};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::{SeenClaim, ShipmentRecord};
use logistics::domain::delivery::{DeliveryState, instant};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::delivering::parked::{
    EndpointLane, Parked, ParkedDeliveries, ParkedDelivery,
};
use logistics::store::message_keys::MessageKey;
use logistics::store::notifying::notifications::{Notifications, Stored, StoredNotification};
use logistics::store::notifying::unmapped::UnmappedPlace;
use serde_json::Value;

use crate::answer::json;

/// When the first notification came; each later one came a second after.
const FIRST: i64 = 1_700_000_000_000;

struct Listing {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
    notifications: Notifications,
    deliveries: Deliveries,
    parked: ParkedDeliveries,
}

impl Listing {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("list-notifications").unwrap();
        world.admit(&event).await.unwrap();
        let start = world.start_of("list-notifications").unwrap();
        Self {
            app: App::new(&start).unwrap(),
            parked: start.parked().unwrap(),
            deliveries: start.deliveries().unwrap(),
            notifications: start.notifications().unwrap(),
            world,
            event,
        }
    }

    /// Stores the n-th notification; without a code's owner it is a mapped one.
    async fn store(&self, client: &str, number: i64, code: &str, unmapped_of: Option<&str>) {
        let shipment = shipment(client, "asdf1234", ShipmentType::Forward, None).unwrap();
        let mut notification = notification(&shipment, FIRST + number * 1000).unwrap();
        code.clone_into(&mut notification.pushed_type);
        if let Some(name) = unmapped_of {
            let at = instant(notification.received_at);
            notification.unmapped = Some(UnmappedPlace::new(&shipment.client_id, at));
            notification.aggregator = Some(name.parse().unwrap());
        }
        self.keep(&shipment, number, &notification).await;
    }

    async fn keep(
        &self,
        shipment: &ShipmentId,
        number: i64,
        notification: &StoredNotification,
    ) -> MessageKey {
        let identity = Identity::Event(format!("event-{number}"));
        let stored = self.notifications.store(shipment, &identity, notification);
        match stored.await.unwrap() {
            Stored::New(key) | Stored::Before(key, _) => key,
        }
    }

    /// Stores the n-th notification of a shipment.
    async fn arrive(&self, shipment: &ShipmentId, number: i64) -> MessageKey {
        let notification = notification(shipment, FIRST + number * 1000).unwrap();
        self.keep(shipment, number, &notification).await
    }

    /// Parks the delivery of the n-th notification in a lane of the demo endpoint, or of another client's.
    async fn park(&self, number: i64, client: &str, lane: u16) {
        let endpoint = EndpointKey {
            client_id: client.parse().unwrap(),
            endpoint_id: "demo-sink".parse().unwrap(),
        };
        let order = format!("order-{number}");
        let shipment = shipment(client, &order, ShipmentType::Forward, None).unwrap();
        let record = self.arrive(&shipment, number).await;
        let record = record.delivery(&endpoint.endpoint_id);
        let parked = Parked {
            key: EndpointLane { endpoint, lane }.place(&number.to_string()),
            delivery: ParkedDelivery::new(&record, FIRST + number * 1000, 0, false),
        };
        self.parked.put(&parked).await.unwrap();
    }

    /// A delivery of the n-th notification to an endpoint, as attempts with these states leave it.
    async fn attempt(&self, number: i64, endpoint: &str, states: &[DeliveryState]) {
        let order = format!("order-{number}");
        let shipment = shipment(self.client(), &order, ShipmentType::Forward, None).unwrap();
        let notification = self.arrive(&shipment, number).await;
        let key = notification.delivery(&endpoint.parse().unwrap());
        for record in attempted(FIRST + number * 1000 + 500, states) {
            let before = record.attempts - 1;
            assert!(self.deliveries.put(&key, &record, before).await.unwrap());
        }
    }

    /// The numbers of what is listed, as they were stored.
    async fn numbers(&self, query: &str) -> Vec<i64> {
        let answer = self.list(query).await;
        assert_eq!(answer.status(), 200, "{query}");
        let body = json(&answer);
        let listed = body["notifications"].as_array().unwrap().iter();
        listed
            .map(|listed| {
                let at: Timestamp = listed["receivedAt"].as_str().unwrap().parse().unwrap();
                (at.as_millisecond() - FIRST) / 1000
            })
            .collect()
    }

    /// Books a shipment under an AWB.
    async fn book(&self, id: &ShipmentId, awb: &str) {
        let shipments = &self.app.archive.shipments;
        let facts = ShipmentFacts {
            order_number: id.order_number.clone(),
            shipment_code: id.shipment_code.clone(),
            shipment_type: id.shipment_type,
            alias: "clickpost".parse().unwrap(),
            aggregator: "CLICKPOST".parse().unwrap(),
            order_id: None,
            awb: None,
            carrier_name: None,
            warehouse: None,
            ordered_at: None,
            items: Vec::new(),
            meta_data: MetaData::new(),
        };
        let claim = ShipmentRecord {
            facts: facts.clone(),
            standing: Standing::Claimed,
            content: None,
            holder: "test".to_owned(),
            lease_until: None,
            progress: BTreeMap::new(),
            round: 1,
            asked_for: None,
            label_url: None,
            commercial_invoice_url: None,
        };
        shipments.claim(id, &claim).await.unwrap();
        let booking = Booking {
            order_id: None,
            awb: awb.parse().unwrap(),
            carrier_name: None,
            label_url: None,
            commercial_invoice_url: None,
            meta_data: MetaData::new(),
            own_ids: BTreeMap::new(),
        };
        let seen = SeenClaim {
            standing: Standing::Claimed,
            holder: "test",
        };
        assert!(shipments.book(id, seen, &facts, &booking).await.unwrap());
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
async fn an_awb_has_its_own_shipment_s_notifications_alone() {
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
async fn an_endpoint_s_deliveries_are_listed_by_where_they_stand() {
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
async fn what_is_parked_is_listed_lane_by_lane_and_page_by_page() {
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
