//! Processes a message of the queue: its delivery is attempted, parked or sent to the dead-letter queue, and the
//! message is deleted or returned to the queue.
//!
//! What is rare is awaited in a box: without it, the future of each delivery would have room for it, and be several times as
//! large.

use std::pin::pin;
use std::time::Duration;

use futures::future::select;
use futures::lock::Mutex;
use futures::{FutureExt as _, select_biased};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::Instrument;

use crate::clock;
use crate::delivery::policy::Verdict;
use crate::delivery::under_way::{LONG, Pass, UnderWay};
use crate::domain::delivery::DeliveryRecord;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Health, Lane};
use crate::domain::slowness::HANG_AFTER;
use crate::flows::delivering::attempt_delivery::{
    Outcome, attempt_delivery, endpoint_of, holds, holds_an_attempt,
};
use crate::flows::delivering::batch_endpoints::{BatchEndpoints, Seen};
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::flows::delivering::mind_health::{hang, mind};
use crate::flows::delivering::record_attempt::{Begun, begin, is_over, new_record, record_of};
use crate::flows::delivering::traced::span_of;
use crate::queue::backlog::Backlog;
use crate::queue::batch::{Fate, LAST_RECEIVE};
use crate::queue::dead_letter::DeadLetter;
use crate::queue::received::ReceivedMessage;
use crate::queue::sender::Sender;
use crate::queue::task::DeliveryTask;
use crate::store::delivering::parked::{EndpointLane, Parked, ParkedDeliveries, ParkedDelivery};
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::{self, Metric};

/// A message that was received this much more often than it was attempted may crash the function. It may also have
/// waited behind failing ones, or for a storage outage. So from here on, the start of each attempt is recorded.
const MOST_UNTRIED: u32 = 5;
/// The delay after a storage failure.
const AFTER_STORE_FAILURE: Duration = Duration::from_secs(10);
/// The delay while the endpoint leaves other attempts unanswered.
const WHILE_UNANSWERED: Duration = Duration::from_secs(2);
/// The time after an attempt for its record.
const TO_RECORD: Duration = Duration::from_secs(2);
/// In less time nothing is begun.
const SHORTEST: Duration = Duration::from_secs(3);
/// The delay while a lane is closing, which takes a few reads and one write.
const WHILE_CLOSING: Duration = Duration::from_secs(2);

/// The dependencies of forwarding.
#[derive(Debug)]
pub struct ForwardDependencies {
    /// The dependencies of an attempt.
    pub attempting: AttemptDependencies,
    /// The parked deliveries of suspended endpoints.
    pub parked: ParkedDeliveries,
    /// The backlog of the delivery queue.
    pub backlog: Backlog,
    /// The dead-letter queue.
    pub dead_letters: Sender,
    /// The attempts that this instance is making.
    pub under_way: UnderWay,
    /// Serialises messages that may crash the function.
    pub suspects: Suspects,
}

/// Messages that may crash the function are attempted one at a time, so that a crash is not blamed on another message.
#[derive(Debug, Default)]
pub struct Suspects {
    turn: Mutex<()>,
}

/// A delivery whose message was received.
struct Received<'a> {
    message: &'a ReceivedMessage,
    task: &'a DeliveryTask,
    endpoint: EndpointKey,
}

impl Received<'_> {
    /// The number of its lane, and what happens to deliveries there, according to the endpoint's health.
    fn lane(&self, health: &Health) -> (u16, Lane) {
        let number = health.lane_number(self.message.lane());
        (number, health.lane(number))
    }
}

/// An attempt that may be made, and when it must be over.
struct Trying<'a> {
    pass: Pass<'a>,
    end: Instant,
}

impl Trying<'_> {
    /// Returns when the attempt must end without an answer: others need its room, or the batch ends, which must not wait
    /// for an attempt that takes long.
    async fn patience(&mut self) {
        let last = self.end - TO_RECORD;
        let end = (Instant::now() + LONG)
            .max(self.end - LAST_RECEIVE)
            .min(last);
        select(pin!(self.pass.is_to_end()), pin!(sleep_until(end))).await;
    }
}

