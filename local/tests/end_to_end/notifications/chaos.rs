//! Random failures in an order given by a seed: calls to DynamoDB and SQS fail before and after their effect, the functions'
//! processes are killed, and the endpoint is suspended and resumed repeatedly. Every push answered 200 still arrives, in the
//! order of its shipment. Beside it, another endpoint of the client never answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use fastrand::Rng;
use futures::future::{join, join_all};
use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::region::ACCESS_KEY_ID;
use local::sink::ReceivedRequest;
use local::stack::{Options, Stack};
use logistics::domain::endpoint::DEFAULT_LANES;
use reqwest::StatusCode;

use crate::notifications::kills::{impatient_template, kill_all};
use crate::notifications::silent::Silent;
use crate::notifications::world::{World, event, eventually, orders_in_lanes, webhook_id};

/// The notifications of every shipment.
pub(crate) const WAY: [&str; 8] = [
    "AWB_GENERATED",
    "PICKUP_SCHEDULED",
    "PICKED_UP",
    "TRANSIT",
    "REACHED_DESTINATION_HUB",
    "OUT_FOR_DELIVERY",
    "UNDELIVERED",
    "DELIVERED",
];
/// Percentage of moments that end in an error.
const ERRORS: u8 = 5;
/// Percentage of moments at which the process is killed.
const DEATHS: u8 = 1;
const ENOUGH_ERRORS: usize = 40;
const ENOUGH_DEATHS: usize = 5;
const FAILURES: [(u16, &str); 4] = [
    (500, "InternalServerError"),
    (503, "ServiceUnavailable"),
    (400, "ProvisionedThroughputExceededException"),
    (400, "ThrottlingException"),
];

#[derive(Clone)]
struct Storm {
    state: Arc<Mutex<State>>,
}

struct State {
    random: Rng,
    rages: bool,
    stack: Weak<Stack>,
    errors: usize,
    deaths: usize,
}

impl Storm {
    fn seeded(seed: u64) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                random: Rng::with_seed(seed),
                rages: false,
                stack: Weak::new(),
                errors: 0,
                deaths: 0,
            })),
        }
    }

    fn interceptor(&self) -> Interceptor {
        let storm = self.clone();
        Interceptor::new(move |call| storm.strike(call))
    }

    fn begins(&self, world: &World) {
        let mut state = self.state.lock().unwrap();
        state.stack = Arc::downgrade(&world.stack);
        state.rages = true;
    }

    /// Whether there were enough failures for a meaningful test.
    fn has_raged(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.errors >= ENOUGH_ERRORS && state.deaths >= ENOUGH_DEATHS
    }

    fn ends(&self) {
        self.state.lock().unwrap().rages = false;
    }

    fn strike(&self, call: &BackendCall) -> Option<Instead> {
        let mut state = self.state.lock().unwrap();
        if !state.rages || call.caller == ACCESS_KEY_ID {
            return None;
        }
        let lot = state.random.u8(0..100);
        if lot < DEATHS {
            state.deaths += 1;
            let stack = state.stack.upgrade()?;
            kill_all(&stack, &call.caller);
            return Some(failure(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServerError",
            ));
        }
        if lot >= DEATHS + ERRORS {
            return None;
        }
        state.errors += 1;
        let index = state.random.usize(0..FAILURES.len());
        let (status, error) = FAILURES[index];
        // A call that had its effect can lose its answer, but is never throttled.
        let status = if call.moment == Moment::AfterEffect {
            500
        } else {
            status
        };
        Some(failure(StatusCode::from_u16(status).unwrap(), error))
    }
}

fn failure(status: StatusCode, error: &str) -> Instead {
    Instead {
        status,
        body: format!(r#"{{"__type":"com.amazonaws#{error}","message":"a storm"}}"#),
    }
}

#[tokio::test]
async fn a_storm_loses_nothing_and_keeps_the_order() {
    join_all([1, 2].map(weather)).await;
}

async fn weather(seed: u64) {
    let storm = Storm::seeded(seed);
    let template = impatient_template(2);
    let silent = Silent::listen().await;
    let world = World::with(Options {
        template: template.path().join("template.yaml"),
        interceptor: Some(storm.interceptor()),
        environment: silent.targets(),
        ..Options::default()
    })
    .await;
    silent.connect(&world).await;
    storm.begins(&world);
    let lanes: [String; 6] = orders_in_lanes();
    let (mut orders, mut accepted) = (Vec::new(), Vec::new());
    let push = async {
        while !storm.has_raged() {
            let round = orders.len();
            let more: Vec<String> = lanes.iter().map(|lane| format!("{lane}-{round}")).collect();
            accepted.extend(join_all(more.iter().map(|order| pushed_its_way(&world, order))).await);
            orders.extend(more);
        }
    };
    join(push, outages(&world, &storm)).await;
    storm.ends();
    while !world.is_active().await {
        a_minute_passes(&world).await;
    }
    for ids in &accepted {
        for id in ids {
            arrives(&world, id, &format!("seed {seed}")).await;
        }
    }
    world.settled().await;
    let received = world.sink().received();
    let first = first_arrivals(&received);
    for (order, ids) in orders.iter().zip(&accepted) {
        let arrival = |id: &String| first[webhook_id(id, "demo-sink").as_str()];
        let arrivals: Vec<usize> = ids.iter().map(arrival).collect();
        assert!(arrivals.is_sorted(), "seed {seed}, {order}: {arrivals:?}");
    }
    assert_eq!(
        first.len(),
        orders.len() * WAY.len(),
        "other ids arrived too"
    );
    world.stop().await;
}

/// Suspends the endpoint again and again, and lets the schedule resume it.
async fn outages(world: &World, storm: &Storm) {
    while !storm.has_raged() {
        // The suspension itself may fail.
        world.suspend(DEFAULT_LANES).await.ok();
        a_minute_passes(world).await;
        a_minute_passes(world).await;
    }
}

async fn a_minute_passes(world: &World) {
    if !world.a_minute_passes().await {
        world.leases_end().await;
    }
}

/// Pushes a shipment's notifications, each until it is answered 200, as an aggregator does.
pub(crate) async fn pushed_its_way(world: &World, order: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for kind in WAY {
        let push = event(order, kind);
        loop {
            let answer = world.push(&push).await;
            if answer.status == 200 {
                ids.push(answer.notification_id());
                break;
            }
            assert!([500, 503].contains(&answer.status), "{answer:?}");
        }
    }
    ids
}

pub(crate) async fn arrives(world: &World, notification_id: &str, run: &str) {
    let wanted = webhook_id(notification_id, "demo-sink");
    let what = format!("{wanted} ({run})");
    eventually(&what, async || {
        let received = world.sink().received();
        let has = |request: &ReceivedRequest| request.headers["webhook-id"] == wanted;
        received.iter().any(has).then_some(())
    })
    .await;
}

/// The position at which each webhook-id first arrived.
pub(crate) fn first_arrivals(received: &[ReceivedRequest]) -> BTreeMap<&str, usize> {
    let mut first = BTreeMap::new();
    for (index, request) in received.iter().enumerate() {
        let id = request.headers["webhook-id"].as_str();
        first.entry(id).or_insert(index);
    }
    first
}
