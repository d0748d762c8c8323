//! What happened to a return order, in order, and the state that follows.
//!
//! Repeats and the order of arrival have no influence: everything is put in the order of its time. Among pushes of the same time
//! the one that arrived first is the first; among other things of the same time the identity decides.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::notification::NotificationType;
use crate::domain::returning::code::ReturnItemCode;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::processing::{ItemResult, ReturnProcessing};
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::returning::state::{ReturnOrderState, ReturnStep};
use crate::domain::shipment::Transition;
use crate::domain::text::Awb;
use crate::domain::timeline::DatedEvent;

/// A return order's history, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTimeline {
    /// Its state.
    pub state: ReturnOrderState,
    /// Its AWB, if known.
    pub awb: Option<Awb>,
    /// The courier, if known.
    pub transporter: Option<String>,
    /// The present results of its pieces.
    pub results: BTreeMap<ReturnItemCode, ItemResult>,
    /// What happened, in order.
    pub entries: Vec<ReturnTimelineEntry>,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTimelineEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened: a state's name, a notification type, or the channel's own status.
    pub event: String,
}

/// An event of the return itself, or a push for its AWB.
#[derive(Debug)]
enum Happened<'a> {
    Own(&'a ReturnEvent),
    Pushed(&'a DatedEvent),
}

impl ReturnTimeline {
    /// The history of an order that was created at `created_at`, from its events and from the pushes for its AWB, both in
    /// any order.
    pub fn of(
        order: &ReturnOrder,
        created_at: Timestamp,
        events: &[DatedReturnEvent],
        pushes: &[DatedEvent],
    ) -> Self {
        let ours = events.iter().map(|dated| {
            (
                dated.at,
                dated.identity.as_str(),
                Happened::Own(&dated.event),
            )
        });
        let scans = pushes
            .iter()
            .map(|dated| (dated.at, dated.place.as_str(), Happened::Pushed(dated)));
        let mut all: Vec<_> = ours.chain(scans).collect();
        all.sort_by(|one, other| rank(one).cmp(&rank(other)));
        all.dedup_by(|one, other| rank(one) == rank(other));
        let mut timeline = Self::new(order, created_at);
        for (at, _, happened) in all {
            timeline.take(order, at, &happened);
        }
        timeline
    }

    fn new(order: &ReturnOrder, created_at: Timestamp) -> Self {
        let mut timeline = Self {
            state: ReturnOrderState::Created,
            awb: order.awb.clone(),
            transporter: order.transporter.clone(),
            results: BTreeMap::new(),
            entries: Vec::new(),
        };
        timeline.note(created_at, ReturnOrderState::Created.to_string());
        if timeline.awb.is_some() {
            timeline.step(ReturnStep::AwbAssigned);
            timeline.note(created_at, ReturnOrderState::AwbAssigned.to_string());
        }
        timeline
    }

    fn take(&mut self, order: &ReturnOrder, at: Timestamp, happened: &Happened<'_>) {
        match happened {
            Happened::Pushed(pushed) => {
                self.step(ReturnStep::Pushed(pushed.event));
                self.note(at, pushed.event.to_string());
            }
            Happened::Own(event) => self.take_own(order, at, event),
        }
    }

    fn take_own(&mut self, order: &ReturnOrder, at: Timestamp, event: &ReturnEvent) {
        let (step, name) = match event {
            ReturnEvent::AwbAssigned { awb, transporter } => {
                self.awb = Some(awb.clone());
                self.transporter = transporter.clone().or_else(|| self.transporter.take());
                let name = ReturnOrderState::AwbAssigned.to_string();
                (ReturnStep::AwbAssigned, name)
            }
            ReturnEvent::Cancelled => {
                let name = ReturnOrderState::Cancelled.to_string();
                (ReturnStep::Cancelled, name)
            }
            ReturnEvent::Received => {
                let name = ReturnOrderState::Received.to_string();
                (ReturnStep::Received, name)
            }
            ReturnEvent::Processed(processing) => self.process(order, at, processing),
            ReturnEvent::PartnerStatus { status } => (ReturnStep::PartnerStatus, status.clone()),
        };
        self.step(step);
        self.note(at, name);
    }

    /// Takes the results of a call; one that is not a correction keeps the earlier result of a piece.
    fn process(
        &mut self,
        order: &ReturnOrder,
        at: Timestamp,
        processing: &ReturnProcessing,
    ) -> (ReturnStep, String) {
        for item in &processing.items {
            let before = self.results.get(&item.item_code);
            let is_other = before.is_some_and(|before| before.item != *item);
            if is_other && !processing.correction {
                continue;
            }
            let corrected_at = if is_other {
                Some(at)
            } else {
                before.and_then(|before| before.corrected_at)
            };
            let result = ItemResult {
                item: item.clone(),
                corrected_at,
            };
            self.results.insert(item.item_code.clone(), result);
        }
        let mut items = order.items.iter();
        let (step, state) = if items.all(|item| self.results.contains_key(&item.item_code)) {
            (ReturnStep::ProcessedWholly, ReturnOrderState::Processed)
        } else {
            let in_part = ReturnOrderState::PartiallyProcessed;
            (ReturnStep::ProcessedInPart, in_part)
        };
        (step, state.to_string())
    }

    fn step(&mut self, step: ReturnStep) {
        if let Transition::Advance(next) = self.state.on(step) {
            self.state = next;
        }
    }

    fn note(&mut self, at: Timestamp, event: String) {
        self.entries.push(ReturnTimelineEntry { at, event });
    }
}

/// The place of something in the history. Equal places are the same thing, said twice.
fn rank<'a>(
    (at, identity, happened): &'a (Timestamp, &'a str, Happened<'a>),
) -> (Timestamp, bool, i64, &'a str, Option<NotificationType>) {
    match happened {
        Happened::Own(_) => (*at, false, 0, identity, None),
        Happened::Pushed(pushed) => (*at, true, pushed.received_at, identity, Some(pushed.event)),
    }
}

#[cfg(test)]
mod tests;
