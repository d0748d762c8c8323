//! A channel's order with the events that were applied to it: which of them are repeats, and what a new one changes.

use serde::{Deserialize, Serialize};

use crate::digest::Sha256;
use crate::domain::channel_order::{CancelledQuantity, KnownChannelOrder, OrderChange, OrderEvent};

/// The number of events that are remembered. A channel repeats an event for hours at most, and an event that is forgotten is
/// older than all of these, so its time still shows that it is not new.
const MOST_EVENTS: usize = 50;
/// The length of an event's digest, in bytes.
const DIGEST_BYTES: usize = 8;

/// What is known about an order, and from which events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderHistory {
    /// What is known.
    pub known: KnownChannelOrder,
    /// Digests of the ids of the newest events, in the order in which they were applied.
    events: Vec<u64>,
}

/// What an event means for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It was applied before.
    Repeated,
    /// A newer event was applied: this one changes nothing.
    Outdated,
    /// It is applied.
    Applied(Box<AppliedEvent>),
}

/// An order to which an event is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedEvent {
    /// The order with the event.
    pub history: OrderHistory,
    /// The change to tell; `None` if there is nothing to tell.
    pub change: Option<OrderChange>,
    /// What the event cancelled.
    pub cancelled: Vec<CancelledQuantity>,
}

impl OrderHistory {
    /// What an event means for an order; `before` is `None` if no event of it is known.
    pub fn judge(before: Option<&Self>, event: &OrderEvent) -> Judgement {
        let digest = digest(&event.id);
        let events = before.map_or(&[][..], |before| &before.events);
        if events.contains(&digest) {
            return Judgement::Repeated;
        }
        let known = before.map(|before| &before.known);
        let Some(after) = KnownChannelOrder::after(known, event) else {
            return Judgement::Outdated;
        };
        let kept = events.len().saturating_sub(MOST_EVENTS - 1);
        let kept = events.iter().skip(kept).copied();
        Judgement::Applied(Box::new(AppliedEvent {
            history: Self {
                known: after.known,
                events: kept.chain([digest]).collect(),
            },
            change: after.change,
            cancelled: after.cancelled,
        }))
    }
}

fn digest(id: &str) -> u64 {
    let digest = Sha256::digest(id);
    let bytes = digest.iter().take(DIGEST_BYTES);
    bytes.fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel_order::tests::event;

    fn applied(before: Option<&OrderHistory>, event: &OrderEvent) -> AppliedEvent {
        match OrderHistory::judge(before, event) {
            Judgement::Applied(applied) => *applied,
            other @ (Judgement::Repeated | Judgement::Outdated) => panic!("{other:?}"),
        }
    }

    /// An event without a time: the order of arrival counts.
    fn untimed(id: usize) -> OrderEvent {
        let mut event = event(1);
        event.id = format!("untimed-{id}");
        event.triggered_at = None;
        event.order.updated_at = None;
        event
    }

    #[test]
    fn the_first_event_is_applied_and_known_afterwards() {
        let first = applied(None, &event(1));
        assert_eq!(first.change, Some(OrderChange::Created));
        let again = OrderHistory::judge(Some(&first.history), &event(1));
        assert_eq!(again, Judgement::Repeated);
    }

    #[test]
    fn a_repeat_is_known_after_newer_events_and_without_times() {
        let mut held = untimed(1);
        held.order.is_on_hold = Some(true);
        let first = applied(None, &untimed(0)).history;
        let second = applied(Some(&first), &held).history;
        let released = applied(Some(&second), &untimed(2)).history;
        assert!(!released.known.is_on_hold);
        // It would put the order on hold again.
        let again = OrderHistory::judge(Some(&released), &held);
        assert_eq!(again, Judgement::Repeated);
    }

    #[test]
    fn an_older_event_is_outdated_and_not_remembered() {
        let newer = applied(None, &event(5)).history;
        for _ in 0..2 {
            let older = OrderHistory::judge(Some(&newer), &event(4));
            assert_eq!(older, Judgement::Outdated);
        }
    }

    #[test]
    fn only_the_newest_events_are_remembered() {
        let mut history = applied(None, &untimed(0)).history;
        for id in 1..=MOST_EVENTS {
            history = applied(Some(&history), &untimed(id)).history;
        }
        assert_eq!(history.events.len(), MOST_EVENTS);
        let last = OrderHistory::judge(Some(&history), &untimed(MOST_EVENTS));
        assert_eq!(last, Judgement::Repeated);
        let second = OrderHistory::judge(Some(&history), &untimed(1));
        assert_eq!(second, Judgement::Repeated);
        let first = OrderHistory::judge(Some(&history), &untimed(0));
        assert!(matches!(first, Judgement::Applied(_)));
    }
}
