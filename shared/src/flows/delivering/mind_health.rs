//! Updates the health of endpoints after attempts, and suspends endpoints that keep failing.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use futures::lock::Mutex;

use crate::domain::delivery::AttemptEnd;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Health, Suspension};
use crate::flows::delivering::attempt_delivery::Outcome;
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::queue::backlog::Backlog;
use crate::store::delivering::health::EndpointHealths;
use crate::store::failure::StoreFailure;

/// The health of a batch's endpoints: each is read once, when the first of its lanes needs it.
#[derive(Debug)]
pub struct BatchHealths<'a> {
    table: &'a EndpointHealths,
    known: std::sync::Mutex<HashMap<EndpointKey, Known>>,
}

type Known = Arc<Mutex<Option<Health>>>;

impl<'a> BatchHealths<'a> {
    /// The healths for a new batch.
    pub fn new(table: &'a EndpointHealths) -> Self {
        Self {
            table,
            known: std::sync::Mutex::default(),
        }
    }

    /// The health of an endpoint, as cached for the batch.
    pub(in crate::flows) async fn of(
        &self,
        endpoint: &EndpointKey,
    ) -> Result<Health, StoreFailure> {
        let known = self.known(endpoint);
        let mut known = known.lock().await;
        if let Some(health) = &*known {
            return Ok(health.clone());
        }
        let health = self.table.read(endpoint).await?;
        *known = Some(health.clone());
        Ok(health)
    }

    /// Reads the current health of an endpoint.
    pub(in crate::flows) async fn read_again(
        &self,
        endpoint: &EndpointKey,
    ) -> Result<Health, StoreFailure> {
        let health = self.table.read(endpoint).await?;
        *self.known(endpoint).lock().await = Some(health.clone());
        Ok(health)
    }

    fn known(&self, endpoint: &EndpointKey) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(endpoint.clone()).or_default().clone()
    }

    async fn learn(&self, endpoint: &EndpointKey, health: Health) {
        *self.known(endpoint).lock().await = Some(health);
    }
}

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
    healths: &BatchHealths<'_>,
    backlog: &Backlog,
    endpoint: &EndpointKey,
    outcome: &Outcome,
) -> Result<(), StoreFailure> {
    let health = healths.of(endpoint).await?;
    let failing_since = match (is_taking(outcome.end), health.failing_since) {
        (Some(true), Some(since)) => {
            dependencies.healths.takes(endpoint, since).await?;
            None
        }
        (Some(false), None) => {
            dependencies.healths.fails(endpoint, outcome.at).await?;
            Some(outcome.at)
        }
        (Some(false), Some(_)) => {
            return suspend(dependencies, healths, backlog, endpoint, &health, outcome).await;
        }
        (Some(true), None) | (None, _) => return Ok(()),
    };
    let learned = Health {
        failing_since,
        ..health
    };
    healths.learn(endpoint, learned).await;
    Ok(())
}

/// Suspends an endpoint that failed again, if it is due.
async fn suspend(
    dependencies: &AttemptDependencies,
    healths: &BatchHealths<'_>,
    backlog: &Backlog,
    endpoint: &EndpointKey,
    health: &Health,
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
    let EndpointKey {
        client_id,
        endpoint_id,
    } = endpoint;
    let Some(known) = dependencies.endpoints.find(client_id, endpoint_id).await? else {
        return Ok(());
    };
    let suspension = Suspension::new(outcome.at, reason, known.lanes);
    if dependencies
        .healths
        .suspend(endpoint, health, &suspension)
        .await?
    {
        tracing::warn!(%reason, "endpoint suspended");
    }
    healths.read_again(endpoint).await?;
    Ok(())
}
