//! The handler with an event as AWS sends it, on real tables.

use get_shipment::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::stored::{facts, notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::notifying::notifications::Notifications;

use crate::answer::json;

const FIRST: i64 = 1_700_000_000_000;

struct Tracking {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
    notifications: Notifications,
}

impl Tracking {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("get-shipment").unwrap();
        world.admit(&event).await.unwrap();
        let start = world.start_of("get-shipment").unwrap();
        Self {
            app: App::new(&start).unwrap(),
            notifications: start.notifications().unwrap(),
            world,
            event,
        }
    }

    fn shipment(&self, code: Option<&str>) -> ShipmentId {
        let client = &self.world.demo.client_id;
        shipment(client, "asdf1234", ShipmentType::Forward, code).unwrap()
    }

    /// Stores a notification of an event this many seconds after the first one.
    async fn happen(&self, id: &ShipmentId, second: i64, what: Option<NotificationType>) {
        let mut notification = notification(id, FIRST).unwrap();
        notification.notification_type = what;
        notification.occurred_at = Some(FIRST + second * 1000);
        what.map_or("?".to_owned(), |what| what.to_string())
            .clone_into(&mut notification.pushed_type);
        let identity = Identity::Event(second.to_string());
        let stored = self.notifications.store(id, &identity, &notification);
        stored.await.unwrap();
    }

    /// Claims a shipment, with this standing.
    async fn claim(&self, id: &ShipmentId, standing: Standing) {
        let facts = ShipmentFacts {
            awb: Some("71902671".parse().unwrap()),
            carrier_name: Some("Delhivery".to_owned()),
            ..facts(id, "clickpost", "CLICKPOST").unwrap()
        };
        let claim = ShipmentRecord {
            standing,
            holder: "test".to_owned(),
            ..ShipmentRecord::observed(facts)
        };
        self.app.shipments.claim(id, &claim).await.unwrap();
    }

    async fn get(&self, order: &str, query: &str) -> Response<Body> {
        let event = self
            .event
            .clone()
            .asking("GET", "/shipments/{orderNumber}", query)
            .with_path_parameter("orderNumber", order);
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }
}

/// The types of the events, each with its effect.
fn effects(body: &serde_json::Value) -> Vec<String> {
    let events = body["events"].as_array().unwrap().iter();
    events
        .map(|event| format!("{} {}", event["notificationType"], event["effect"]))
        .collect()
}

