//! Lifts suspensions: probes each suspended endpoint with a parked delivery, and drains the backlog of one that takes it.
//!
//! One instance at a time works on an endpoint, under a lease. What arrives meanwhile is parked behind what is there.
//! A lane in which nothing is left is closed first, so that nothing may be parked in it; if it is empty then, it is
//! open. An endpoint that was switched off is drained the same way: each of its deliveries is given up.

mod drain;
mod fetch;
mod probe;
mod turn;

use std::time::Duration;

use futures::lock::Mutex;
use futures::{StreamExt, stream};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tracing::{Instrument, info_span};
use uuid::Uuid;

use crate::clock;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::text::RequestId;
use crate::flows::delivering::attempt_delivery::holds_an_attempt;
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::flows::delivering::resume_endpoints::turn::Turn;
use crate::flows::delivering::traced::span_of_endpoint;
use crate::queue::sender::Sender;
use crate::store::delivering::parked::ParkedDeliveries;
use crate::store::failure::StoreFailure;

/// So many endpoints are worked on side by side. A probe may take 15 s, and there is a minute until the next.
const ENDPOINTS_AT_ONCE: usize = 200;
/// So many lanes of an endpoint are drained side by side: half of what it is used to.
const LANES_AT_ONCE: usize = 16;
/// From one delivery to the next of an endpoint that is drained: 200 a second at most, so that it is not thrown down
/// again by what waited for it.
const PACE: Duration = Duration::from_millis(5);
/// So many deliveries of a lane are read at once.
const PAGE: i32 = 25;
/// A lease lasts as long as its holder can live, and so much longer.
const AFTER_THE_END: Duration = Duration::from_secs(10);

/// What resuming needs.
#[derive(Debug)]
pub struct ResumeDependencies {
    /// What an attempt takes.
    pub attempting: AttemptDependencies,
    /// Where deliveries wait.
    pub parked: ParkedDeliveries,
    /// Where deliveries go that crash the function.
    pub dead_letters: Sender,
}

/// Why one endpoint's turn ended early. The next turn goes on from there.
#[derive(Debug, thiserror::Error)]
enum ResumeFailure {
    /// Our own state cannot be read or written.
    #[error("the store failed")]
    Store(#[from] StoreFailure),
    /// A delivery that crashes the function did not reach the dead-letter queue: it stays parked.
    #[error("the delivery was not sent to the dead-letter queue")]
    NotBuried(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Works on every suspended endpoint, for as long as the time until `end` allows.
pub async fn resume_endpoints(
    dependencies: &ResumeDependencies,
    end: Instant,
) -> Result<(), StoreFailure> {
    let run = info_span!("run", request_id = %RequestId::from(Uuid::now_v7()));
    resume_all(dependencies, end).instrument(run).await
}

async fn resume_all(dependencies: &ResumeDependencies, end: Instant) -> Result<(), StoreFailure> {
    let mut suspended = dependencies.attempting.healths.suspended().await?;
    // Where there are too many for one round, each gets its turn.
    fastrand::shuffle(&mut suspended);
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

fn pace() -> Interval {
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