/// Processes a message, if the time until `end` suffices for an attempt.
pub async fn forward_message(
    dependencies: &ForwardDependencies,
    batch: &BatchEndpoints<'_>,
    message: ReceivedMessage,
    end: Instant,
) -> Fate {
    let Some(task) = message.task() else {
        let reason = "the message cannot be read";
        return Box::pin(bury(dependencies, &message, reason)).await;
    };
    if !holds(end, SHORTEST) {
        return Fate::Later(Duration::ZERO);
    }
    let delivering = async {
        let fate = deliver(dependencies, batch, &message, &task, end).await;
        fate.unwrap_or_else(|failure| {
            let error = crate::telemetry::chain(&failure);
            tracing::error!(error, "delivery postponed: storage failed");
            Fate::Later(AFTER_STORE_FAILURE)
        })
    };
    delivering.instrument(span_of(&task)).await
}

async fn deliver(
    dependencies: &ForwardDependencies,
    batch: &BatchEndpoints<'_>,
    message: &ReceivedMessage,
    task: &DeliveryTask,
    end: Instant,
) -> Result<Fate, StoreFailure> {
    let attempting = &dependencies.attempting;
    let handed_out = message.handed_out;
    let record = if handed_out > 1 || task.resend {
        Box::pin(attempting.deliveries.get(&record_of(task))).await?
    } else {
        None
    };
    let record = record.unwrap_or_else(|| new_record(attempting, task));
    if is_over(&record, task) {
        return Ok(Fate::Done);
    }
    let received = Received {
        message,
        task,
        endpoint: endpoint_of(task),
    };
    let endpoint = &received.endpoint;
    let untried = handed_out.saturating_sub(record.attempts_of_this_generation());
    let is_suspect = untried > MOST_UNTRIED;
    // A suspect delivery is marked before anything else is done.
    let health = if is_suspect {
        batch.health_of(endpoint).await?
    } else {
        batch.of(endpoint).await?.health
    };
    match received.lane(&health) {
        (_, Lane::Open) => {}
        (number, Lane::Parking) => {
            return Box::pin(park(dependencies, batch, &received, number)).await;
        }
        (_, Lane::Closing) => return Ok(Fate::Later(WHILE_CLOSING)),
    }
    let begin_trying = || {
        let pass = dependencies.under_way.begin(endpoint, Instant::now())?;
        Some(Trying { pass, end })
    };
    if !is_suspect {
        // What remains of a batch is no time for an endpoint that may need all of it.
        let has_its_time = health.hangs == 0 || holds_an_attempt(end);
        let Some(trying) = begin_trying().filter(|_| has_its_time) else {
            return Ok(Fate::Later(WHILE_UNANSWERED));
        };
        return attempt(dependencies, batch, &received, record, trying).await;
    }
    let _alone = dependencies.suspects.turn.lock().await;
    if !holds_an_attempt(end) {
        return Ok(Fate::Later(Duration::ZERO));
    }
    // It begins when its turn has come: waiting for that is not the endpoint's doing.
    let Some(trying) = begin_trying() else {
        return Ok(Fate::Later(WHILE_UNANSWERED));
    };
    match Box::pin(begin(attempting, &record_of(task), record)).await? {
        Begun::Marked(record) => {
            Box::pin(attempt(dependencies, batch, &received, record, trying)).await
        }
        Begun::Crashes => {
            let reason = "the message crashed the function repeatedly";
            Ok(Box::pin(bury(dependencies, message, reason)).await)
        }
        Begun::Taken => Ok(Fate::Later(AFTER_STORE_FAILURE)),
    }
}

/// Attempts a delivery at its endpoint, as cached for the batch. An attempt that takes long counts as a hang while it
/// goes on.
async fn attempt(
    dependencies: &ForwardDependencies,
    batch: &BatchEndpoints<'_>,
    received: &Received<'_>,
    record: DeliveryRecord,
    mut trying: Trying<'_>,
) -> Result<Fate, StoreFailure> {
    let attempting = &dependencies.attempting;
    let endpoint = &received.endpoint;
    let Seen { configured, .. } = batch.of(endpoint).await?;
    let attempted = attempt_delivery(
        attempting,
        received.task,
        record,
        configured.as_deref(),
        trying.patience(),
    );
    // In the heap: this is the largest part of what an instance keeps of a delivery.
    let mut attempted = Box::pin(attempted.fuse());
    let mut long = pin!(sleep(HANG_AFTER).fuse());
    let mut is_hang = false;
    let outcome = loop {
        select_biased! {
            outcome = attempted => break outcome?,
            () = long => {
                is_hang = true;
                logged(Box::pin(hang(attempting, batch, endpoint, clock::now())).await);
            }
        }
    };
    if !is_hang && outcome.is_unanswered() {
        // It had to make room, or the batch ended.
        is_hang = true;
        logged(Box::pin(hang(attempting, batch, endpoint, outcome.at)).await);
    }
    follow(dependencies, batch, received, &outcome, is_hang).await
}

