//! An order in a sales channel: what its events tell, what is known about it, and which change of it is told to the client.
//!
//! An event shows a part of the order as of its time. What it does not show is unknown, and what was known before stays
//! known. [`KnownChannelOrder::after`] is the whole rule.

pub mod history;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::text::ChannelOrderId;

/// An event of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvent {
    /// What the channel never repeats for another event.
    pub id: String,
    /// When the channel triggered it.
    pub triggered_at: Option<Timestamp>,
    /// The order as of then.
    pub order: OrderSnapshot,
}

/// What an event shows of an order; `None` is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSnapshot {
    /// The channel's id of the order.
    pub id: ChannelOrderId,
    /// The shop's name of the order.
    pub code: Option<String>,
    /// Its tags, each once.
    pub tags: Option<Vec<String>>,
    /// Whether it replaces another order.
    pub is_replacement: Option<bool>,
    /// Whether it must not be fulfilled yet.
    pub is_on_hold: Option<bool>,
    /// Whether it is cancelled as a whole.
    pub is_cancelled: Option<bool>,
    /// All of its lines.
    pub lines: Option<Vec<SnapshotLine>>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
}

/// A line of an order in an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotLine {
    /// The channel's id of the line.
    pub id: String,
    /// The SKU.
    pub sku: Option<String>,
    /// The quantity that was ordered.
    pub ordered: Option<u64>,
    /// The part of it that is not cancelled.
    pub current: Option<u64>,
}

/// What is known about an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownChannelOrder {
    /// The shop's name of the order.
    pub code: Option<String>,
    /// Its tags; `None` if no event showed them.
    pub tags: Option<Vec<String>>,
    /// Whether it replaces another order.
    pub is_replacement: bool,
    /// Whether it must not be fulfilled yet.
    pub is_on_hold: bool,
    /// Whether the client was told that it is cancelled.
    pub is_cancelled: bool,
    /// Its lines by id.
    pub lines: BTreeMap<String, KnownLine>,
    /// When the newest event was triggered.
    pub triggered_at: Option<Timestamp>,
    /// When it was changed, by the newest event.
    pub updated_at: Option<Timestamp>,
}

/// A line of a known order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownLine {
    /// The SKU.
    pub sku: Option<String>,
    /// The quantity that was ordered.
    pub ordered: u64,
    /// The part of it that is not cancelled.
    pub current: u64,
}

/// A change of an order, weakest first: of several changes in one event the strongest is told.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    strum::Display,
    strum::EnumIter,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderChange {
    /// Its tags, its quantities or its cancellation changed otherwise.
    Updated,
    /// It is not on hold any more.
    Released,
    /// It is on hold.
    Held,
    /// Lines or parts of lines were cancelled.
    LinesCancelled,
    /// It was cancelled as a whole.
    Cancelled,
    /// It is the first event of the order, whatever it shows.
    Created,
}

/// A quantity of a line that an event cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelledQuantity {
    /// The channel's id of the line.
    pub line_id: String,
    /// The SKU.
    pub sku: Option<String>,
    /// The quantity.
    pub quantity: u64,
}

/// An order after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterEvent {
    /// What is known now.
    pub known: KnownChannelOrder,
    /// The change to tell; `None` if there is nothing to tell.
    pub change: Option<OrderChange>,
    /// What the event cancelled.
    pub cancelled: Vec<CancelledQuantity>,
}

impl KnownChannelOrder {
    /// The order after an event; `before` is `None` for the first event. `None`: a newer event is known, so this one changes
    /// nothing.
    pub fn after(before: Option<&Self>, event: &OrderEvent) -> Option<AfterEvent> {
        if before.is_some_and(|before| before.is_newer_than(event)) {
            return None;
        }
        let nothing = Self::default();
        let known = before.unwrap_or(&nothing);
        let mut next = known.with(event);
        let cancelled = known.cancelled_in(&next);
        let change = if before.is_some() {
            known.change_to(&next, &cancelled)
        } else {
            // CREATED does not say that an order is cancelled: the next event tells it.
            next.is_cancelled = false;
            Some(OrderChange::Created)
        };
        Some(AfterEvent {
            known: next,
            change,
            cancelled,
        })
    }

