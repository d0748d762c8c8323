//! Probes a suspended endpoint with a parked delivery and decides whether to drain its backlog.

use futures::{StreamExt, stream};
use jiff::Timestamp;

use crate::domain::endpoint::{Disabled, DisabledReason};
use crate::domain::health::{Stage, Suspension};
use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};
use crate::flows::delivering::attempt_delivery::holds_an_attempt;
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::flows::delivering::resume_endpoints::LANES_AT_ONCE;
use crate::flows::delivering::resume_endpoints::ResumeFailure;
use crate::flows::delivering::resume_endpoints::fetch::Fetched;
use crate::flows::delivering::resume_endpoints::turn::{Tally, Turn};
use crate::store::delivering::parked::Parked;
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::{self, Metric};

impl Turn<'_> {
    /// Attempts a parked delivery. If it succeeds, or the endpoint is disabled, the backlog is drained.
    pub(super) async fn probe(
        &self,
        version: u64,
        suspension: Suspension,
        now: Timestamp,
    ) -> Result<(), ResumeFailure> {
        if self.is_on().await? {
            self.try_one(&suspension).await?;
        }
        let tally = self.tally();
        let is_lifted = tally.taken > 0 || self.is_to_be_given_up(&suspension, now).await?;
        if !is_lifted {
            return self.stay_suspended(version, suspension, tally).await;
        }
        let mut draining = suspension.draining();
        if tally.taken == 0 {
            // Its deliveries are given up, which needs no time.
            draining.held_until = None;
        }
        if !self.change(version, &draining).await? {
            return Ok(());
        }
        if tally.taken > 0 {
            self.tell(OperatorEventKind::EndpointResumed, None, draining.since)
                .await;
        } else {
            // The endpoint is disabled. The failure of the probe says nothing about the deliveries that are given up
            // now.
            self.reset_tally();
        }
        tracing::info!(
            delivered = tally.taken,
            "delivery of the endpoint's backlog started"
        );
        match draining.stage.clone() {
            Stage::Draining(lanes) => self.drain(version + 1, draining, lanes).await,
            Stage::Suspended => Ok(()),
        }
    }

    async fn tell(&self, kind: OperatorEventKind, reason: Option<String>, at: Timestamp) {
        let event = OperatorEvent {
            about: About::Endpoint(self.endpoint.endpoint_id.clone()),
            kind,
            reason,
            at,
        };
        let attempting = &self.dependencies.attempting;
        attempting.tell(&self.endpoint.client_id, &event).await;
    }

    /// Attempts the oldest delivery; the next probe uses the oldest of another lane, in case the first one never
    /// succeeds.
    async fn try_one(&self, suspension: &Suspension) -> Result<(), ResumeFailure> {
        let mut fetched = Fetched::Over;
        while fetched == Fetched::Over && holds_an_attempt(self.end) {
            let Some(head) = self.oldest_head(suspension.lanes).await? else {
                return Ok(());
            };
            let configured = self.configuration().await?;
            fetched = self.fetch(&head, configured.as_deref()).await?;
        }
        Ok(())
    }

    /// The first delivery of the lane whose turn it is to be probed.
    async fn oldest_head(&self, lanes: u16) -> Result<Option<Parked>, StoreFailure> {
        let oldest = self.oldest_lanes().await?;
        // Otherwise the next probe would have the same lane, although there are others.
        let has_others = oldest.is_all || oldest.lanes.len() > 1;
        if has_others
            && let Some(lane) = self.whose_turn_it_is(oldest.lanes)
            && let Some(head) = self.first(lane, 1).await?.pop()
        {
            return Ok(Some(head));
        }
        let mut heads = self.heads(lanes).await?;
        heads.sort_by_key(|head| head.delivery.accepted_at);
        Ok(self.whose_turn_it_is(heads))
    }

    fn whose_turn_it_is<T>(&self, mut candidates: Vec<T>) -> Option<T> {
        let turns = usize::try_from(self.lease.turns).unwrap_or_default();
        let index = turns.checked_rem(candidates.len())?;
        Some(candidates.swap_remove(index))
    }

    /// The first delivery of each non-empty lane.
    async fn heads(&self, lanes: u16) -> Result<Vec<Parked>, StoreFailure> {
        let heads: Vec<_> = stream::iter(0..lanes)
            .map(|lane| self.first(lane, 1))
            .buffer_unordered(LANES_AT_ONCE)
            .collect()
            .await;
        let heads: Vec<Vec<Parked>> = heads.into_iter().collect::<Result<_, _>>()?;
        Ok(heads.into_iter().flatten().collect())
    }

    /// Whether to give up the backlog; then the endpoint is disabled.
    async fn is_to_be_given_up(
        &self,
        suspension: &Suspension,
        now: Timestamp,
    ) -> Result<bool, ResumeFailure> {
        let Some(endpoint) = self.configuration().await?.filter(|known| known.enabled) else {
            return Ok(true);
        };
        if suspension.age(now) < endpoint.give_up_after.age() {
            return Ok(false);
        }
        let disabled = Disabled {
            reason: DisabledReason::Failing,
            at: now,
        };
        let AttemptDependencies {
            endpoints,
            versions,
            ..
        } = &self.dependencies.attempting;
        let is_off = endpoints.disable(&endpoint, disabled, versions).await?;
        if is_off {
            metrics::count(Metric::EndpointsSuspended, 1);
            tracing::warn!(reason = %disabled.reason, "endpoint disabled");
            let reason = Some(disabled.reason.to_string());
            self.tell(OperatorEventKind::EndpointDisabled, reason, now)
                .await;
        }
        Ok(is_off)
    }

    /// Records until when the endpoint wants no probe, if that is later than the next one.
    async fn stay_suspended(
        &self,
        version: u64,
        suspension: Suspension,
        tally: Tally,
    ) -> Result<(), ResumeFailure> {
        if tally.not_before == suspension.not_before || tally.not_before.is_none() {
            return Ok(());
        }
        let suspension = Suspension {
            not_before: tally.not_before,
            ..suspension
        };
        self.change(version, &suspension).await.map(|_| ())
    }
}
