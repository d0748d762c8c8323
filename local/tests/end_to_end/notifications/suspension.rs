//! A failing endpoint is suspended. Its deliveries are parked, and arrive in order when it recovers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use local::backends::{Instead, Interceptor, Moment};
use local::sink::Behaviour;
use local::stack::Options;
use logistics::domain::endpoint::DEFAULT_LANES;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Suspension, SuspensionReason};
use logistics::store::delivering::health::EndpointHealths;
use logistics::store::failure::StoreFailure;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::notifications::kills::{DeadlyWorld, RESUME};
use crate::notifications::world::{World, event, eventually, orders_in_lanes, told};

impl World {
    pub(crate) fn healths(&self) -> EndpointHealths {
        let table = self.table("EndpointHealthTable").to_owned();
        EndpointHealths::new(self.dynamodb(), table)
    }

    pub(crate) fn demo_endpoint(&self) -> EndpointKey {
        EndpointKey {
            client_id: self.demo().client_id.parse().unwrap(),
            endpoint_id: self.demo().endpoint_id.parse().unwrap(),
        }
    }

    /// Records that the demo endpoint has been failing for 15 minutes.
    async fn has_been_failing(&self) -> Result<(), StoreFailure> {
        let since = Timestamp::now() - SignedDuration::from_mins(15);
        self.healths().fails(&self.demo_endpoint(), since).await
    }

    /// Suspends the demo endpoint, unless its health changes concurrently.
    pub(crate) async fn suspend(&self, lanes: u16) -> Result<bool, StoreFailure> {
        self.has_been_failing().await?;
        let (healths, endpoint) = (self.healths(), self.demo_endpoint());
        let seen = healths.read(&endpoint).await?;
        let reason = SuspensionReason::Failing;
        let suspension = Suspension::new(Timestamp::now(), reason, lanes);
        healths.suspend(&endpoint, &seen, &suspension).await
    }

    /// Moves the start of the demo endpoint's suspension back by this much.
    async fn suspended_for(&self, age: SignedDuration) {
        let (healths, endpoint) = (self.healths(), self.demo_endpoint());
        let seen = healths.read(&endpoint).await.unwrap();
        let suspension = Suspension {
            since: Timestamp::now() - age,
            ..seen.suspension.unwrap()
        };
        let changed = healths.change(&endpoint, seen.version, &suspension).await;
        assert!(changed.unwrap());
    }

    pub(crate) async fn is_active(&self) -> bool {
        let health = self.healths().read(&self.demo_endpoint()).await;
        health.unwrap().suspension.is_none()
    }

    /// The demo endpoint's health as the client sees it.
    async fn shown_health(&self) -> Value {
        let path = format!("/webhook-endpoints/{}", self.demo().endpoint_id);
        self.get(&path).await.body["health"].take()
    }

    /// Number of parked deliveries.
    pub(crate) async fn parked(&self) -> usize {
        self.items_in("ParkedDeliveriesTable").await
    }

    /// Runs the schedule's function, as happens every minute. Returns `false` if the function crashed.
    pub(crate) async fn a_minute_passes(&self) -> bool {
        let event = local::handler_world::sent_by_aws(RESUME).unwrap();
        self.stack.invoke(RESUME, event).await.is_ok()
    }

    /// Expires the leases of crashed functions.
    pub(crate) async fn leases_end(&self) {
        let update = self
            .dynamodb()
            .update_item()
            .table_name(self.table("EndpointHealthTable"))
            .key("clientId", AttributeValue::S(self.demo().client_id.clone()))
            .key(
                "endpointId",
                AttributeValue::S(self.demo().endpoint_id.clone()),
            )
            .update_expression("SET leaseUntil = :past")
            .condition_expression("attribute_exists(leaseUntil)")
            .expression_attribute_values(":past", AttributeValue::N("0".to_owned()));
        // There may be no lease.
        update.send_with(&self.dynamodb()).await.ok();
    }
}