    /// The times of the trigger decide, otherwise those of the change. Without comparable times the order of arrival counts.
    fn is_newer_than(&self, event: &OrderEvent) -> bool {
        match (self.triggered_at, event.triggered_at) {
            (Some(known), Some(given)) if known != given => known > given,
            (Some(_) | None, Some(_) | None) => {
                let times = self.updated_at.zip(event.order.updated_at);
                times.is_some_and(|(known, given)| known > given)
            }
        }
    }

    fn with(&self, event: &OrderEvent) -> Self {
        let order = &event.order;
        Self {
            code: order.code.clone().or_else(|| self.code.clone()),
            tags: order.tags.clone().or_else(|| self.tags.clone()),
            is_replacement: order.is_replacement.unwrap_or(self.is_replacement),
            is_on_hold: order.is_on_hold.unwrap_or(self.is_on_hold),
            is_cancelled: order.is_cancelled.unwrap_or(self.is_cancelled),
            lines: match &order.lines {
                Some(lines) => self.lines_with(lines),
                None => self.lines.clone(),
            },
            triggered_at: event.triggered_at.max(self.triggered_at),
            updated_at: order.updated_at.max(self.updated_at),
        }
    }

    /// The lines of an event, completed with what is known. A known line that is not among them was removed from the order:
    /// nothing of it is left.
    fn lines_with(&self, lines: &[SnapshotLine]) -> BTreeMap<String, KnownLine> {
        let removed = self.lines.iter().map(|(id, line)| {
            let line = KnownLine {
                current: 0,
                ..line.clone()
            };
            (id.clone(), line)
        });
        let mut all: BTreeMap<String, KnownLine> = removed.collect();
        for line in lines {
            let before = self.lines.get(&line.id);
            all.insert(line.id.clone(), line.after(before));
        }
        all
    }

    fn cancelled_in(&self, next: &Self) -> Vec<CancelledQuantity> {
        let cancelled = |(id, line): (&String, &KnownLine)| {
            let before = self.lines.get(id).map_or(0, KnownLine::cancelled);
            let quantity = line.cancelled().saturating_sub(before);
            (quantity > 0).then(|| CancelledQuantity {
                line_id: id.clone(),
                sku: line.sku.clone(),
                quantity,
            })
        };
        next.lines.iter().filter_map(cancelled).collect()
    }

    fn change_to(&self, next: &Self, cancelled: &[CancelledQuantity]) -> Option<OrderChange> {
        let is_updated = self.tag_set() != next.tag_set()
            || self.quantities() != next.quantities()
            || self.is_cancelled != next.is_cancelled;
        let changes = [
            (
                next.is_cancelled && !self.is_cancelled,
                OrderChange::Cancelled,
            ),
            (!cancelled.is_empty(), OrderChange::LinesCancelled),
            (next.is_on_hold && !self.is_on_hold, OrderChange::Held),
            (!next.is_on_hold && self.is_on_hold, OrderChange::Released),
            (is_updated, OrderChange::Updated),
        ];
        let happened = changes.into_iter().filter(|(happened, _)| *happened);
        happened.map(|(_, change)| change).max()
    }

    fn tag_set(&self) -> BTreeSet<&str> {
        let tags = self.tags.iter().flatten();
        tags.map(String::as_str).collect()
    }

    fn quantities(&self) -> Vec<(&str, u64, u64)> {
        let lines = self.lines.iter();
        lines
            .map(|(id, line)| (id.as_str(), line.ordered, line.current))
            .collect()
    }
}

impl KnownLine {
    fn cancelled(&self) -> u64 {
        self.ordered.saturating_sub(self.current)
    }
}

impl SnapshotLine {
    /// The line, completed with what was known. Of a line that was never seen, nothing is cancelled unless it says so.
    fn after(&self, before: Option<&KnownLine>) -> KnownLine {
        let known = before.map(|before| before.ordered);
        let ordered = self.ordered.or(known).or(self.current).unwrap_or(0);
        let known = before.map(|before| before.current);
        KnownLine {
            sku: self
                .sku
                .clone()
                .or_else(|| before.and_then(|before| before.sku.clone())),
            ordered,
            current: self.current.or(known).unwrap_or(ordered),
        }
    }
}
