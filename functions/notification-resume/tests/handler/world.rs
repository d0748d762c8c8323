//! A suspended endpoint with parked deliveries.

use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::stored::{notification, shipment};
use local::handler_world::{HandlerWorld, sent_by_aws};
use local::sink::Behaviour;
use logistics::domain::delivery::DeliveryRecord;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Health, Stage, Suspension, SuspensionReason};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::delivering::health::EndpointHealths;
use logistics::store::delivering::parked::{
    EndpointLane, Parked, ParkedDeliveries, ParkedDelivery,
};
use logistics::store::keys::Key;
use logistics::store::notifying::notifications::Stored;
use logistics::store::packed::pack;
use notification_resume::{App, handle};
use std::time::Duration;

pub(crate) const HOUR: i64 = 3_600_000;
const LANES: u16 = 4;

/// The demo client's endpoint, suspended.
pub(crate) struct Stalled {
    pub(crate) world: HandlerWorld,
    pub(crate) endpoint: EndpointKey,
    pub(crate) parked: ParkedDeliveries,
    pub(crate) healths: EndpointHealths,
}

impl Stalled {
    /// Suspended this many milliseconds ago.
    pub(crate) async fn for_long(ago: i64) -> Self {
        Self::of(HandlerWorld::start().await.unwrap(), ago, LANES).await
    }

    /// The same, with this many lanes.
    pub(crate) async fn of(world: HandlerWorld, ago: i64, lanes: u16) -> Self {
        let start = world.start_of("notification-resume").unwrap();
        let stalled = Self {
            endpoint: EndpointKey {
                client_id: "demo".parse().unwrap(),
                endpoint_id: "demo-sink".parse().unwrap(),
            },
            parked: start.parked().unwrap(),
            healths: start.healths().unwrap(),
            world,
        };
        stalled.suspend_lanes(ago, lanes).await;
        stalled
    }

    pub(crate) async fn suspend(&self, ago: i64) {
        self.suspend_lanes(ago, LANES).await;
    }

    async fn suspend_lanes(&self, ago: i64, lanes: u16) {
        let since = Timestamp::from_millisecond(now() - ago).unwrap();
        self.healths.fails(&self.endpoint, since).await.unwrap();
        let seen = self.health().await;
        let suspension = Suspension::new(since, SuspensionReason::Failing, lanes);
        let suspended = self.healths.suspend(&self.endpoint, &seen, &suspension);
        assert!(suspended.await.unwrap());
    }

    pub(crate) async fn health(&self) -> Health {
        self.healths.read(&self.endpoint).await.unwrap()
    }

    pub(crate) async fn stage(&self) -> Option<Stage> {
        self.health()
            .await
            .suspension
            .map(|suspension| suspension.stage)
    }

    pub(crate) fn lane(&self, lane: u16) -> EndpointLane {
        EndpointLane {
            endpoint: self.endpoint.clone(),
            lane,
        }
    }

    /// Stores a notification with its own request id and parks its delivery in a lane; returns the key of the delivery's record.
    pub(crate) async fn park(&self, lane: u16, sequence: u32, accepted_at: i64) -> Key {
        let name = format!("{lane}-{sequence}");
        let shipment = shipment("demo", &name, ShipmentType::Forward, None).unwrap();
        let mut stored = notification(&shipment, accepted_at).unwrap();
        stored.request_id = Some(format!("request-{name}").parse().unwrap());
        stored.payload = Some(pack(format!("\"{name}\"").as_bytes()).unwrap());
        let start = self.world.start_of("notification-resume").unwrap();
        let notifications = start.notifications().unwrap();
        let identity = Identity::Event(name.clone());
        let stored = notifications.store(&shipment, &identity, &stored).await;
        let Stored::New(key) = stored.unwrap() else {
            panic!("stored before")
        };
        let record = key.delivery(&self.endpoint.endpoint_id);
        let parked = Parked {
            key: self.lane(lane).place(&sequence.to_string()),
            delivery: ParkedDelivery::new(&record, accepted_at, 0, false),
        };
        self.parked.put(&parked).await.unwrap();
        record
    }

    /// How many are parked in all lanes.
    pub(crate) async fn waiting(&self) -> usize {
        let mut waiting = 0;
        for lane in 0..LANES {
            waiting += self.parked.count(&self.lane(lane)).await.unwrap();
        }
        waiting
    }

    pub(crate) fn app(&self) -> App {
        App::new(&self.world.start_of("notification-resume").unwrap()).unwrap()
    }

    /// Runs the handler with this much time.
    pub(crate) async fn run_for(&self, left: Duration) {
        self.run_of(&self.app(), left).await;
    }

    /// The same, in an instance that may have a cache.
    pub(crate) async fn run_of(&self, app: &App, left: Duration) {
        let mut context = Context::default();
        let deadline = Timestamp::now() + left;
        context.deadline = u64::try_from(deadline.as_millisecond()).unwrap();
        let event = sent_by_aws("notification-resume").unwrap();
        let event = LambdaEvent::new(serde_json::from_str(&event).unwrap(), context);
        handle(app, event).await.unwrap();
    }

    pub(crate) async fn run(&self) {
        self.run_for(Duration::from_secs(75)).await;
    }

    pub(crate) fn answer(&self, behaviour: Behaviour) {
        self.world.sink.behave(behaviour).unwrap();
    }

    pub(crate) fn refuse(&self, status: u16) {
        self.answer(Behaviour {
            status,
            ..Behaviour::default()
        });
    }

    /// The requests that the client received, in order.
    pub(crate) fn received(&self) -> Vec<String> {
        let received = self.world.sink.received().into_iter();
        received
            .map(|request| serde_json::from_str(&request.body).unwrap())
            .collect()
    }

    pub(crate) async fn record(&self, key: &Key) -> DeliveryRecord {
        let deliveries = self.app().resumer.attempting.deliveries;
        deliveries.get(key).await.unwrap().unwrap()
    }

    pub(crate) fn endpoints(&self) -> Endpoints {
        self.app().resumer.attempting.endpoints
    }

    pub(crate) async fn configuration(&self) -> WebhookEndpoint {
        let EndpointKey {
            client_id,
            endpoint_id,
        } = &self.endpoint;
        let found = self.endpoints().present(client_id, endpoint_id).await;
        WebhookEndpoint::clone(&found.unwrap().unwrap())
    }
}

pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}
