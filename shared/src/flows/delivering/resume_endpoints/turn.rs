//! An instance's turn with a suspended endpoint: what it knows, and what it does next in the suspension's stage.

use std::sync::Arc;

use futures::lock::Mutex;
use jiff::Timestamp;
use tokio::time::{Instant, Interval};

use crate::delivery::policy::{LONGEST_RETRY_AFTER, Verdict};
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Stage, Suspension};
use crate::domain::slowness::is_slow;
use crate::flows::delivering::attempt_delivery::Outcome;
use crate::flows::delivering::resume_endpoints::ResumeDependencies;
use crate::flows::delivering::resume_endpoints::ResumeFailure;
use crate::store::delivering::health::Lease;
use crate::store::delivering::parked::{EndpointLane, OldestLanes, Parked};
use crate::store::failure::StoreFailure;

/// An instance's turn with an endpoint.
pub(super) struct Turn<'a> {
    pub(super) dependencies: &'a ResumeDependencies,
    pub(super) endpoint: &'a EndpointKey,
    pub(super) end: Instant,
    pub(super) lease: &'a Lease,
    pub(super) pace: Mutex<Interval>,
    pub(super) tally: std::sync::Mutex<Tally>,
}

/// The results of the endpoint's deliveries in this turn.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) taken: u32,
    pub(super) failed: u32,
    /// Whether an attempt took long.
    pub(super) slow: bool,
    /// The time until which the endpoint asked us to wait.
    pub(super) not_before: Option<Timestamp>,
}

impl Tally {
    pub(super) fn is_hopeless(self) -> bool {
        self.failed > 0 && self.taken == 0
    }
}

impl Turn<'_> {
    pub(super) async fn take(&self, now: Timestamp) -> Result<(), ResumeFailure> {
        let Some(suspension) = self.lease.health.suspension.clone() else {
            return Ok(());
        };
        let version = self.lease.health.version;
        match suspension.stage.clone() {
            Stage::Draining(draining) => self.drain(version, suspension, draining).await,
            Stage::Suspended if suspension.not_before > Some(now) => Ok(()),
            Stage::Suspended => self.probe(version, suspension, now).await,
        }
    }

    pub(super) fn note(&self, outcome: &Outcome) {
        let mut tally = self
            .tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match outcome.verdict {
            Verdict::Done => tally.taken += 1,
            Verdict::Retry(_) => tally.failed += 1,
            Verdict::GiveUp => {}
        }
        tally.slow |= is_slow(outcome.took);
        let asked = outcome
            .retry_after
            .map(|asked| outcome.at + asked.min(LONGEST_RETRY_AFTER));
        tally.not_before = tally.not_before.max(asked);
    }

    pub(super) fn reset_tally(&self) {
        *self
            .tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Tally::default();
    }

    pub(super) fn tally(&self) -> Tally {
        *self
            .tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) async fn first(&self, lane: u16, most: i32) -> Result<Vec<Parked>, StoreFailure> {
        let lane = EndpointLane {
            endpoint: self.endpoint.clone(),
            lane,
        };
        self.dependencies.parked.first(&lane, None, most).await
    }

    pub(super) async fn oldest_lanes(&self) -> Result<OldestLanes, StoreFailure> {
        let parked = &self.dependencies.parked;
        parked.oldest_lanes(self.endpoint).await
    }

    pub(super) async fn change(
        &self,
        version: u64,
        suspension: &Suspension,
    ) -> Result<bool, ResumeFailure> {
        let healths = &self.dependencies.attempting.healths;
        Ok(healths.change(self.endpoint, version, suspension).await?)
    }

    pub(super) async fn is_on(&self) -> Result<bool, StoreFailure> {
        Ok(self
            .configuration()
            .await?
            .is_some_and(|known| known.enabled))
    }

    /// The current configuration of the endpoint. A configuration that is read after a delivery was parked applies to
    /// it.
    pub(super) async fn configuration(&self) -> Result<Option<Arc<WebhookEndpoint>>, StoreFailure> {
        let EndpointKey {
            client_id,
            endpoint_id,
        } = self.endpoint;
        self.dependencies
            .attempting
            .endpoints
            .present(client_id, endpoint_id)
            .await
    }
}