/// Applies the result of an attempt to its endpoint and its message.
async fn follow(
    dependencies: &ForwardDependencies,
    batch: &BatchEndpoints<'_>,
    received: &Received<'_>,
    outcome: &Outcome,
    is_hang: bool,
) -> Result<Fate, StoreFailure> {
    let endpoint = &received.endpoint;
    let ForwardDependencies {
        attempting,
        backlog,
        ..
    } = dependencies;
    logged(mind(attempting, batch, backlog, endpoint, outcome, is_hang).await);
    if outcome.is_gone {
        batch.forget(endpoint).await;
    }
    let wait = match outcome.verdict {
        Verdict::Done | Verdict::GiveUp => return Ok(Fate::Done),
        Verdict::Retry(wait) => wait,
    };
    let health = if is_hang {
        // Other instances may have suspended it since.
        Box::pin(batch.read_health_again(endpoint)).await?
    } else {
        batch.of(endpoint).await?.health
    };
    match received.lane(&health) {
        // No need to receive the message again to find that out.
        (number, Lane::Parking) => Box::pin(park(dependencies, batch, received, number)).await,
        (_, Lane::Open | Lane::Closing) => Ok(Fate::Later(wait)),
    }
}

/// The next attempt will report the same.
fn logged(minded: Result<(), StoreFailure>) {
    if let Err(error) = minded {
        let error = crate::telemetry::chain(&error);
        tracing::warn!(error, "endpoint's health not updated");
    }
}

/// Parks a delivery behind those that are parked in its lane and deletes its message, but only if the lane was still
/// parking afterwards. Otherwise the delivery might never be fetched.
async fn park(
    dependencies: &ForwardDependencies,
    batch: &BatchEndpoints<'_>,
    received: &Received<'_>,
    number: u16,
) -> Result<Fate, StoreFailure> {
    let Received {
        message,
        task,
        endpoint,
    } = received;
    let Some(sequence_number) = &message.sequence_number else {
        tracing::error!("delivery not parked: its message has no sequence number");
        return Ok(Fate::Later(AFTER_STORE_FAILURE));
    };
    let record = record_of(task);
    let lane = EndpointLane {
        endpoint: endpoint.clone(),
        lane: number,
    };
    let parked = Parked {
        key: lane.place(sequence_number),
        delivery: ParkedDelivery::new(&record, task.accepted_at, task.generation, task.replayed),
    };
    dependencies.parked.put(&parked).await?;
    let health = batch.read_health_again(endpoint).await?;
    if health.lane(number) == Lane::Parking {
        metrics::count(Metric::Parked, 1);
        tracing::info!("delivery parked");
        return Ok(Fate::Done);
    }
    dependencies.parked.remove(&parked.key).await?;
    Ok(Fate::Later(WHILE_CLOSING))
}

/// Sends an unchanged message to the dead-letter queue, so that it does not block others and can be examined.
async fn bury(dependencies: &ForwardDependencies, message: &ReceivedMessage, reason: &str) -> Fate {
    let id = message.message_id.as_str();
    let letter = DeadLetter {
        body: if message.body.is_empty() {
            "(empty)"
        } else {
            &message.body
        },
        message_id: id,
        lane: &message.group,
        reason,
    };
    match dependencies.dead_letters.bury(letter).await {
        Ok(()) => {
            tracing::error!(
                sqs_message_id = id,
                reason,
                "message sent to the dead-letter queue"
            );
            Fate::Done
        }
        Err(error) => {
            tracing::error!(
                sqs_message_id = id,
                error = crate::telemetry::chain(&error),
                "message not sent to the dead-letter queue"
            );
            Fate::Later(AFTER_STORE_FAILURE)
        }
    }
}
