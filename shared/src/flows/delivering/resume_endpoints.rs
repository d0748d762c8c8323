//! Lifts suspensions: probes each suspended endpoint with a parked delivery, and drains the backlog of one that takes it.
//!
//! One instance at a time works on an endpoint, under a lease. What arrives meanwhile is parked behind what is there.
//! A lane in which nothing is left is closed first, so that nobody may park in it; if it is empty then, it is open.
//! An endpoint that was switched off is drained the same way: each of its deliveries is given up.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::lock::Mutex;
use futures::{StreamExt, stream};
use jiff::Timestamp;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tracing::{Instrument, info_span};
use uuid::Uuid;

use crate::clock;
use crate::delivery::policy::{LONGEST_RETRY_AFTER, Verdict};
use crate::domain::endpoint::{Disabled, DisabledReason, WebhookEndpoint};
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Draining, Stage, Suspension};
use crate::domain::text::RequestId;
use crate::flows::delivering::attempt_delivery::{
    AttemptDependencies, Begun, Outcome, attempt_delivery, begin, holds_an_attempt, is_over,
    new_record, record_of,
};
use crate::flows::delivering::traced::{span_of, span_of_endpoint};
use crate::queue::dead_letter::DeadLetter;
use crate::queue::sender::Sender;
use crate::queue::task::{DeliveryTask, RecordKey, Task};
use crate::store::delivering::health::Lease;
use crate::store::delivering::parked::{EndpointLane, Parked, ParkedDeliveries};
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
    pub dispatch: AttemptDependencies,
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
    resumer: &ResumeDependencies,
    end: Instant,
) -> Result<(), StoreFailure> {
    let run = info_span!("run", request_id = %RequestId::from(Uuid::now_v7()));
    resume_all(resumer, end).instrument(run).await
}

