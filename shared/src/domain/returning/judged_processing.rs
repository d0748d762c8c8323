//! Whether the results of a call may be taken, given what is known of the return order.
//!
//! A piece that has a result gets another one only by a correction. The same result again is taken without one: the
//! warehouse may send the whole list each time. A call that was taken before is its repeat, whatever happened since.

use jiff::{Timestamp, ToSpan as _};

use crate::digest::{Sha256, hex};
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::processing::{ProcessedItem, ReturnProcessing};
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::returning::timeline::ReturnTimeline;

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JudgedProcessing {
    /// Its results are taken.
    Taken,
    /// It was taken before.
    Repeated,
    /// The return order was cancelled.
    OfCancelled,
    /// The return order does not have these pieces: their places in the call.
    Unknown(Vec<usize>),
    /// These pieces have another result: their places in the call.
    AlreadyProcessed(Vec<usize>),
}

impl ReturnProcessing {
    /// A call. Its identity follows from its content, not from the order of its pieces.
    pub fn new(
        items: Vec<ProcessedItem>,
        processed_at: Option<Timestamp>,
        correction: bool,
    ) -> Self {
        let message_identity = identity(&items, processed_at, correction);
        Self {
            items,
            correction,
            processed_at,
            message_identity,
        }
    }
}

/// The time of a call that is taken now. It is later than that of every call before it, also if the clock of another
/// instance is ahead: the last call must be the last one in the history too.
pub fn taken_at(events: &[DatedReturnEvent], now: Timestamp) -> Timestamp {
    let is_call = |dated: &&DatedReturnEvent| matches!(dated.event, ReturnEvent::Processed(_));
    let calls = events.iter().filter(is_call).map(|dated| dated.at);
    let after = calls
        .max()
        .and_then(|last| last.checked_add(1.millisecond()).ok());
    after.map_or(now, |after| after.max(now))
}

/// Judges a call by the return order, its events and their fold.
pub fn judge(
    order: &ReturnOrder,
    events: &[DatedReturnEvent],
    timeline: &ReturnTimeline,
    call: &ReturnProcessing,
) -> JudgedProcessing {
    if events.iter().any(|dated| is_repeated(&dated.event, call)) {
        return JudgedProcessing::Repeated;
    }
    if timeline.state == ReturnOrderState::Cancelled {
        return JudgedProcessing::OfCancelled;
    }
    let unknown = places(call, |item| order.item(&item.item_code).is_none());
    if !unknown.is_empty() {
        return JudgedProcessing::Unknown(unknown);
    }
    let has_another = |item: &ProcessedItem| {
        let known = timeline.results.get(&item.item_code);
        known.is_some_and(|known| known.item != *item)
    };
    let other = places(call, has_another);
    if other.is_empty() || call.correction {
        JudgedProcessing::Taken
    } else {
        JudgedProcessing::AlreadyProcessed(other)
    }
}

fn is_repeated(event: &ReturnEvent, call: &ReturnProcessing) -> bool {
    match event {
        ReturnEvent::Processed(before) => before.message_identity == call.message_identity,
        ReturnEvent::AwbAssigned { .. }
        | ReturnEvent::Cancelled
        | ReturnEvent::Received
        | ReturnEvent::PartnerStatus { .. } => false,
    }
}

/// The places of the pieces for which this is true.
fn places(call: &ReturnProcessing, is_meant: impl Fn(&ProcessedItem) -> bool) -> Vec<usize> {
    let items = call.items.iter().enumerate();
    items
        .filter(|(_, item)| is_meant(item))
        .map(|(place, _)| place)
        .collect()
}

