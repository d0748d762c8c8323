//! The handler, on real tables, towards the client's sink: what is parked, and what becomes of it.

use std::time::Duration;

use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::stored::{notification, shipment};
use local::handler_world::{HandlerWorld, Logged, sent_by_aws};
use local::sink::{Behaviour, RetryAfter};
use logistics::domain::delivery::{AttemptEnd, DeliveryRecord, DeliveryState};
use logistics::domain::endpoint::{DisabledReason, WebhookEndpoint};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Draining, Health, Lane, Stage, Suspension, SuspensionReason};
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

const HOUR: i64 = 3_600_000;

/// The demo client's endpoint, suspended.
struct Stalled {
    world: HandlerWorld,
    endpoint: EndpointKey,
    parked: ParkedDeliveries,
    healths: EndpointHealths,
}

impl Stalled {
    /// Suspended so many milliseconds ago.
    async fn for_long(ago: i64) -> Self {
        let world = HandlerWorld::start().await.unwrap();
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
        stalled.suspend(ago).await;
        stalled
    }

    async fn suspend(&self, ago: i64) {
        let since = Timestamp::from_millisecond(now() - ago).unwrap();
        self.healths.fails(&self.endpoint, since).await.unwrap();
        let seen = self.health().await;
        let suspension = Suspension::new(since, SuspensionReason::Failing, 4);
        let suspended = self.healths.suspend(&self.endpoint, &seen, &suspension);
        assert!(suspended.await.unwrap());
    }

    async fn health(&self) -> Health {
        self.healths.read(&self.endpoint).await.unwrap()
    }

    async fn stage(&self) -> Option<Stage> {
        self.health()
            .await
            .suspension
            .map(|suspension| suspension.stage)
    }

    fn lane(&self, lane: u16) -> EndpointLane {
        EndpointLane {
            endpoint: self.endpoint.clone(),
            lane,
        }
    }

