//! Ends suspensions: probes each suspended endpoint with a parked delivery, and drains the backlog if it succeeds.
//!
//! One instance at a time works on an endpoint, under a lease. Deliveries that arrive in the meantime are parked behind
//! the others. An empty lane is closed first, so that nothing more is parked in it; if it is still empty then, it is
//! opened. A disabled endpoint is drained in the same way: each of its deliveries is given up.

mod drain;
mod fetch;
mod probe;
mod turn;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::lock::Mutex;
use futures::{StreamExt, stream};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tracing::{Instrument, info_span};
use uuid::Uuid;

use crate::clock;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::text::{ClientId, RequestId};
use crate::flows::delivering::attempt_delivery::holds_an_attempt;
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::flows::delivering::resume_endpoints::turn::Turn;
use crate::flows::delivering::traced::span_of_endpoint;
use crate::queue::sender::Sender;
use crate::store::delivering::parked::ParkedDeliveries;
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::{self, Metric, measured};

/// Maximum endpoints processed concurrently. A probe may take 15 s, and the next run starts after a minute.
const ENDPOINTS_AT_ONCE: usize = 200;
/// Maximum lanes of an endpoint drained concurrently: half of the normal concurrency.
const LANES_AT_ONCE: usize = 16;
/// Time between two deliveries to an endpoint that is drained: at most 200 per second, so that its backlog does not
/// overload it again.
const PACE: Duration = Duration::from_millis(5);
/// Time between two looks at the lanes of an endpoint that is slow: new deliveries do not wait for the next run.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Number of deliveries of a lane per read.
const PAGE: i32 = 25;
/// A lease lasts this much longer than its holder can run.
const AFTER_THE_END: Duration = Duration::from_secs(10);

/// The dependencies of resuming.
#[derive(Debug)]
pub struct ResumeDependencies {
    /// The dependencies of an attempt.
    pub attempting: AttemptDependencies,
    /// The parked deliveries.
    pub parked: ParkedDeliveries,
    /// The dead-letter queue, for deliveries that crash the function.
    pub dead_letters: Sender,
}

/// Why the turn of an endpoint ended early. The next turn continues from there.
#[derive(Debug, thiserror::Error)]
enum ResumeFailure {
    /// Storage failed.
    #[error("storage failed")]
    Store(#[from] StoreFailure),
    /// A delivery that crashes the function could not be sent to the dead-letter queue: it stays parked.
    #[error("the delivery was not sent to the dead-letter queue")]
    NotBuried(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Processes all suspended endpoints until `end`.
pub async fn resume_endpoints(
    dependencies: &ResumeDependencies,
    end: Instant,
) -> Result<(), StoreFailure> {
    let run = info_span!("run", request_id = %RequestId::from(Uuid::now_v7()));
    measured(Box::pin(resume_all(dependencies, end).instrument(run))).await
}

async fn resume_all(dependencies: &ResumeDependencies, end: Instant) -> Result<(), StoreFailure> {
    let mut suspended = dependencies.attempting.healths.suspended().await?;
    metrics::count(
        Metric::SuspendedEndpoints,
        u64::try_from(suspended.len()).unwrap_or(u64::MAX),
    );
    // If there are too many for one run, each gets its turn over several runs.
    fastrand::shuffle(&mut suspended);
    let suspended = by_turns(suspended);
    stream::iter(suspended)
        .for_each_concurrent(ENDPOINTS_AT_ONCE, async |endpoint| {
            let resuming = async {
                if let Err(failure) = resume(dependencies, &endpoint, end).await {
                    let error = crate::telemetry::chain(&failure);
                    tracing::error!(error, "suspended endpoint left until the next run");
                }
            };
            resuming.instrument(span_of_endpoint(&endpoint)).await;
        })
        .await;
    Ok(())
}

async fn resume(
    dependencies: &ResumeDependencies,
    endpoint: &EndpointKey,
    end: Instant,
) -> Result<(), ResumeFailure> {
    if !holds_an_attempt(end) {
        return Ok(());
    }
    let now = clock::now();
    let until = now + end.saturating_duration_since(Instant::now()) + AFTER_THE_END;
    let healths = &dependencies.attempting.healths;
    let Some(lease) = healths.lease(endpoint, now, until).await? else {
        return Ok(());
    };
    let turn = Turn {
        dependencies,
        endpoint,
        end,
        lease: &lease,
        pace: Mutex::new(pace()),
        tally: std::sync::Mutex::default(),
    };
    let taken = turn.take(now).await;
    healths.release(endpoint, &lease).await?;
    taken
}

/// One endpoint of each client, then the second one of each, so that one client's endpoints do not hold up another's.
fn by_turns(endpoints: Vec<EndpointKey>) -> Vec<EndpointKey> {
    let mut rounds: BTreeMap<ClientId, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, EndpointKey)> = endpoints
        .into_iter()
        .map(|endpoint| {
            let round = rounds.entry(endpoint.client_id.clone()).or_default();
            *round += 1;
            (*round, endpoint)
        })
        .collect();
    ranked.sort_by_key(|(round, _)| *round);
    ranked.into_iter().map(|(_, endpoint)| endpoint).collect()
}

fn pace() -> Interval {
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_with_many_suspended_endpoints_gets_one_turn_at_a_time() {
        let key = |name: &str| {
            let (client, endpoint) = name.split_once('/').unwrap();
            EndpointKey {
                client_id: client.parse().unwrap(),
                endpoint_id: endpoint.parse().unwrap(),
            }
        };
        let suspended = ["many/1", "many/2", "many/3", "one/1", "two/1", "two/2"].map(key);
        let turns = by_turns(suspended.to_vec());
        let expected = ["many/1", "one/1", "two/1", "many/2", "two/2", "many/3"].map(key);
        assert_eq!(turns, expected);
    }
}
