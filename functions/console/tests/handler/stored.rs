//! What the pages show, stored as the functions store it.

use local::handler_world::stored::{attempted, facts, notification, shipment};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::delivery::DeliveryState;
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::message_keys::MessageKey;
use logistics::store::notifying::notifications::{Stored, StoredNotification};
use logistics::wiring::Start;

use crate::console::world::Visiting;

/// When the first stored notification arrived.
pub(crate) const FIRST: i64 = 1_700_000_000_000;

impl Visiting {
    /// The stores of the console.
    pub(crate) fn stores(&self) -> Start {
        self.world.start_of("console").unwrap()
    }

    /// A forward shipment of the demo client.
    pub(crate) fn order(&self, number: &str) -> ShipmentId {
        let client = &self.world.demo.client_id;
        shipment(client, number, ShipmentType::Forward, None).unwrap()
    }

    /// Claims an order of an account, in this state.
    pub(crate) async fn claim(&self, id: &ShipmentId, alias: &str, standing: Standing) {
        let awb = (standing == Standing::Booked).then(|| "71902671".parse().unwrap());
        let facts = ShipmentFacts {
            awb,
            ..facts(id, alias, "CLICKPOST").unwrap()
        };
        let claim = ShipmentRecord {
            standing,
            holder: "test".to_owned(),
            ..ShipmentRecord::observed(facts)
        };
        let shipments = self.stores().shipments().unwrap();
        shipments.claim(id, &claim).await.unwrap();
    }

    /// Stores a notification of an order, and gives up its delivery to the demo's endpoint.
    pub(crate) async fn give_up(
        &self,
        order: &str,
        number: i64,
        change: impl FnOnce(&mut StoredNotification),
    ) {
        let start = self.stores();
        let id = self.order(order);
        let mut notification = notification(&id, FIRST + number * 1000).unwrap();
        notification.sent_to = vec!["demo-sink".parse().unwrap()];
        change(&mut notification);
        let identity = Identity::Event(number.to_string());
        let notifications = start.notifications().unwrap();
        let stored = notifications.store(&id, &identity, &notification).await;
        let (Stored::New(key) | Stored::Before(key, _)) = stored.unwrap();
        self.record(&key, number, DeliveryState::Failed).await;
    }

    /// Records one attempt of a delivery to the demo's endpoint, with the state after it.
    async fn record(&self, key: &MessageKey, number: i64, state: DeliveryState) {
        let delivery = key.delivery(&"demo-sink".parse().unwrap());
        for record in attempted(FIRST + number * 1000, &[state]) {
            let deliveries = self.stores().deliveries().unwrap();
            assert!(deliveries.put(&delivery, &record, 0).await.unwrap());
        }
    }

    /// Stores a notification of an order whose delivery to the demo's endpoint failed and is being retried.
    pub(crate) async fn retry(&self, order: &str) {
        let id = self.order(order);
        let mut notification = notification(&id, FIRST).unwrap();
        notification.sent_to = vec!["demo-sink".parse().unwrap()];
        let notifications = self.stores().notifications().unwrap();
        let identity = Identity::Event(order.to_owned());
        let stored = notifications.store(&id, &identity, &notification).await;
        let (Stored::New(key) | Stored::Before(key, _)) = stored.unwrap();
        self.record(&key, 0, DeliveryState::Pending).await;
    }
}