/// A digest of the content of a call. Each part is preceded by its length, so that no two contents have the same bytes.
fn identity(items: &[ProcessedItem], processed_at: Option<Timestamp>, correction: bool) -> String {
    let mut sorted: Vec<&ProcessedItem> = items.iter().collect();
    sorted.sort_by(|one, other| one.item_code.cmp(&other.item_code));
    let mut digest = Sha256::new();
    let mut add = |part: &str| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    };
    add(&processed_at.map(|at| at.to_string()).unwrap_or_default());
    add(if correction { "correction" } else { "" });
    for item in sorted {
        add(item.item_code.as_str());
        add(&item.qc_status.to_string());
        add(item.qc_reason.as_deref().unwrap_or_default());
        add(&item.image_urls.len().to_string());
        for url in &item.image_urls {
            add(url.as_str());
        }
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn order() -> ReturnOrder {
        let item = |code: &str| json!({ "itemCode": code, "reason": "x", "channelSkuCode": "s" });
        serde_json::from_value(json!({
            "returnOrderCode": "R1", "forwardOrderCode": "F1", "locationCode": "wh-1",
            "items": [item("a"), item("b")], "orderType": "CUSTOMER_RETURN",
        }))
        .unwrap()
    }

    fn passed(code: &str) -> Value {
        json!({ "itemCode": code, "qcStatus": "PASS" })
    }

    fn failed(code: &str) -> Value {
        json!({ "itemCode": code, "qcStatus": "FAIL", "qcReason": "OTHER_DAMAGE" })
    }

    fn call(items: &[Value], correction: bool) -> ReturnProcessing {
        let items = items.iter().cloned().map(serde_json::from_value);
        ReturnProcessing::new(items.collect::<Result<_, _>>().unwrap(), None, correction)
    }

    /// What becomes of a call after these events.
    fn judged(before: &[ReturnEvent], call: &ReturnProcessing) -> JudgedProcessing {
        let dated = before
            .iter()
            .zip(1..)
            .map(|(event, second)| DatedReturnEvent {
                at: at(second),
                identity: second.to_string(),
                event: event.clone(),
            });
        let (order, events) = (order(), dated.collect::<Vec<_>>());
        let timeline = ReturnTimeline::of(&order, at(0), &events, &[]);
        judge(&order, &events, &timeline, call)
    }

    fn taken(items: &[Value], correction: bool) -> ReturnEvent {
        ReturnEvent::Processed(call(items, correction))
    }

    #[test]
    fn results_are_taken_in_parts_and_in_any_state_but_cancelled() {
        let first = taken(&[passed("a")], false);
        let second = call(&[failed("b")], false);
        for before in [vec![], vec![ReturnEvent::Received], vec![first]] {
            assert_eq!(judged(&before, &second), JudgedProcessing::Taken);
        }
        let cancelled = judged(&[ReturnEvent::Cancelled], &second);
        assert_eq!(cancelled, JudgedProcessing::OfCancelled);
    }

    #[test]
    fn the_same_call_is_a_repeat_in_any_order_of_its_pieces() {
        let before = [taken(&[passed("a"), failed("b")], false)];
        let again = call(&[failed("b"), passed("a")], false);
        assert_eq!(judged(&before, &again), JudgedProcessing::Repeated);
        let corrected = call(&[failed("b"), passed("a")], true);
        assert_eq!(judged(&before, &corrected), JudgedProcessing::Taken);
        let dated = ReturnProcessing::new(again.items, Some(at(0)), false);
        assert_eq!(judged(&before, &dated), JudgedProcessing::Taken);
    }

    #[test]
    fn unknown_pieces_are_named() {
        let call = call(&[passed("a"), passed("c"), passed("d")], true);
        assert_eq!(judged(&[], &call), JudgedProcessing::Unknown(vec![1, 2]));
    }

    #[test]
    fn another_result_needs_a_correction_and_the_same_one_does_not() {
        let before = [taken(&[passed("a")], false)];
        let other = [passed("b"), failed("a")];
        let refused = judged(&before, &call(&other, false));
        assert_eq!(refused, JudgedProcessing::AlreadyProcessed(vec![1]));
        assert_eq!(
            judged(&before, &call(&other, true)),
            JudgedProcessing::Taken
        );
        let same = call(&[passed("a"), passed("b")], false);
        assert_eq!(judged(&before, &same), JudgedProcessing::Taken);
    }

    #[test]
    fn a_corrected_piece_is_compared_with_its_last_result() {
        let before = [taken(&[passed("a")], false), taken(&[failed("a")], true)];
        let back = call(&[passed("a"), passed("b")], false);
        let refused = judged(&before, &back);
        assert_eq!(refused, JudgedProcessing::AlreadyProcessed(vec![0]));
    }

    #[test]
    fn a_call_is_later_than_every_call_before_it() {
        let dated = |second, event| DatedReturnEvent {
            at: at(second),
            identity: String::new(),
            event,
        };
        let events = [
            dated(9, taken(&[passed("a")], false)),
            dated(4, taken(&[failed("a")], true)),
            dated(20, ReturnEvent::Received),
        ];
        assert_eq!(taken_at(&[], at(5)), at(5));
        assert_eq!(taken_at(&events, at(10)), at(10));
        let after = at(9).checked_add(1.millisecond()).unwrap();
        for now in [at(5), at(9)] {
            assert_eq!(taken_at(&events, now), after);
        }
    }

    #[test]
    fn different_calls_have_different_identities() {
        let item = |code: &str, reason: &str, urls: &[&str]| json!({ "itemCode": code, "qcStatus": "FAIL", "qcReason": reason, "imageUrls": urls });
        let (one, two) = ("https://a.example/1", "https://a.example/2");
        let calls = [
            call(&[item("a", "x", &[])], false),
            call(&[item("a", "x", &[])], true),
            call(&[item("a", "xy", &[])], false),
            call(&[item("ax", "", &[])], false),
            call(&[item("a", "x", &[one])], false),
            call(&[item("a", "x", &[one, two])], false),
            call(&[item("a", "x", &[one]), item("b", "x", &[two])], false),
            call(&[passed("a")], false),
        ];
        let mut identities: Vec<_> = calls.map(|call| call.message_identity).into();
        identities.sort();
        identities.dedup();
        assert_eq!(identities.len(), 8);
    }
}
