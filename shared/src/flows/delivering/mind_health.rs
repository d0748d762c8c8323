//! Keeps the health of endpoints by the ends of attempts at them, and suspends those that take nothing.

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

/// What a batch knows of the health of its endpoints: each is read once, by whichever of its lanes needs it first.
#[derive(Debug)]
pub struct BatchHealths<'a> {
    table: &'a EndpointHealths,
    known: std::sync::Mutex<HashMap<EndpointKey, Known>>,
}

type Known = Arc<Mutex<Option<Health>>>;

impl<'a> BatchHealths<'a> {
    /// Of a batch that begins.
    pub fn new(table: &'a EndpointHealths) -> Self {
        Self {
            table,
            known: std::sync::Mutex::default(),
        }
    }

    /// An endpoint's health, as the batch knows it.
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

    /// An endpoint's health, as it is now.
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

/// What the end of an attempt says of its endpoint; nothing where nothing was sent because nothing should be.
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

/// Keeps an endpoint's health up after an attempt. Only what changes is written.
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

/// Suspends an endpoint that failed again, if it is time.
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
