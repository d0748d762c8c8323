//! Pushes with many events, in the language of the aggregator that sends them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use local::backends::{BackendCall, Interceptor, Moment};
use local::sink::ReceivedRequest;
use serde_json::{Value, json};

use crate::demo;
use crate::notifications::kills::is_of_statistics;
use crate::notifications::world::{Answer, PATIENCE, World, body};

/// The aggregator that pushes many events at once.
pub(crate) const BATCHING: &str = "shipway";
const PUSH: &str = "notification-push";

/// The steps of a shipment, as pushed and as forwarded.
pub(crate) const STEPS: [(&str, &str); 4] = [
    ("INT", "TRANSIT"),
    ("OOD", "OUT_FOR_DELIVERY"),
    ("UND", "UNDELIVERED"),
    ("DEL", "DELIVERED"),
];

/// An event: a step of a shipment that is named by its order, its AWB, or both.
pub(crate) fn scan(order: Option<&str>, awb: Option<&str>, step: usize) -> Value {
    json!({
        "order_id": order,
        "awbno": awb,
        "current_status": STEPS[step].0,
        "status_time": format!("2026-11-28 10:0{step}:00"),
    })
}

/// These steps of these many orders, each step of all of them before the next one.
pub(crate) fn feed_of(name: &str, orders: usize, steps: usize) -> Vec<Value> {
    let steps = (0..steps).flat_map(|step| (0..orders).map(move |order| (order, step)));
    steps
        .map(|(order, step)| {
            let order = format!("{name}-{order}");
            scan(Some(&order), Some(&format!("A{order}")), step)
        })
        .collect()
}

impl World {
    /// Pushes these events at once.
    pub(crate) async fn push_feed(&self, events: &[Value]) -> Answer {
        let push = json!({ "status_feed": events });
        let push = demo::push(&self.stack, &self.http, BATCHING, &push);
        Answer::of(push.timeout(PATIENCE)).await
    }

    /// Pushes these events until they are accepted, as an aggregator does.
    pub(crate) async fn push_feed_until_taken(&self, events: &[Value]) -> Answer {
        loop {
            let answer = self.push_feed(events).await;
            if answer.status == 200 {
                return answer;
            }
            assert!([500, 503].contains(&answer.status), "{answer:?}");
        }
    }

    /// Waits until the client has received this many requests and all deliveries have ended, and returns the received
    /// types by order.
    pub(crate) async fn told_by_order(&self, count: usize) -> BTreeMap<String, Vec<String>> {
        self.arrived(count).await;
        self.settled().await;
        let received = self.sink().received();
        assert_eq!(received.len(), count);
        by_order(&received)
    }
}

fn by_order(received: &[ReceivedRequest]) -> BTreeMap<String, Vec<String>> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in received {
        let body = body(request);
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        let of_order = told.entry(text("forwardOrderCode")).or_default();
        of_order.push(text("notificationType"));
    }
    told
}

/// The forwarded types of the first steps.
pub(crate) fn types(steps: usize) -> Vec<String> {
    let types = STEPS.iter().take(steps);
    types
        .map(|(_, forwarded)| (*forwarded).to_owned())
        .collect()
}

/// The results of a push's events.
pub(crate) fn statuses(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let events = answer.body["notifications"].as_array().unwrap();
    let statuses = events.iter().map(|event| &event["status"]);
    statuses.map(|status| status.as_str().unwrap()).collect()
}

/// Counts the calls of the push function.
#[derive(Clone, Default)]
pub(crate) struct Counter {
    calls: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Counter {
    pub(crate) fn interceptor(&self) -> Interceptor {
        let counter = self.clone();
        Interceptor::new(move |call| {
            counter.count(call);
            None
        })
    }

    pub(crate) fn count(&self, call: &BackendCall) {
        let is_counted = call.moment == Moment::BeforeEffect && !is_of_statistics(call);
        if call.caller == PUSH && is_counted {
            let operation = call.target.rsplit('.').next().unwrap();
            let mut calls = self.calls.lock().unwrap();
            *calls.entry(operation.to_owned()).or_default() += 1;
        }
    }

    /// The calls by operation since this was last asked.
    pub(crate) fn take(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}
