//! Updates the health of endpoints after attempts, and suspends endpoints that keep failing.

use jiff::Timestamp;

use crate::domain::delivery::AttemptEnd;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::Health;
use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::flows::delivering::attempt_delivery::Outcome;
use crate::flows::delivering::batch_endpoints::{BatchEndpoints, Seen};
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::queue::backlog::Backlog;
use crate::store::delivering::health::EndpointHealths;
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::{self, Metric};

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

/// Updates an endpoint's health after an attempt. Only changes are written. `is_hang`: it is already counted as a hang.
pub(in crate::flows) async fn mind(
    dependencies: &AttemptDependencies,
    batch: &BatchEndpoints<'_>,
    backlog: &Backlog,
    endpoint: &EndpointKey,
    outcome: &Outcome,
    is_hang: bool,
) -> Result<(), StoreFailure> {
    let Seen { health, .. } = batch.of(endpoint).await?;
    let healths = &dependencies.healths;
    match (is_taking(outcome.end), health.failing_since) {
        (None, _) => return Ok(()),
        (Some(true), None) if health.hangs == 0 => return Ok(()),
        (Some(true), _) => {
            return Box::pin(take(healths, batch, endpoint, health)).await;
        }
        (Some(false), _) if is_hang => {}
        (Some(false), None) => {
            Box::pin(healths.fails(endpoint, outcome.at)).await?;
            let failing_since = Some(outcome.at);
            let learned = Health {
                failing_since,
                ..health
            };
            batch.learn(endpoint, learned).await;
            return Ok(());
        }
        (Some(false), Some(_)) => {}
    }
    let waiting = if health.may_have_a_backlog(outcome.at) {
        Box::pin(backlog.waiting()).await
    } else {
        None
    };
    Box::pin(suspend_if_due(
        dependencies,
        batch,
        endpoint,
        outcome.at,
        waiting,
    ))
    .await
}

/// Records that an attempt hangs.
pub(in crate::flows) async fn hang(
    dependencies: &AttemptDependencies,
    batch: &BatchEndpoints<'_>,
    endpoint: &EndpointKey,
    now: Timestamp,
) -> Result<(), StoreFailure> {
    let health = dependencies.healths.hangs(endpoint, now).await?;
    batch.learn(endpoint, health).await;
    suspend_if_due(dependencies, batch, endpoint, now, None).await
}

async fn suspend_if_due(
    dependencies: &AttemptDependencies,
    batch: &BatchEndpoints<'_>,
    endpoint: &EndpointKey,
    now: Timestamp,
    waiting: Option<u64>,
) -> Result<(), StoreFailure> {
    let Seen { configured, health } = batch.of(endpoint).await?;
    let Some(reason) = health.reason_to_suspend(now, waiting) else {
        return Ok(());
    };
    let Some(configured) = configured else {
        return Ok(());
    };
    let suspension = health.suspension(now, reason, configured.lanes);
    let suspended = dependencies
        .healths
        .suspend(endpoint, &health, &suspension)
        .await?;
    if suspended {
        metrics::count(Metric::EndpointsSuspended, 1);
        tracing::warn!(%reason, "endpoint suspended");
        let event = OperatorEvent {
            about: About::Endpoint(endpoint.endpoint_id.clone()),
            kind: OperatorEventKind::EndpointSuspended,
            reason: Some(reason.to_string()),
            at: suspension.since,
        };
        dependencies.tell(&endpoint.client_id, &event).await;
    }
    batch.read_health_again(endpoint).await?;
    Ok(())
}

/// Records that an endpoint with a record of failures accepted a delivery.
async fn take(
    healths: &EndpointHealths,
    batch: &BatchEndpoints<'_>,
    endpoint: &EndpointKey,
    health: Health,
) -> Result<(), StoreFailure> {
    if let Some(since) = health.failing_since {
        healths.takes(endpoint, since).await?;
    }
    if health.hangs > 0 {
        healths.eases(endpoint).await?;
    }
    let learned = Health {
        failing_since: None,
        hangs: health.hangs.saturating_sub(1),
        ..health
    };
    batch.learn(endpoint, learned).await;
    Ok(())
}
