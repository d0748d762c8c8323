//! Metrics: what an invocation counts and measures, as a part of one of its log lines, in CloudWatch's embedded format.
//!
//! [`measured`] surrounds an invocation. Whatever runs in it adds to the invocation's own tally: nothing is shared between
//! invocations, and nothing is sent. The tally is written with the line that says so ([`carried_by_next_line`]), because the
//! fields of that line are paid for already; what is left at the end gets a line of its own. An invocation that counts
//! nothing writes nothing.

mod declared;
mod embedded;
mod tally;

use std::cell::RefCell;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};

pub use declared::{Labels, Metric};
pub(super) use embedded::{Origin, embed};
use tally::Tally;

/// The target of the lines that are written for metrics alone: they are written at every level of logging.
pub(super) const TARGET: &str = "metrics";

tokio::task_local! {
    static TALLY: RefCell<Tally>;
}

/// Whether the next invocation is the first one of this process.
static IS_COLD: AtomicBool = AtomicBool::new(false);

/// Called once at the start of a function's process: its first invocation is a cold start.
pub(super) fn start() {
    IS_COLD.store(true, Ordering::Relaxed);
}

/// Runs an invocation, and writes what it counted. What is already a part of an invocation remains one.
pub async fn measured<F: Future>(invocation: F) -> F::Output {
    if TALLY.try_with(|_| ()).is_ok() {
        return invocation.await;
    }
    let measuring = async {
        if IS_COLD.swap(false, Ordering::Relaxed) {
            count(Metric::ColdStarts, 1);
        }
        let output = invocation.await;
        write_rest();
        output
    };
    TALLY.scope(RefCell::default(), measuring).await
}

/// Counts what happened so many times; or measures a value, or a level, if the metric is declared so.
pub fn count(metric: Metric, number: u64) {
    with_tally(|tally| tally.add(metric, None, None, number));
}

/// The same at a partner, for a metric that is declared by partner.
pub fn count_at(partner: &str, metric: Metric, number: u64) {
    with_tally(|tally| tally.add(metric, Some(partner), None, number));
}

/// The same with an outcome, for a metric that is declared by both.
pub fn count_outcome(partner: &str, outcome: &'static str, metric: Metric, number: u64) {
    with_tally(|tally| tally.add(metric, Some(partner), Some(outcome), number));
}

/// The next log line of this invocation carries what was counted so far.
pub fn carried_by_next_line() {
    with_tally(Tally::be_carried);
}

/// Takes the tally for a line, if that line is to carry it. `is_for_metrics`: the line is written for metrics alone.
pub(super) fn due(is_for_metrics: bool) -> Option<Tally> {
    let taken = TALLY.try_with(|tally| {
        let mut tally = tally.try_borrow_mut().ok()?;
        let is_due = !tally.is_empty() && (is_for_metrics || tally.is_carried());
        is_due.then(|| std::mem::take(&mut *tally))
    });
    taken.ok().flatten()
}

/// Returns what a line could not carry, for the next one.
pub(super) fn put_back(rest: Tally) {
    with_tally(|tally| *tally = rest);
}

fn with_tally(change: impl FnOnce(&mut Tally)) {
    // Outside an invocation nobody reads what is counted, as in a unit test of a flow.
    let _ = TALLY.try_with(|tally| {
        if let Ok(mut tally) = tally.try_borrow_mut() {
            change(&mut tally);
        }
    });
}

/// Writes lines until nothing is left; stops if nothing writes lines.
fn write_rest() {
    let left = || TALLY.try_with(|tally| tally.borrow().len()).unwrap_or(0);
    let mut before = usize::MAX;
    while (1..before).contains(&left()) {
        before = left();
        tracing::info!(target: TARGET, "metrics");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::telemetry::captured::Captured;
    use crate::telemetry::set_field;

    async fn lines_of(invocation: impl Future<Output = ()>) -> Vec<Value> {
        let captured = Captured::start();
        measured(invocation).await;
        let mut lines = captured.lines();
        for line in &mut lines {
            if let Some(metadata) = line.get_mut("_aws") {
                let written_at = metadata.as_object_mut().unwrap().remove("Timestamp");
                assert!(written_at.unwrap().as_i64().unwrap() > 1_700_000_000_000);
            }
        }
        lines
    }

    #[tokio::test]
    async fn what_is_counted_is_one_line_in_the_embedded_format() {
        let lines = lines_of(async {
            count(Metric::FailedAttempts, 1);
            count(Metric::FailedAttempts, 2);
            for age in [350, 1200] {
                count(Metric::DeliveryAge, age);
            }
        })
        .await;
        assert_eq!(
            lines,
            [json!({
                "level": "INFO", "message": "metrics",
                "_aws": {"CloudWatchMetrics": [{
                    "Namespace": "rms-logistics", "Dimensions": [[]],
                    "Metrics": [{"Name": "FailedAttempts"}, {"Name": "DeliveryAge"}],
                }]},
                "FailedAttempts": 3, "DeliveryAge": [350, 1200],
            })]
        );
    }

    #[tokio::test]
    async fn a_line_of_its_own_is_saved_if_another_line_carries_the_metrics() {
        let lines = lines_of(async {
            let request = tracing::info_span!("request", partner = tracing::field::Empty);
            let _entered = request.enter();
            set_field("partner", &"OTHER");
            count_at("OTHER", Metric::Unmapped, 1);
            tracing::info!("before");
            carried_by_next_line();
            tracing::info!("request answered");
            tracing::info!("after");
        })
        .await;
        let carried = json!({
            "level": "INFO", "message": "request answered", "partner": "OTHER",
            "_aws": {"CloudWatchMetrics": [{
                "Namespace": "rms-logistics", "Dimensions": [[], ["partner"]], "Metrics": [{"Name": "Unmapped"}],
            }]},
            "Unmapped": 1,
        });
        let around =
            |message: &str| json!({"level": "INFO", "message": message, "partner": "OTHER"});
        assert_eq!(lines, [around("before"), carried, around("after")]);
    }

    #[tokio::test]
    async fn two_partners_are_two_lines_and_a_hundred_values_are_the_most_of_one() {
        let lines = lines_of(async {
            for partner in ["ONE", "TWO"] {
                count_at(partner, Metric::PartnerErrors, 1);
                count_outcome(partner, "BOOKED", Metric::Purchases, 1);
            }
            for age in 0..150 {
                count(Metric::DeliveryAge, age);
            }
        })
        .await;
        let parts: Vec<_> = lines
            .iter()
            .map(|line| {
                let ages = line["DeliveryAge"].as_array().map_or(0, Vec::len);
                (
                    line["partner"].as_str().unwrap(),
                    line["outcome"].clone(),
                    ages,
                )
            })
            .collect();
        assert_eq!(
            parts,
            [("ONE", json!("BOOKED"), 100), ("TWO", json!("BOOKED"), 50)]
        );
    }

    #[tokio::test]
    async fn an_invocation_that_counts_nothing_writes_nothing() {
        assert_eq!(lines_of(async {}).await, Vec::<Value>::new());
    }

    #[tokio::test]
    async fn the_highest_level_counts() {
        let lines = lines_of(async {
            for level in [3, 7, 2] {
                count(Metric::OldestWaiting, level);
            }
        })
        .await;
        assert_eq!(lines[0]["OldestWaiting"], 7);
    }

    #[test]
    fn outside_an_invocation_nothing_is_counted() {
        count(Metric::Sent, 1);
        assert!(due(true).is_none());
    }
}
