//! Notifications of several orders and their deliveries.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lambda_http::{Body, Response, request};
use list_notifications::{App, handle};
use local::handler_world::stored::{attempted, facts, notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::booking::{Booking, MetaData};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::{SeenClaim, ShipmentRecord};
use logistics::domain::delivery::{DeliveryState, instant};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::given_id::TakeOver;
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::booking::given_ids::Recorded;
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::delivering::parked::{
    EndpointLane, Parked, ParkedDeliveries, ParkedDelivery,
};
use logistics::store::message_keys::MessageKey;
use logistics::store::notifying::notifications::{Notifications, Stored, StoredNotification};
use logistics::store::notifying::unmapped::UnmappedPlace;

use crate::answer::json;

/// Time of arrival of the first notification; each later one arrives a second later.
pub(crate) const FIRST: i64 = 1_700_000_000_000;

pub(crate) struct Listing {
    pub(crate) world: HandlerWorld,
    pub(crate) app: App,
    pub(crate) event: HttpEvent,
    pub(crate) notifications: Notifications,
    pub(crate) deliveries: Deliveries,
    pub(crate) parked: ParkedDeliveries,
}

impl Listing {
    pub(crate) async fn start() -> Self {
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

    /// Stores the n-th notification; without an aggregator it has a known type.
    pub(crate) async fn store(
        &self,
        client: &str,
        number: i64,
        code: &str,
        unmapped_of: Option<&str>,
    ) {
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

    pub(crate) async fn keep(
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
    pub(crate) async fn arrive(&self, shipment: &ShipmentId, number: i64) -> MessageKey {
        let notification = notification(shipment, FIRST + number * 1000).unwrap();
        self.keep(shipment, number, &notification).await
    }

    /// Parks the delivery of the n-th notification in a lane of the demo endpoint, or of another client's.
    pub(crate) async fn park(&self, number: i64, client: &str, lane: u16) {
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

    /// A delivery of the n-th notification to an endpoint, after attempts with these states.
    pub(crate) async fn attempt(&self, number: i64, endpoint: &str, states: &[DeliveryState]) {
        let order = format!("order-{number}");
        let shipment = shipment(self.client(), &order, ShipmentType::Forward, None).unwrap();
        let notification = self.arrive(&shipment, number).await;
        let key = notification.delivery(&endpoint.parse().unwrap());
        for record in attempted(FIRST + number * 1000 + 500, states) {
            let before = record.attempts - 1;
            assert!(self.deliveries.put(&key, &record, before).await.unwrap());
        }
    }

    /// The numbers of the listed notifications, as they were stored.
    pub(crate) async fn numbers(&self, query: &str) -> Vec<i64> {
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

    /// Books a shipment with an AWB.
    pub(crate) async fn book(&self, id: &ShipmentId, awb: &str) {
        let shipments = &self.app.archive.shipments;
        let facts = facts(id, "clickpost", "CLICKPOST").unwrap();
        let claim = ShipmentRecord {
            standing: Standing::Claimed,
            holder: "test".to_owned(),
            ..ShipmentRecord::observed(facts.clone())
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
        let never = TakeOver::Never;
        let booked = shipments.book(id, seen, &facts, &booking, never).await;
        assert!(matches!(booked.unwrap(), Recorded::Done));
    }

    pub(crate) async fn list(&self, query: &str) -> Response<Body> {
        let event = self.event.clone().asking("GET", "/notifications", query);
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    /// The listed codes, and the cursor.
    pub(crate) async fn codes(&self, query: &str) -> (Vec<String>, Option<String>) {
        let answer = self.list(query).await;
        assert_eq!(answer.status(), 200, "{query}");
        let body = json(&answer);
        let codes = body["notifications"].as_array().unwrap().iter();
        let codes = codes.map(|listed| listed["pushedType"].as_str().unwrap().to_owned());
        let cursor = body["cursor"].as_str().map(str::to_owned);
        (codes.collect(), cursor)
    }

    pub(crate) fn client(&self) -> &str {
        &self.world.demo.client_id
    }
}
