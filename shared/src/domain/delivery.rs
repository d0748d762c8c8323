//! The delivery of one message to one endpoint: its attempts and where it stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many attempts are kept of the beginning, and how many of the end.
const KEPT: usize = 20;

/// Where a delivery stands after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum DeliveryState {
    /// The endpoint answered 2xx.
    Delivered,
    /// It will be tried again.
    Pending,
    /// It was given up, and can be recovered.
    Failed,
}

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AttemptEnd {
    /// The endpoint answered 2xx.
    Accepted,
    /// The endpoint answered something else.
    Rejected,
    /// No connection came about.
    NoConnection,
    /// No whole answer came in time.
    NoAnswer,
    /// The URL may not be called.
    ForbiddenTarget,
    /// The endpoint's signing secret is unusable: nothing was sent.
    NotSigned,
    /// The endpoint is switched off.
    Disabled,
    /// There is no such endpoint any more.
    Removed,
    /// The message has expired, and its body with it.
    Expired,
}

/// One attempt, without bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it began, in epoch milliseconds.
    pub at: i64,
    /// How long it lasted.
    pub duration_ms: u64,
    /// How it ended.
    pub end: AttemptEnd,
    /// The HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// All that is kept of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryRecord {
    /// Where it stands.
    pub state: DeliveryState,
    /// How many attempts there were.
    pub attempts: u32,
    /// The first attempts.
    pub first: Vec<Attempt>,
    /// The last attempts, once there are more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last: Vec<Attempt>,
    /// How many attempts began after the last one that ended. Counted only when the message was handed out
    /// suspiciously often: who sees these begins saw no end of them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub begun: u32,
    /// Its last recovery, if it was given up and recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// When it expires, in epoch seconds; absent when it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// How a delivery that was given up began anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovery {
    /// How often the delivery was recovered.
    pub generation: u32,
    /// When, in epoch milliseconds: its age counts from here.
    pub at: i64,
    /// How many attempts there had been: the schedule begins anew after them.
    pub attempts_before: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it skips by reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl DeliveryRecord {
    /// A delivery that has not been attempted.
    pub fn new(expires_at: Option<i64>) -> Self {
        Self {
            state: DeliveryState::Pending,
            attempts: 0,
            first: Vec::new(),
            last: Vec::new(),
            begun: 0,
            recovery: None,
            expires_at,
        }
    }

    /// The record after one more attempt.
    #[must_use]
    pub fn after(mut self, attempt: Attempt, state: DeliveryState) -> Self {
        self.state = state;
        self.attempts += 1;
        self.begun = 0;
        if self.first.len() < KEPT {
            self.first.push(attempt);
        } else {
            self.last.push(attempt);
            let surplus = self.last.len().saturating_sub(KEPT);
            self.last.drain(..surplus);
        }
        self
    }

    /// The record of a delivery that is recovered at `now`: it waits for attempts again.
    #[must_use]
    pub fn recovered(self, now: Timestamp) -> Self {
        Self {
            state: DeliveryState::Pending,
            begun: 0,
            recovery: Some(Recovery {
                generation: self.generation().saturating_add(1),
                at: now.as_millisecond(),
                attempts_before: self.attempts,
            }),
            ..self
        }
    }

    /// How often it was recovered.
    pub fn generation(&self) -> u32 {
        self.recovery.map_or(0, |recovery| recovery.generation)
    }

    /// How many attempts there were, those before its recovery left out.
    pub fn attempts_of_this_generation(&self) -> u32 {
        let before = self.recovery.map_or(0, |recovery| recovery.attempts_before);
        self.attempts.saturating_sub(before)
    }

    /// Whether it was recovered and has not been attempted since.
    pub fn awaits_its_recovery(&self) -> bool {
        self.recovery.is_some() && self.attempts_of_this_generation() == 0
    }

    /// The latest attempt.
    pub fn latest(&self) -> Option<&Attempt> {
        self.latest_first().next()
    }

    /// The attempts that are kept, the latest first.
    pub fn latest_first(&self) -> impl Iterator<Item = &Attempt> {
        self.last.iter().rev().chain(self.first.iter().rev())
    }

    /// Whether nothing more will be tried.
    pub fn has_ended(&self) -> bool {
        match self.state {
            DeliveryState::Delivered | DeliveryState::Failed => true,
            DeliveryState::Pending => false,
        }
    }
}

/// The instant of an epoch in milliseconds.
pub fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovered_delivery_counts_its_attempts_and_its_age_anew() {
        let attempt = |at| Attempt {
            at,
            duration_ms: 1,
            end: AttemptEnd::Rejected,
            status: Some(422),
        };
        let failed = (0..8).fold(DeliveryRecord::new(None), |record, at| {
            record.after(attempt(at), DeliveryState::Failed)
        });
        let recovered = failed.recovered(instant(1_000));
        assert!(!recovered.has_ended() && recovered.awaits_its_recovery());
        assert_eq!(
            recovered.recovery,
            Some(Recovery {
                generation: 1,
                at: 1_000,
                attempts_before: 8
            })
        );
        let tried = recovered.after(attempt(2_000), DeliveryState::Failed);
        assert_eq!(
            (tried.attempts, tried.attempts_of_this_generation()),
            (9, 1)
        );
        assert!(!tried.awaits_its_recovery());
        let again = tried.recovered(instant(3_000));
        assert_eq!(again.generation(), 2);
        assert_eq!(again.latest().map(|attempt| attempt.at), Some(2_000));
    }

    #[test]
    fn the_first_and_the_last_twenty_attempts_are_kept() {
        let attempt = |at| Attempt {
            at,
            duration_ms: 1,
            end: AttemptEnd::NoAnswer,
            status: None,
        };
        let record = (0..100).fold(DeliveryRecord::new(None), |record, at| {
            record.after(attempt(at), DeliveryState::Pending)
        });
        assert_eq!(record.attempts, 100);
        assert_eq!(
            record
                .first
                .iter()
                .map(|attempt| attempt.at)
                .collect::<Vec<_>>(),
            (0..20).collect::<Vec<_>>()
        );
        assert_eq!(
            record
                .last
                .iter()
                .map(|attempt| attempt.at)
                .collect::<Vec<_>>(),
            (80..100).collect::<Vec<_>>()
        );
        assert_eq!(
            record
                .latest_first()
                .map(|attempt| attempt.at)
                .collect::<Vec<_>>(),
            (80..100).rev().chain((0..20).rev()).collect::<Vec<_>>()
        );
    }
}
