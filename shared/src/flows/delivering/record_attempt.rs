//! Records delivery attempts: their results, and their start if they may crash the function.

use crate::delivery::policy::Verdict;
use crate::domain::delivery::{Attempt, DeliveryRecord, instant};
use crate::flows::delivering::dependencies::AttemptDependencies;
use crate::queue::task::DeliveryTask;
use crate::store::expiry::expiry;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;

/// A delivery with this many recorded starts without a result crashes the function.
const MOST_CRASHES: u32 = 5;

/// Whether a suspicious delivery may be attempted.
#[derive(Debug)]
pub(in crate::flows) enum Begun {
    /// It may; its start is recorded in this record.
    Marked(DeliveryRecord),
    /// It crashed the function too often.
    Crashes,
    /// Another writer changed its record.
    Taken,
}

/// The key of a delivery's record.
pub(in crate::flows) fn record_of(task: &DeliveryTask) -> Key {
    Key {
        pk: task.record.pk.clone(),
        sk: task.record.sk.clone(),
    }
}

/// A new record for a delivery.
pub(in crate::flows) fn new_record(
    dependencies: &AttemptDependencies,
    task: &DeliveryTask,
) -> DeliveryRecord {
    DeliveryRecord::new(expiry(instant(task.accepted_at), dependencies.ttl_days))
}

/// Whether a task needs no further work according to its delivery's record.
pub(in crate::flows) fn is_over(record: &DeliveryRecord, task: &DeliveryTask) -> bool {
    record.has_ended() || record.generation() > task.generation
}

/// Records the start of an attempt that may crash the function, so that its crashes can be counted.
pub(in crate::flows) async fn begin(
    dependencies: &AttemptDependencies,
    key: &Key,
    record: DeliveryRecord,
) -> Result<Begun, StoreFailure> {
    if record.begun >= MOST_CRASHES {
        return Ok(Begun::Crashes);
    }
    let marked = DeliveryRecord {
        begun: record.begun + 1,
        ..record
    };
    let written = dependencies.deliveries.put(key, &marked, marked.attempts);
    Ok(if written.await? {
        Begun::Marked(marked)
    } else {
        Begun::Taken
    })
}

/// Records an attempt. If another instance recorded one in the meantime, this attempt is added after it.
pub(in crate::flows) async fn write_down(
    dependencies: &AttemptDependencies,
    key: &Key,
    record: DeliveryRecord,
    attempt: Attempt,
    verdict: Verdict,
) -> Result<(), StoreFailure> {
    let generation = record.generation();
    let mut record = record;
    for _ in 0..3 {
        let before = record.attempts;
        let after = record.after(attempt.clone(), verdict.state());
        if dependencies.deliveries.put(key, &after, before).await? {
            return Ok(());
        }
        record = match Box::pin(dependencies.deliveries.get(key)).await? {
            // Attempts after a recovery are counted only for the recovery's own message.
            Some(theirs) if theirs.has_ended() || theirs.generation() != generation => {
                return Ok(());
            }
            Some(theirs) => theirs,
            None => DeliveryRecord::new(after.expires_at),
        };
    }
    Err(StoreFailure::Contended)
}