#[tokio::test]
async fn an_outage_of_an_endpoint_ends_with_everything_delivered_in_order() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 503,
        ..Behaviour::default()
    });
    world.has_been_failing().await.unwrap();
    let [order, other] = orders_in_lanes();
    let kinds = ["AWB_GENERATED", "PICKED_UP", "TRANSIT", "DELIVERED"];
    // The first attempt suspends the endpoint; after its delay the message is received again and parked before the others.
    for kind in kinds {
        world.pushed(&event(&order, kind), "ACCEPTED").await;
    }
    eventually("a suspended endpoint", async || {
        (!world.is_active().await).then_some(())
    })
    .await;
    for kind in kinds {
        world.pushed(&event(&other, kind), "ACCEPTED").await;
    }
    world.settled().await;
    assert_eq!(world.parked().await, 8);
    let tried = world.sink().received().len();
    assert!((1..=2).contains(&tried), "{tried} attempts");

    let health = world.shown_health().await;
    assert_eq!(
        (&health["state"], &health["reason"]),
        (&json!("SUSPENDED"), &json!("FAILING"))
    );
    let waiting = format!(
        "/notifications?endpointId={}&status=parked",
        world.demo().endpoint_id
    );
    let waiting = world.get(&waiting).await.body["notifications"].take();
    assert_eq!(waiting.as_array().unwrap().len(), 8);

    // The endpoint is still down: it receives one probe and nothing else.
    assert!(world.a_minute_passes().await);
    assert_eq!(world.sink().received().len(), tried + 1);
    assert!(!world.is_active().await);

    world.behave(Behaviour::default());
    world.sink().clear();
    assert!(world.a_minute_passes().await);
    assert!(world.is_active().await);
    assert_eq!(world.parked().await, 0);
    assert_eq!(world.shown_health().await["state"], "ACTIVE");
    world.pushed(&event(&order, "LOST"), "ACCEPTED").await;
    let told = told(&world.arrived(9).await);
    for (name, more) in [(&order, vec!["LOST"]), (&other, Vec::new())] {
        let of_order = told
            .iter()
            .filter_map(|told| told.strip_prefix(&format!("{name} ")));
        let expected: Vec<&str> = kinds.into_iter().chain(more).collect();
        assert_eq!(of_order.collect::<Vec<_>>(), expected);
    }
    world.settled().await;
}

#[tokio::test]
async fn after_its_give_up_age_an_endpoint_is_disabled_until_resume_and_recover() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 503,
        ..Behaviour::default()
    });
    assert!(world.suspend(DEFAULT_LANES).await.unwrap());
    let kinds = ["AWB_GENERATED", "DELIVERED"];
    for kind in kinds {
        world.pushed(&event("given-up", kind), "ACCEPTED").await;
    }
    world.settled().await;
    world.suspended_for(SignedDuration::from_hours(77)).await;
    assert!(world.a_minute_passes().await);
    let health = world.shown_health().await;
    assert_eq!(
        (&health["state"], &health["reason"]),
        (&json!("DISABLED"), &json!("FAILING"))
    );
    assert_eq!(world.parked().await, 0);

    world.behave(Behaviour::default());
    world.sink().clear();
    let endpoint = format!("/webhook-endpoints/{}", world.demo().endpoint_id);
    let resumed = world.call(&format!("{endpoint}/resume"), &json!({})).await;
    assert_eq!(
        (resumed.status, &resumed.body["health"]["state"]),
        (200, &json!("ACTIVE"))
    );
    let recovered = world.call(&format!("{endpoint}/recover"), &json!({})).await;
    assert_eq!(
        (&recovered.body["matched"], &recovered.body["queued"]),
        (&json!(2), &json!(2))
    );
    let expected = kinds.map(|kind| format!("given-up {kind}"));
    assert_eq!(told(&world.arrived(2).await), expected);
    world.settled().await;
}

