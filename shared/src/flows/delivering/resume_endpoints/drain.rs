//! Delivers the backlog of an endpoint that has recovered, and opens its empty lanes.

use std::collections::BTreeSet;

use futures::{StreamExt, stream};
use tokio::time::sleep;

use crate::clock;
use crate::domain::health::{Draining, Stage, Suspension};
use crate::domain::slowness::held_again;
use crate::flows::delivering::attempt_delivery::holds_an_attempt;
use crate::flows::delivering::resume_endpoints::ResumeFailure;
use crate::flows::delivering::resume_endpoints::fetch::Fetched;
use crate::flows::delivering::resume_endpoints::turn::Turn;
use crate::flows::delivering::resume_endpoints::{LANES_AT_ONCE, LOOK_AGAIN, PAGE};

impl Turn<'_> {
    /// Delivers what is parked: lanes in parallel, each in order.
    pub(super) async fn drain(
        &self,
        version: u64,
        suspension: Suspension,
        draining: Draining,
    ) -> Result<(), ResumeFailure> {
        let drained = self.drain_lanes(&suspension, &draining).await;
        let tally = self.tally();
        if tally.taken > 0
            && let Some(since) = self.lease.health.failing_since
        {
            self.dependencies
                .attempting
                .healths
                .takes(self.endpoint, since)
                .await?;
        }
        if tally.is_hopeless() {
            let again = suspension.suspended_again(clock::now(), tally.not_before);
            return self.change(version, &again).await.map(|_| ());
        }
        let empty = drained?;
        let now = clock::now();
        if tally.slow {
            let held_until = Some(held_again(now)).max(suspension.held_until);
            let held = Suspension {
                held_until,
                ..suspension
            };
            return self.change(version, &held).await.map(|_| ());
        }
        if suspension.is_held(now) {
            return Ok(());
        }
        self.close(version, suspension, draining.closing(&empty))
            .await
    }

    /// Delivers what is parked. While the endpoint is slow, what is parked meanwhile, too. Returns the lanes that were
    /// found empty.
    async fn drain_lanes(
        &self,
        suspension: &Suspension,
        draining: &Draining,
    ) -> Result<BTreeSet<u16>, ResumeFailure> {
        let mut empty = self.drain_once(draining.parking.clone()).await?;
        loop {
            let tally = self.tally();
            let is_slow = tally.slow || suspension.is_held(clock::now());
            if empty.is_empty() || !is_slow || tally.is_hopeless() || !holds_an_attempt(self.end) {
                return Ok(empty);
            }
            sleep(LOOK_AGAIN).await;
            let again = self.used_again(&empty).await?;
            empty.retain(|lane| !again.contains(lane));
            empty.extend(self.drain_once(again).await?);
        }
    }

    /// Those of these empty lanes in which deliveries may have been parked since.
    async fn used_again(&self, empty: &BTreeSet<u16>) -> Result<BTreeSet<u16>, ResumeFailure> {
        let oldest = self.oldest_lanes().await?;
        if !oldest.is_all {
            return Ok(empty.clone());
        }
        let used = oldest.lanes.into_iter();
        Ok(used.filter(|lane| empty.contains(lane)).collect())
    }

    /// Delivers what is parked in these lanes: lanes in parallel, each in order. Returns the empty ones.
    async fn drain_once(&self, lanes: BTreeSet<u16>) -> Result<BTreeSet<u16>, ResumeFailure> {
        let mut lanes: Vec<u16> = lanes.into_iter().collect();
        fastrand::shuffle(&mut lanes);
        let side_by_side = if self.lease.was_left {
            1
        } else {
            LANES_AT_ONCE
        };
        let drained: Vec<_> = stream::iter(lanes)
            .map(async |lane| Ok::<_, ResumeFailure>((lane, self.drain_lane(lane).await?)))
            .buffer_unordered(side_by_side)
            .collect()
            .await;
        let drained: Vec<(u16, bool)> = drained.into_iter().collect::<Result<_, _>>()?;
        let empty = drained.into_iter().filter(|(_, is_empty)| *is_empty);
        Ok(empty.map(|(lane, _)| lane).collect())
    }

    /// Delivers what is parked in a lane until it is empty, a delivery fails or the time is over. Returns whether the
    /// lane is empty.
    async fn drain_lane(&self, lane: u16) -> Result<bool, ResumeFailure> {
        loop {
            let page = self.first(lane, PAGE).await?;
            if page.is_empty() {
                return Ok(true);
            }
            // Read after the page: its deliveries were accepted for this configuration or an earlier one.
            let configured = self.configuration().await?;
            for parked in page {
                if !holds_an_attempt(self.end) || self.tally().is_hopeless() {
                    return Ok(false);
                }
                self.pace.lock().await.tick().await;
                match self.fetch(&parked, configured.as_deref()).await? {
                    Fetched::Taken | Fetched::GivenUp | Fetched::Over => {}
                    Fetched::Gone => break,
                    Fetched::Failed => return Ok(false),
                }
            }
        }
    }

    /// Opens the closing lanes that are still empty. Nothing is being parked in them now.
    async fn close(
        &self,
        version: u64,
        suspension: Suspension,
        draining: Draining,
    ) -> Result<(), ResumeFailure> {
        if draining.closing.is_empty() {
            return Ok(());
        }
        let of = |draining: Draining| Suspension {
            stage: Stage::Draining(draining),
            ..suspension.clone()
        };
        if !self.change(version, &of(draining.clone())).await? {
            return Ok(());
        }
        let mut left = BTreeSet::new();
        for lane in &draining.closing {
            if !self.first(*lane, 1).await?.is_empty() {
                left.insert(*lane);
            }
        }
        let closed = draining.closed(&left);
        if !closed.is_over() {
            return self.change(version + 1, &of(closed)).await.map(|_| ());
        }
        if self
            .dependencies
            .attempting
            .healths
            .end(self.endpoint, version + 1)
            .await?
        {
            tracing::info!("suspension of the endpoint ended");
        }
        Ok(())
    }
}