async fn resume_all(resumer: &ResumeDependencies, end: Instant) -> Result<(), StoreFailure> {
    let mut suspended = resumer.dispatch.healths.suspended().await?;
    // Where there are too many for one round, each gets its turn.
    fastrand::shuffle(&mut suspended);
    stream::iter(suspended)
        .for_each_concurrent(ENDPOINTS_AT_ONCE, async |endpoint| {
            let resuming = async {
                if let Err(failure) = resume(resumer, &endpoint, end).await {
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
    resumer: &ResumeDependencies,
    endpoint: &EndpointKey,
    end: Instant,
) -> Result<(), ResumeFailure> {
    if !holds_an_attempt(end) {
        return Ok(());
    }
    let now = clock::now();
    let until = now + end.saturating_duration_since(Instant::now()) + AFTER_THE_END;
    let healths = &resumer.dispatch.healths;
    let Some(lease) = healths.lease(endpoint, now, until).await? else {
        return Ok(());
    };
    let turn = Turn {
        resumer,
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

/// One instance's turn with one endpoint.
struct Turn<'a> {
    resumer: &'a ResumeDependencies,
    endpoint: &'a EndpointKey,
    end: Instant,
    lease: &'a Lease,
    pace: Mutex<Interval>,
    tally: std::sync::Mutex<Tally>,
}

/// What the endpoint did with what it was given.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    taken: u32,
    failed: u32,
    /// Until when it asked to be left alone.
    not_before: Option<Timestamp>,
}

impl Tally {
    fn is_hopeless(self) -> bool {
        self.failed > 0 && self.taken == 0
    }
}

/// What became of a parked delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fetched {
    /// The endpoint took it.
    Taken,
    /// It failed and stays.
    Failed,
    /// It was given up.
    GivenUp,
    /// There was nothing left to do for it.
    Over,
}

impl Turn<'_> {
    async fn take(&self, now: Timestamp) -> Result<(), ResumeFailure> {
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

    /// Tries one parked delivery; if the endpoint takes it, or is switched off, the backlog is drained.
    async fn probe(
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
        let draining = suspension.draining();
        if !self.change(version, &draining).await? {
            return Ok(());
        }
        if tally.taken == 0 {
            // It is switched off. What the probe failed with says nothing of what is given up now.
            self.begin_anew();
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

    /// Tries the oldest delivery, and next time the oldest of another lane: the first may be one that is never taken.
    async fn try_one(&self, suspension: &Suspension) -> Result<(), ResumeFailure> {
        let mut fetched = Fetched::Over;
        while fetched == Fetched::Over && holds_an_attempt(self.end) {
            let mut heads = self.heads(suspension.lanes).await?;
            heads.sort_by_key(|head| head.delivery.accepted_at);
            let turns = usize::try_from(self.lease.turns).unwrap_or_default();
            let Some(index) = turns.checked_rem(heads.len()) else {
                return Ok(());
            };
            fetched = self.fetch(&heads.swap_remove(index)).await?;
        }
        Ok(())
    }

    /// The first delivery of each lane that has one.
    async fn heads(&self, lanes: u16) -> Result<Vec<Parked>, StoreFailure> {
        let heads: Vec<_> = stream::iter(0..lanes)
            .map(|lane| self.first(lane, 1))
            .buffer_unordered(LANES_AT_ONCE)
            .collect()
            .await;
        let heads: Vec<Vec<Parked>> = heads.into_iter().collect::<Result<_, _>>()?;
        Ok(heads.into_iter().flatten().collect())
    }

    /// Whether what waits is to be given up: then the endpoint is switched off.
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
        let is_off = self
            .resumer
            .dispatch
            .endpoints
            .disable(&endpoint, disabled)
            .await?;
        if is_off {
            tracing::warn!(reason = %disabled.reason, "endpoint disabled");
        }
        Ok(is_off)
    }

    /// Notes until when the endpoint wants no probe, if it asked for more than there is between two.
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

    /// Delivers what is parked, lanes side by side, each in its order.
    async fn drain(
        &self,
        version: u64,
        suspension: Suspension,
        draining: Draining,
    ) -> Result<(), ResumeFailure> {
        let mut lanes: Vec<u16> = draining.parking.iter().copied().collect();
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
        let tally = self.tally();
        if tally.taken > 0
            && let Some(since) = self.lease.health.failing_since
        {
            self.resumer
                .dispatch
                .healths
                .takes(self.endpoint, since)
                .await?;
        }
        if tally.is_hopeless() {
            let again = suspension.suspended_again(clock::now(), tally.not_before);
            return self.change(version, &again).await.map(|_| ());
        }
        let drained: Vec<(u16, bool)> = drained.into_iter().collect::<Result<_, _>>()?;
        let empty = drained.into_iter().filter(|(_, is_empty)| *is_empty);
        let empty: BTreeSet<u16> = empty.map(|(lane, _)| lane).collect();
        self.close(version, suspension, draining.closing(&empty))
            .await
    }

    /// Delivers what is parked in a lane, until nothing is left, or something fails, or the time is over. Tells whether
    /// nothing is left.
    async fn drain_lane(&self, lane: u16) -> Result<bool, ResumeFailure> {
        loop {
            let page = self.first(lane, PAGE).await?;
            if page.is_empty() {
                return Ok(true);
            }
            for parked in page {
                if !holds_an_attempt(self.end) || self.tally().is_hopeless() {
                    return Ok(false);
                }
                self.pace.lock().await.tick().await;
                if self.fetch(&parked).await? == Fetched::Failed {
                    return Ok(false);
                }
            }
        }
    }

    /// Opens the lanes that are closing, if they are empty still. Now nobody parks in them.
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
            .resumer
            .dispatch
            .healths
            .end(self.endpoint, version + 1)
            .await?
        {
            tracing::info!("endpoint's suspension ended");
        }
        Ok(())
    }

    /// Attempts a parked delivery, and removes it unless it has to stay.
    async fn fetch(&self, parked: &Parked) -> Result<Fetched, ResumeFailure> {
        let task = self.task(parked);
        let span = span_of(&task);
        self.deliver(parked, task).instrument(span).await
    }

    async fn deliver(&self, parked: &Parked, task: DeliveryTask) -> Result<Fetched, ResumeFailure> {
        let dispatch = &self.resumer.dispatch;
        let record = dispatch.deliveries.get(&parked.delivery.record()).await?;
        let record = record.unwrap_or_else(|| new_record(dispatch, &task));
        if is_over(&record, &task) {
            return self.remove(parked, Fetched::Over).await;
        }
        let record = if self.lease.was_left {
            match begin(dispatch, &record_of(&task), record).await? {
                Begun::Marked(record) => record,
                Begun::Taken => return Ok(Fetched::Failed),
                Begun::Crashes => return self.bury(parked, task).await,
            }
        } else {
            record
        };
        let outcome = attempt_delivery(dispatch, &task, record).await?;
        self.note(&outcome);
        match outcome.verdict {
            Verdict::Done => self.remove(parked, Fetched::Taken).await,
            Verdict::GiveUp => self.remove(parked, Fetched::GivenUp).await,
            Verdict::Retry(_) => Ok(Fetched::Failed),
        }
    }

    fn note(&self, outcome: &Outcome) {
        let mut tally = self
            .tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match outcome.verdict {
            Verdict::Done => tally.taken += 1,
            Verdict::Retry(_) => tally.failed += 1,
            Verdict::GiveUp => {}
        }
        let asked = outcome
            .retry_after
            .map(|asked| outcome.at + asked.min(LONGEST_RETRY_AFTER));
        tally.not_before = tally.not_before.max(asked);
    }

    fn begin_anew(&self) {
        *self
            .tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Tally::default();
    }

    fn tally(&self) -> Tally {
        *self
            .tally
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn task(&self, parked: &Parked) -> DeliveryTask {
        let record = parked.delivery.record();
        DeliveryTask {
            client_id: self.endpoint.client_id.clone(),
            endpoint_id: self.endpoint.endpoint_id.clone(),
            delivery_id: record.delivery_id(),
            record: RecordKey {
                pk: record.pk,
                sk: record.sk,
            },
            accepted_at: parked.delivery.accepted_at,
            generation: parked.delivery.generation,
            resend: true,
            replayed: parked.delivery.replayed,
            payload: None,
        }
    }

    async fn remove(&self, parked: &Parked, fetched: Fetched) -> Result<Fetched, ResumeFailure> {
        self.resumer.parked.remove(&parked.key).await?;
        Ok(fetched)
    }

    /// Sends a delivery aside that crashes the function, so that it holds up nobody and can be looked at.
    async fn bury(&self, parked: &Parked, task: DeliveryTask) -> Result<Fetched, ResumeFailure> {
        let reason = "the message crashed the function repeatedly";
        let body = serde_json::to_string(&Task::Delivery(task))
            .map_err(|error| ResumeFailure::NotBuried(error.into()))?;
        let letter = DeadLetter {
            body: &body,
            message_id: &parked.key.sk,
            lane: &parked.key.pk.replace('#', ":"),
            reason,
        };
        let buried = self.resumer.dead_letters.bury(letter).await;
        buried.map_err(|error| ResumeFailure::NotBuried(error.into()))?;
        tracing::error!(reason, "parked delivery sent to the dead-letter queue");
        self.remove(parked, Fetched::Over).await
    }

    async fn first(&self, lane: u16, most: i32) -> Result<Vec<Parked>, StoreFailure> {
        let lane = EndpointLane {
            endpoint: self.endpoint.clone(),
            lane,
        };
        self.resumer.parked.first(&lane, None, most).await
    }

    async fn change(&self, version: u64, suspension: &Suspension) -> Result<bool, ResumeFailure> {
        let healths = &self.resumer.dispatch.healths;
        Ok(healths.change(self.endpoint, version, suspension).await?)
    }

    async fn is_on(&self) -> Result<bool, StoreFailure> {
        Ok(self
            .configuration()
            .await?
            .is_some_and(|known| known.enabled))
    }

    async fn configuration(&self) -> Result<Option<std::sync::Arc<WebhookEndpoint>>, StoreFailure> {
        let EndpointKey {
            client_id,
            endpoint_id,
        } = self.endpoint;
        self.resumer
            .dispatch
            .endpoints
            .find(client_id, endpoint_id)
            .await
    }
}