    /// Stores a notification of a request of its own and parks its delivery in a lane; answers the key of the delivery's record.
    async fn park(&self, lane: u16, sequence: u32, accepted_at: i64) -> Key {
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
    async fn waiting(&self) -> usize {
        let mut waiting = 0;
        for lane in 0..4 {
            waiting += self.parked.count(&self.lane(lane)).await.unwrap();
        }
        waiting
    }

    fn app(&self) -> App {
        App::new(&self.world.start_of("notification-resume").unwrap()).unwrap()
    }

    /// What a run with that much time does.
    async fn run_for(&self, left: Duration) {
        let mut context = Context::default();
        let deadline = Timestamp::now() + left;
        context.deadline = u64::try_from(deadline.as_millisecond()).unwrap();
        let event = sent_by_aws("notification-resume").unwrap();
        let event = LambdaEvent::new(serde_json::from_str(&event).unwrap(), context);
        handle(&self.app(), event).await.unwrap();
    }

    async fn run(&self) {
        self.run_for(Duration::from_secs(75)).await;
    }

    fn answer(&self, behaviour: Behaviour) {
        self.world.sink.behave(behaviour).unwrap();
    }

    fn refuse(&self, status: u16) {
        self.answer(Behaviour {
            status,
            ..Behaviour::default()
        });
    }

    /// What the client got, in the order of arrival.
    fn received(&self) -> Vec<String> {
        let received = self.world.sink.received().into_iter();
        received
            .map(|request| serde_json::from_str(&request.body).unwrap())
            .collect()
    }

    async fn record(&self, key: &Key) -> DeliveryRecord {
        let deliveries = self.app().resumer.attempting.deliveries;
        deliveries.get(key).await.unwrap().unwrap()
    }

    fn endpoints(&self) -> Endpoints {
        self.app().resumer.attempting.endpoints
    }

    async fn configuration(&self) -> WebhookEndpoint {
        let EndpointKey {
            client_id,
            endpoint_id,
        } = &self.endpoint;
        let found = self.endpoints().find(client_id, endpoint_id).await;
        WebhookEndpoint::clone(&found.unwrap().unwrap())
    }
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

#[tokio::test]
async fn a_backlog_is_delivered_lane_by_lane_in_its_order_and_the_endpoint_is_active_again() {
    let stalled = Stalled::for_long(HOUR).await;
    for sequence in 1..=60 {
        for lane in [0, 2, 3] {
            stalled.park(lane, sequence, now()).await;
        }
    }
    stalled.run().await;
    let received = stalled.received();
    assert_eq!(received.len(), 180);
    for lane in ["0-", "2-", "3-"] {
        let of_lane = received.iter().filter_map(|name| name.strip_prefix(lane));
        let of_lane: Vec<u32> = of_lane.map(|number| number.parse().unwrap()).collect();
        assert_eq!(of_lane, (1..=60).collect::<Vec<_>>());
    }
    assert_eq!(stalled.waiting().await, 0);
    let health = stalled.health().await;
    assert_eq!((health.suspension, health.failing_since), (None, None));
    assert!(stalled.healths.suspended().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_oldest_delivery_is_the_probe_and_while_it_fails_nothing_else_is_sent() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(1, 1, now() - 1000).await;
    let oldest = stalled.park(3, 9, now() - 2000).await;
    stalled.park(3, 10, now()).await;
    stalled.refuse(503);
    stalled.run().await;
    assert_eq!(stalled.received(), ["3-9"]);
    let record = stalled.record(&oldest).await;
    assert_eq!((record.state, record.attempts), (DeliveryState::Pending, 1));
    assert_eq!(stalled.waiting().await, 3);
    assert_eq!(stalled.stage().await, Some(Stage::Suspended));
}

#[tokio::test]
async fn one_delivery_that_is_never_taken_does_not_keep_the_endpoint_suspended() {
    let stalled = Stalled::for_long(HOUR).await;
    let poison = stalled.park(0, 1, now() - 1000).await;
    stalled.park(1, 1, now()).await;
    stalled.answer(Behaviour {
        status: 422,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    stalled.run().await;
    assert_eq!(stalled.stage().await, Some(Stage::Suspended));
    // The next probe is another lane's.
    stalled.world.sink.clear();
    stalled.answer(Behaviour::default());
    stalled.run().await;
    assert_eq!(stalled.received(), ["1-1", "0-1"]);
    assert_eq!(
        stalled.record(&poison).await.state,
        DeliveryState::Delivered
    );
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn lanes_open_while_another_is_held_up() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now() - 1000).await;
    stalled.run().await;
    stalled.suspend(HOUR).await;
    // The probe is taken; of the two that follow one is refused.
    stalled.park(1, 2, now() - 1000).await;
    stalled.park(1, 3, now()).await;
    stalled.park(2, 2, now()).await;
    let health = stalled.health().await;
    let draining = health.suspension.unwrap().draining();
    let changed = stalled
        .healths
        .change(&stalled.endpoint, health.version, &draining);
    assert!(changed.await.unwrap());
    stalled.answer(Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    stalled.run().await;
    let waiting = [
        stalled.parked.count(&stalled.lane(1)).await.unwrap(),
        stalled.parked.count(&stalled.lane(2)).await.unwrap(),
    ];
    let held_up = if waiting[0] > 0 { 1 } else { 2 };
    let health = stalled.health().await;
    for lane in 0..4 {
        let expected = if lane == held_up {
            Lane::Parking
        } else {
            Lane::Open
        };
        assert_eq!(health.lane(lane), expected, "{waiting:?}");
    }
}

#[tokio::test]
async fn an_endpoint_that_fails_again_while_it_is_drained_is_suspended_again() {
    let stalled = Stalled::for_long(HOUR).await;
    for lane in 0..4 {
        stalled.park(lane, 1, now()).await;
    }
    let health = stalled.health().await;
    let draining = health.suspension.unwrap().draining();
    let lifted = stalled
        .healths
        .lift(&stalled.endpoint, health.version, &draining, Vec::new());
    assert!(lifted.await.unwrap());
    stalled.refuse(503);
    stalled.run().await;
    let suspension = stalled.health().await.suspension.unwrap();
    assert_eq!(suspension.stage, Stage::Suspended);
    assert!(suspension.since.as_millisecond() > now() - HOUR / 2);
    assert_eq!(stalled.waiting().await, 4);
}

#[tokio::test]
async fn after_the_give_up_age_the_endpoint_is_disabled_and_what_waits_is_failed_and_can_be_recovered()
 {
    let stalled = Stalled::for_long(77 * HOUR).await;
    let probed = stalled.park(0, 1, now() - 1000).await;
    let other = stalled.park(1, 1, now()).await;
    stalled.refuse(503);
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    for key in [&probed, &other] {
        let record = stalled.record(key).await;
        let latest = record.latest().unwrap().end;
        assert_eq!(
            (record.state, latest),
            (DeliveryState::Failed, AttemptEnd::Disabled)
        );
    }
    let endpoint = stalled.configuration().await;
    assert!(!endpoint.enabled);
    assert_eq!(endpoint.disabled.unwrap().reason, DisabledReason::Failing);
    assert_eq!(stalled.waiting().await, 0);
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn a_gone_endpoint_gives_its_backlog_up() {
    let stalled = Stalled::for_long(HOUR).await;
    let keys = [
        stalled.park(0, 1, now() - 1).await,
        stalled.park(0, 2, now()).await,
    ];
    stalled.refuse(410);
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    for key in &keys {
        assert_eq!(stalled.record(key).await.state, DeliveryState::Failed);
    }
    assert_eq!(stalled.waiting().await, 0);
}

#[tokio::test]
async fn who_asks_for_more_time_than_a_minute_gets_it() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now()).await;
    stalled.answer(Behaviour {
        status: 429,
        retry_after: Some(RetryAfter::Seconds(600)),
        ..Behaviour::default()
    });
    stalled.run().await;
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    let not_before = stalled
        .health()
        .await
        .suspension
        .unwrap()
        .not_before
        .unwrap();
    let wait = not_before.as_millisecond() - now();
    assert!((500_000..=600_000).contains(&wait), "{wait}");
}

#[tokio::test]
async fn of_two_runs_at_once_one_works_on_an_endpoint() {
    let stalled = Stalled::for_long(HOUR).await;
    for sequence in 1..=20 {
        stalled.park(0, sequence, now()).await;
    }
    tokio::join!(stalled.run(), stalled.run(), stalled.run());
    let names: Vec<String> = (1..=20).map(|sequence| format!("0-{sequence}")).collect();
    assert_eq!(stalled.received(), names);
}

#[tokio::test]
async fn what_was_delivered_before_its_place_was_removed_is_not_sent_again() {
    let stalled = Stalled::for_long(HOUR).await;
    let accepted_at = now();
    let record = stalled.park(0, 1, accepted_at).await;
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1"]);
    stalled.suspend(HOUR).await;
    let left_over = Parked {
        key: stalled.lane(0).place("1"),
        delivery: ParkedDelivery::new(&record, accepted_at, 0, false),
    };
    stalled.parked.put(&left_over).await.unwrap();
    stalled.park(0, 2, now()).await;
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-1", "0-2"]);
    assert_eq!(stalled.waiting().await, 0);
}

#[tokio::test]
async fn a_turn_that_died_while_a_lane_was_closing_is_taken_up() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(1, 1, now()).await;
    let health = stalled.health().await;
    let mut suspension = health.suspension.unwrap();
    suspension.stage = Stage::Draining(Draining {
        parking: [].into(),
        closing: [0, 1].into(),
    });
    let changed = stalled
        .healths
        .change(&stalled.endpoint, health.version, &suspension);
    assert!(changed.await.unwrap());
    stalled.run().await;
    let Some(Stage::Draining(draining)) = stalled.stage().await else {
        panic!("something is left in lane 1")
    };
    assert_eq!(draining.parking, [1].into());
    stalled.run().await;
    assert_eq!(stalled.received(), ["1-1"]);
    assert_eq!(stalled.stage().await, None);
}

#[tokio::test]
async fn a_delivery_that_crashes_the_function_goes_aside() {
    let stalled = Stalled::for_long(HOUR).await;
    let crashing = stalled.park(0, 1, now()).await;
    stalled.park(0, 2, now()).await;
    let deliveries = stalled.app().resumer.attempting.deliveries;
    let begun = DeliveryRecord {
        begun: 5,
        ..DeliveryRecord::new(None)
    };
    assert!(deliveries.put(&crashing, &begun, 0).await.unwrap());
    // The last turn was never given back, and its time is over.
    let then = Timestamp::from_millisecond(now() - HOUR).unwrap();
    let lease = stalled.healths.lease(&stalled.endpoint, then, then).await;
    assert!(lease.unwrap().is_some());
    stalled.run().await;
    assert_eq!(stalled.received(), ["0-2"]);
    let letters = stalled.world.queue_url("DeliveryDeadLetterQueue").unwrap();
    let buried = stalled
        .world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(letters)
        .message_attribute_names("All")
        .send()
        .await
        .unwrap();
    let letter = &buried.messages()[0];
    assert!(letter.body().unwrap().contains(&crashing.delivery_id()));
    let lane = &letter.message_attributes().unwrap()["lane"];
    assert_eq!(lane.string_value(), Some("demo:demo-sink:0"));
}

#[tokio::test]
async fn no_attempt_begins_that_the_time_does_not_hold() {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now()).await;
    stalled.run_for(Duration::from_secs(19)).await;
    assert!(stalled.received().is_empty());
    assert_eq!(stalled.waiting().await, 1);
}

#[tokio::test]
async fn a_parked_delivery_is_logged_with_the_id_of_the_request_that_caused_it_and_the_run_with_its_own()
 {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now() - HOUR).await;
    stalled.park(1, 1, now() - HOUR).await;
    let logged = Logged::from_now();
    stalled.run().await;
    for id in ["request-0-1", "request-1-1"] {
        let lines = logged.with("request_id", id).unwrap();
        let [line] = &lines[..] else {
            panic!("{lines:#?}")
        };
        assert_eq!(line["message"], "delivery attempted");
        assert_eq!(line["state"], "DELIVERED");
        assert_eq!(line["endpoint_id"], "demo-sink");
    }
    let message = "delivery of the endpoint's backlog started";
    let started = logged.with("message", message).unwrap().remove(0);
    assert_eq!(started["endpoint_id"], "demo-sink");
    let run = started["request_id"].as_str().unwrap();
    assert_eq!(run.len(), "01a22250-1bc7-746f-bcbc-040fc772f1a6".len());
}