#[tokio::test]
async fn a_shipment_s_state_follows_from_its_events_in_the_order_in_which_they_happened() {
    use NotificationType as N;
    let world = Tracking::start().await;
    let id = world.shipment(None);
    world.claim(&id, Standing::Booked).await;
    for (second, what) in [
        (40, Some(N::Delivered)),
        (10, Some(N::PickedUp)),
        (20, Some(N::Delayed)),
        (50, Some(N::Transit)),
        (15, Some(N::Shipped)),
        (30, None),
    ] {
        world.happen(&id, second, what).await;
    }
    let answer = world.get("asdf1234", "shipmentType=FORWARD").await;
    assert_eq!(answer.status(), 200);
    let mut body = json(&answer);
    assert_eq!(
        effects(&body),
        [
            r#""PICKED_UP" "ADVANCE""#,
            r#""SHIPPED" "ALREADY_THERE""#,
            r#""DELAYED" "INFORMATIONAL""#,
            "null null",
            r#""DELIVERED" "ADVANCE""#,
            r#""TRANSIT" "OUT_OF_ORDER""#,
        ]
    );
    body["events"].as_array_mut().unwrap().truncate(1);
    assert_json_snapshot!(body, { ".events[].notificationId" => "[id]" }, @r#"
    {
      "awb": "71902671",
      "carrierName": "Delhivery",
      "cursor": null,
      "earlierAwbs": [],
      "events": [
        {
          "awb": null,
          "contradicts": null,
          "effect": "ADVANCE",
          "notificationId": "[id]",
          "notificationType": "PICKED_UP",
          "occurredAt": "2023-11-14T22:13:30Z",
          "pushedType": "PICKED_UP",
          "receivedAt": "2023-11-14T22:13:20Z",
          "status": "ACCEPTED"
        }
      ],
      "logisticAccountAlias": "clickpost",
      "orderNumber": "asdf1234",
      "parcels": [],
      "shipmentCode": null,
      "shipmentType": "FORWARD",
      "state": "DELIVERED"
    }
    "#);
}

#[tokio::test]
async fn events_of_the_same_second_are_in_the_order_of_arrival_and_have_their_effects() {
    use NotificationType as N;
    let world = Tracking::start().await;
    let id = world.shipment(None);
    let happened = [
        N::AwbGenerated,
        N::PickedUp,
        N::Transit,
        N::OutForDelivery,
        N::Undelivered,
        N::Rto,
        N::RtoDelivered,
    ];
    for (later, what) in (0..).zip(happened) {
        let mut pushed = notification(&id, FIRST + later * 150).unwrap();
        pushed.notification_type = Some(what);
        pushed.pushed_type = what.to_string();
        pushed.occurred_at = Some(FIRST);
        let identity = Identity::Event(what.to_string());
        let stored = world.notifications.store(&id, &identity, &pushed);
        stored.await.unwrap();
    }
    let body = json(&world.get("asdf1234", "shipmentType=FORWARD").await);
    assert_eq!(
        effects(&body),
        [
            r#""AWB_GENERATED" "ADVANCE""#,
            r#""PICKED_UP" "ADVANCE""#,
            r#""TRANSIT" "ADVANCE""#,
            r#""OUT_FOR_DELIVERY" "ADVANCE""#,
            r#""UNDELIVERED" "ALREADY_THERE""#,
            r#""RTO" "ADVANCE""#,
            r#""RTO_DELIVERED" "ADVANCE""#,
        ]
    );
    assert_eq!(body["state"], "RETURNED_TO_ORIGIN");
}

#[tokio::test]
async fn a_parcel_has_its_own_time_line() {
    let world = Tracking::start().await;
    let parcel = world.shipment(Some("p1"));
    world
        .happen(&parcel, 1, Some(NotificationType::OutForDelivery))
        .await;
    world
        .happen(&world.shipment(None), 2, Some(NotificationType::Lost))
        .await;
    let body = json(&world.get("asdf1234", "shipmentCode=p1").await);
    assert_eq!(body["state"], "OUT_FOR_DELIVERY");
    assert_eq!(body["events"].as_array().unwrap().len(), 1);
    assert_eq!(body["logisticAccountAlias"], "clickpost");
    assert_eq!(
        world.get("asdf1234", "shipmentType=RETURN").await.status(),
        404
    );
}

#[tokio::test]
async fn an_order_that_has_only_parcels_lists_them() {
    use NotificationType as N;
    let world = Tracking::start().await;
    let [booked, moving, foreign] = ["p2", "p1", "p10"].map(|code| world.shipment(Some(code)));
    world.claim(&booked, Standing::Booked).await;
    world.claim(&moving, Standing::Booked).await;
    world.happen(&moving, 1, Some(N::OutForDelivery)).await;
    // Known only from a notification.
    world.happen(&foreign, 2, Some(N::Lost)).await;
    let answer = json(&world.get("asdf1234", "").await);
    assert_json_snapshot!(answer, @r#"
    {
      "awb": null,
      "carrierName": null,
      "cursor": null,
      "earlierAwbs": [],
      "events": [],
      "logisticAccountAlias": null,
      "orderNumber": "asdf1234",
      "parcels": [
        {
          "awb": "71902671",
          "carrierName": "Delhivery",
          "logisticAccountAlias": "clickpost",
          "shipmentCode": "p1",
          "state": "OUT_FOR_DELIVERY"
        },
        {
          "awb": null,
          "carrierName": null,
          "logisticAccountAlias": "clickpost",
          "shipmentCode": "p10",
          "state": "LOST"
        },
        {
          "awb": "71902671",
          "carrierName": "Delhivery",
          "logisticAccountAlias": "clickpost",
          "shipmentCode": "p2",
          "state": "LABEL_READY"
        }
      ],
      "shipmentCode": null,
      "shipmentType": "FORWARD",
      "state": null
    }
    "#);
    let parcel = json(&world.get("asdf1234", "shipmentCode=p1").await);
    assert_eq!(parcel["state"], "OUT_FOR_DELIVERY");
    assert_eq!(parcel["parcels"], serde_json::json!([]));
    // The order's return is another shipment.
    let returned = world.get("asdf1234", "shipmentType=RETURN").await;
    assert_eq!(returned.status(), 404);
}

#[tokio::test]
async fn the_parcels_of_an_order_are_listed_with_the_order_itself() {
    let world = Tracking::start().await;
    world.claim(&world.shipment(None), Standing::Booked).await;
    world
        .claim(&world.shipment(Some("p1")), Standing::Cancelled)
        .await;
    let answer = json(&world.get("asdf1234", "").await);
    assert_eq!(answer["state"], "LABEL_READY");
    assert_eq!(answer["parcels"].as_array().unwrap().len(), 1);
    assert_eq!(answer["parcels"][0]["state"], "CANCELLED");
}

#[tokio::test]
async fn an_order_number_in_the_query_may_have_any_character() {
    let world = Tracking::start().await;
    let event = HttpEvent::of("find-shipment").unwrap();
    let find = async |event: &HttpEvent| {
        handle(&world.app, request::from_str(&event.to_string()).unwrap()).await
    };
    assert_eq!(find(&event).await.status(), 404);
    for (number, query) in [
        ("WH/OUT/1", "orderNumber=WH%2FOUT%2F1"),
        ("50%", "orderNumber=50%25"),
        ("a?b+c &d", "orderNumber=a%3Fb%2Bc+%26d"),
    ] {
        let client = &world.world.demo.client_id;
        let id = shipment(client, number, ShipmentType::Forward, None).unwrap();
        world.claim(&id, Standing::Booked).await;
        let answer = find(&event.clone().asking("GET", "/shipments", query)).await;
        assert_eq!(answer.status(), 200, "{number}");
        assert_eq!(json(&answer)["orderNumber"], number);
        assert_eq!(json(&answer)["state"], "LABEL_READY");
    }
    assert_eq!(json(&find(&event).await)["orderNumber"], "WH/OUT/1");
    for query in [
        "",
        "orderNumber=",
        "shipmentType=FORWARD",
        "orderNumber=A&shipmentType=X",
    ] {
        let answer = find(&event.clone().asking("GET", "/shipments", query)).await;
        assert_eq!(answer.status(), 400, "{query}");
    }
}

#[tokio::test]
async fn rms_s_own_bookings_count_without_a_notification() {
    let world = Tracking::start().await;
    world.claim(&world.shipment(None), Standing::Booked).await;
    let booked = json(&world.get("asdf1234", "").await);
    assert_eq!(
        (&booked["state"], &booked["awb"]),
        (&"LABEL_READY".into(), &"71902671".into())
    );
    world
        .claim(&world.shipment(Some("p2")), Standing::Cancelled)
        .await;
    let cancelled = json(&world.get("asdf1234", "shipmentCode=p2").await);
    assert_eq!(cancelled["state"], "CANCELLED");
}

#[tokio::test]
async fn an_unknown_shipment_is_404_and_an_invalid_type_400() {
    let world = Tracking::start().await;
    let theirs = shipment("other", "asdf1234", ShipmentType::Forward, None).unwrap();
    world.happen(&theirs, 1, Some(NotificationType::Lost)).await;
    for order in ["asdf1234", "none", "a\n"] {
        assert_eq!(world.get(order, "").await.status(), 404, "{order:?}");
    }
    let wrong = world.get("asdf1234", "shipmentType=SIDEWAYS").await;
    assert_eq!(wrong.status(), 400);
    assert!(
        json(&wrong)["detail"]
            .as_str()
            .unwrap()
            .contains("shipmentType")
    );
}