/// A health in which a lane is closing.
fn closing(request: &Value) -> String {
    let lanes: Vec<Value> = (0..DEFAULT_LANES)
        .map(|lane| json!({ "N": lane.to_string() }))
        .collect();
    let key = |name: &str| request["Key"][name].clone();
    json!({ "Item": {
        "clientId": key("clientId"),
        "endpointId": key("endpointId"),
        "version": { "N": "2" },
        "suspension": { "M": {
            "since": { "N": "1795166100000" },
            "reason": { "S": "FAILING" },
            "lanes": { "N": DEFAULT_LANES.to_string() },
            "draining": { "M": { "parking": { "L": [] }, "closing": { "L": lanes } } },
        } },
    } })
    .to_string()
}

#[tokio::test]
async fn a_delivery_parked_while_its_lane_closes_is_taken_back() {
    let was_parked = Arc::new(AtomicBool::new(false));
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (parked, heard) = (Arc::clone(&was_parked), Arc::clone(&asked));
    // Between the write that parks the first delivery and the second read, another function starts closing the lane.
    let interceptor = Interceptor::new(move |call| {
        let request: Value = serde_json::from_slice(&call.request).unwrap_or_default();
        let table = request["TableName"].as_str().unwrap_or_default();
        let operation = call.target.rsplit('.').next().unwrap_or_default();
        let is_item = ["PutItem", "DeleteItem"].contains(&operation);
        if call.moment == Moment::BeforeEffect && is_item && table.contains("Parked") {
            heard.lock().unwrap().push(operation.to_owned());
            parked.store(operation == "PutItem", Ordering::SeqCst);
        }
        let is_second_look = call.moment == Moment::BeforeEffect
            && operation == "GetItem"
            && table.contains("EndpointHealth")
            && heard.lock().unwrap().len() == 1
            && parked.swap(false, Ordering::SeqCst);
        is_second_look.then(|| Instead {
            status: StatusCode::OK,
            body: closing(&request),
        })
    });
    let world = World::with(Options {
        interceptor: Some(interceptor),
        ..Options::default()
    })
    .await;
    assert!(world.suspend(DEFAULT_LANES).await.unwrap());
    world.pushed(&event("late", "SHIPPED"), "ACCEPTED").await;
    world.settled().await;
    // Taken back, and parked again because the lane turned out to be still parking.
    assert_eq!(*asked.lock().unwrap(), ["PutItem", "DeleteItem", "PutItem"]);
    assert_eq!(world.parked().await, 1);
    assert!(world.a_minute_passes().await);
    assert_eq!(told(&world.arrived(1).await), ["late SHIPPED"]);
    assert!(world.is_active().await);
}

#[tokio::test]
async fn nothing_is_lost_if_the_resume_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(RESUME).await;
    let kinds = ["AWB_GENERATED", "PICKED_UP", "DELIVERED"];
    let mut moments = 0;
    loop {
        world.sink().clear();
        assert!(world.suspend(1).await.unwrap());
        let order = format!("killed-{moments}");
        for kind in kinds {
            world.pushed(&event(&order, kind), "ACCEPTED").await;
        }
        world.settled().await;

        killer.kill_at(vec![moments + 1]);
        let has_died = !world.a_minute_passes().await;

        killer.kill_at(Vec::new());
        while !world.is_active().await {
            world.leases_end().await;
            assert!(world.a_minute_passes().await);
        }

        assert_eq!(world.parked().await, 0);
        let mut told = told(&world.sink().received());
        told.dedup();
        let expected = kinds.map(|kind| format!("{order} {kind}"));
        assert_eq!(told, expected, "killed at moment {}", moments + 1);
        if !has_died {
            break;
        }
        moments += 1;
    }
    // The index, the lease, its release; for each of three the record, the payload, the record again, the parked item; and the
    // steps from probe to draining, closing and active, with their reads: before and after each.
    assert!(moments > 45, "there were only {moments} moments");
}
