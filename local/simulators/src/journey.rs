//! The progress of a shipment.
//!
//! The steps of a way are pushed in order. A step counts as passed only when its push was answered 200; otherwise it stays
//! pending. The next advance, to any state, pushes the pending step first, with the same event id and time, because it did
//! happen. Passed steps are never pushed again. The caller decides which states make sense in sequence: a delivered shipment
//! can be sent back to its origin.

use serde::Serialize;
use serde_json::Value;

use crate::clock;
use crate::push::{PushTarget, Pushed, Pusher};

/// One step of a shipment's way.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The state it leads to, as in [`crate::ways`].
    pub(super) state: &'static str,
    /// Its number in this journey, from 1.
    pub(super) number: usize,
    /// When it happened: RFC 3339, UTC, milliseconds.
    pub(super) time: String,
}

/// The progress of a shipment.
#[derive(Debug, Default)]
pub(super) struct Journey {
    passed: Vec<&'static str>,
    pending: Option<Step>,
}

/// The result of an advance.
#[derive(Debug, Serialize)]
pub(super) struct Advance {
    /// The shipment's AWB.
    pub(super) awb: String,
    /// The pushes, in order.
    pub(super) pushed: Vec<Pushed>,
    /// Why it stopped before the end, if it did.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub(super) stopped: Option<String>,
}

impl Journey {
    /// Pushes the remaining steps of a way, one after the other, until one is not answered 200.
    pub(super) async fn advance(
        &mut self,
        awb: &str,
        way: &[&'static str],
        notification: impl Fn(&Step) -> Value,
        pusher: &Pusher,
        target: &PushTarget,
    ) -> Advance {
        let mut answers = Vec::new();
        let mut stopped = None;
        while let Some(step) = self.next_step(way) {
            let answer = pusher.push(target, step.state, &notification(&step)).await;
            let accepted = answer.is_accepted();
            answers.push(answer);
            if !accepted {
                stopped = Some(format!(
                    "{} was not answered 200; the next advance repeats it",
                    step.state
                ));
                break;
            }
            self.pass(&step);
        }
        Advance {
            awb: awb.to_owned(),
            pushed: answers,
            stopped,
        }
    }

    /// The pending step, or the first step of the way that is not passed, which then becomes pending.
    fn next_step(&mut self, way: &[&'static str]) -> Option<Step> {
        if self.pending.is_none() {
            let state = way.iter().find(|state| !self.passed.contains(state))?;
            self.pending = Some(Step {
                state,
                number: self.passed.len() + 1,
                time: clock::now(),
            });
        }
        self.pending.clone()
    }

    fn pass(&mut self, step: &Step) {
        self.passed.push(step.state);
        self.pending = None;
    }
}
