//! Updates the health of endpoints after attempts, and suspends endpoints that keep failing.

use crate::domain::delivery::AttemptEnd;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Health, Suspension};
use crate::flows::delivering::attempt_delivery::Outcome;
use crate::flows::delivering::batch_endpoints::{BatchEndpoints, Seen};
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::queue::backlog::Backlog;
use crate::store::failure::StoreFailure;

/// Whether the endpoint accepted the attempt; `None` if nothing was sent on purpose.
fn is_taking(end: AttemptEnd) -> Option<bool> {
    match end {
        AttemptEnd::Accepted => Some(true),
        AttemptEnd::Rejected
        | AttemptEnd::NoConnection
        | AttemptEnd::NoAnswer
        | AttemptEnd::ForbiddenTarget
        | AttemptEnd::NotSigned => Some(false),
        AttemptEnd::Disabled | AttemptEnd::Removed | AttemptEnd::Expired => None,
    }
}

/// Updates an endpoint's health after an attempt. Only changes are written.
pub(in crate::flows) async fn mind(
    dependencies: &AttemptDependencies,
    batch: &BatchEndpoints<'_>,
    backlog: &Backlog,
    endpoint: &EndpointKey,
    outcome: &Outcome,
) -> Result<(), StoreFailure> {
    let seen = batch.of(endpoint).await?;
    let failing_since = match (is_taking(outcome.end), seen.health.failing_since) {
        (Some(true), Some(since)) => {
            dependencies.healths.takes(endpoint, since).await?;
            None
        }
        (Some(false), None) => {
            dependencies.healths.fails(endpoint, outcome.at).await?;
            Some(outcome.at)
        }
        (Some(false), Some(_)) => {
            return suspend(dependencies, batch, backlog, endpoint, &seen, outcome).await;
        }
        (Some(true), None) | (None, _) => return Ok(()),
    };
    let learned = Health {
        failing_since,
        ..seen.health
    };
    batch.learn(endpoint, learned).await;
    Ok(())
}

/// Suspends an endpoint that failed again, if it is due.
async fn suspend(
    dependencies: &AttemptDependencies,
    batch: &BatchEndpoints<'_>,
    backlog: &Backlog,
    endpoint: &EndpointKey,
    Seen { configured, health }: &Seen,
    outcome: &Outcome,
) -> Result<(), StoreFailure> {
    let waiting = if health.may_have_a_backlog(outcome.at) {
        backlog.waiting().await
    } else {
        None
    };
    let Some(reason) = health.reason_to_suspend(outcome.at, waiting) else {
        return Ok(());
    };
    let Some(configured) = configured else {
        return Ok(());
    };
    let suspension = Suspension::new(outcome.at, reason, configured.lanes);
    if dependencies
        .healths
        .suspend(endpoint, health, &suspension)
        .await?
    {
        tracing::warn!(%reason, "endpoint suspended");
    }
    batch.read_health_again(endpoint).await?;
    Ok(())
}
