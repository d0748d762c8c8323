//! How far a shipment is, and its going on from there.
//!
//! Each step of a way is pushed once it is its turn, and counts as passed only when it was answered 200. A step that
//! was not stays pending: it is the first that the next advance pushes, with the same event id and time, whatever
//! that advance leads to, for it did happen. Passed steps are never pushed again. Which states make sense after
//! which is left to the caller: a delivered shipment can be sent on the way back to its origin.

use serde::Serialize;
use serde_json::Value;

use crate::clock;
use crate::push::{PushTarget, Pushed, Pusher};

/// One step of a shipment's way.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The state it leads to, in the words of [`crate::ways`].
    pub(super) state: &'static str,
    /// Its number in this journey, from 1.
    pub(super) number: usize,
    /// When it happened: RFC 3339, UTC, milliseconds.
    pub(super) time: String,
}

/// How far a shipment is.
#[derive(Debug, Default)]
pub(super) struct Journey {
    passed: Vec<&'static str>,
    pending: Option<Step>,
}

/// What an advance did.
#[derive(Debug, Serialize)]
pub(super) struct Advance {
    /// The shipment.
    pub(super) awb: String,
    /// What was pushed, in order.
    pub(super) pushed: Vec<Pushed>,
    /// Why it stopped before the end; absent when it did not.
    #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
    pub(super) stopped: Option<String>,
}

impl Journey {
    /// Pushes the steps of a way that are not passed yet, one after the other, until one is not answered 200.
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

    /// The pending step, else the first of the way that is not passed, which thereby happens and is pending.
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
