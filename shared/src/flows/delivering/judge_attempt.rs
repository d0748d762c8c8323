//! What the result of an attempt means for the delivery and its endpoint.

use std::time::Duration;

use jiff::Timestamp;

use crate::delivery::policy::{self, Situation, Verdict};
use crate::destinations::Attempted;
use crate::domain::delivery::{Attempt, DeliveryRecord, instant};
use crate::domain::endpoint::{Disabled, DisabledReason, GiveUpAfter, WebhookEndpoint};
use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::queue::task::DeliveryTask;
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::{self, Metric};

/// Disables an endpoint that responded that it is gone. Returns whether its URL has changed, which this instance did
/// not know yet: then the endpoint stays enabled.
async fn disable_if_gone(
    dependencies: &AttemptDependencies,
    endpoint: Option<&WebhookEndpoint>,
    attempt: &Attempt,
) -> Result<bool, StoreFailure> {
    match endpoint.filter(|_| policy::is_gone(attempt.status)) {
        Some(endpoint) => Box::pin(disable(dependencies, endpoint, attempt)).await,
        None => Ok(false),
    }
}

async fn disable(
    dependencies: &AttemptDependencies,
    endpoint: &WebhookEndpoint,
    attempt: &Attempt,
) -> Result<bool, StoreFailure> {
    let disabled = Disabled {
        reason: DisabledReason::Gone,
        at: instant(attempt.at),
    };
    let AttemptDependencies {
        endpoints,
        versions,
        ..
    } = dependencies;
    if endpoints.disable(endpoint, disabled, versions).await? {
        metrics::count(Metric::EndpointsSuspended, 1);
        tracing::warn!(reason = %disabled.reason, "endpoint disabled");
        let event = OperatorEvent {
            about: About::Endpoint(endpoint.id.clone()),
            kind: OperatorEventKind::EndpointDisabled,
            reason: Some(disabled.reason.to_string()),
            at: disabled.at,
        };
        dependencies.tell(&endpoint.client_id, &event).await;
        return Ok(false);
    }
    let present = endpoints.present(&endpoint.client_id, &endpoint.id).await?;
    Ok(present.is_some_and(|present| present.enabled && present.url != endpoint.url))
}

/// Decides what happens to a delivery after an attempt.
pub(in crate::flows) async fn judge(
    dependencies: &AttemptDependencies,
    task: &DeliveryTask,
    record: &DeliveryRecord,
    endpoint: Option<&WebhookEndpoint>,
    attempted: &Attempted,
    now: Timestamp,
) -> Result<Verdict, StoreFailure> {
    let recovered_at = record.recovery.map(|recovery| recovery.at);
    let began = recovered_at.unwrap_or(task.accepted_at);
    let age = now.as_millisecond().saturating_sub(began);
    let status = attempted.attempt.status;
    let situation = Situation {
        end: attempted.attempt.end,
        status,
        retry_after: attempted.retry_after,
        failed: record.attempts_of_this_generation().saturating_add(1),
        refused: refusals(record, status),
        others_succeed: others_succeed(dependencies, task, record),
        moved: disable_if_gone(dependencies, endpoint, &attempted.attempt).await?,
        age: Duration::from_millis(u64::try_from(age).unwrap_or(0)),
        give_up_after: endpoint.map_or_else(GiveUpAfter::default, |known| known.give_up_after),
    };
    Ok(policy::decide(&situation, fastrand::f64()))
}

/// How many attempts in a row the endpoint refused, up to and including the one with `status`. A long record lacks its
/// middle, but keeps more of its end than is counted here.
fn refusals(record: &DeliveryRecord, status: Option<u16>) -> u32 {
    let since_recovery = usize::try_from(record.attempts_of_this_generation());
    let before = record
        .latest_first()
        .take(since_recovery.unwrap_or(usize::MAX))
        .map(|attempt| attempt.status);
    let refused = std::iter::once(status).chain(before);
    let refused = refused.take_while(|&status| policy::refuses(status));
    u32::try_from(refused.count()).unwrap_or(u32::MAX)
}

/// Whether the endpoint accepted another delivery since the previous attempt of this one.
fn others_succeed(
    dependencies: &AttemptDependencies,
    task: &DeliveryTask,
    record: &DeliveryRecord,
) -> bool {
    record.latest_first().next().is_some_and(|previous| {
        dependencies.successes.are_known_since(
            &task.client_id,
            &task.endpoint_id,
            instant(previous.at),
        )
    })
}
