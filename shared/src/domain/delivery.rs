//! The delivery of a message to an endpoint: its state and attempts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::failure_cause::FailureCause;

/// How many of the first and of the last attempts are kept.
const KEPT: usize = 20;

/// The state of a delivery after an attempt.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, utoipa::ToSchema,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum DeliveryState {
    /// The endpoint answered 2xx.
    Delivered,
    /// It will be retried.
    Pending,
    /// It was given up; it can be recovered.
    Failed,
}

/// The result of an attempt.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AttemptEnd {
    /// The endpoint answered 2xx.
    Accepted,
    /// The endpoint answered with another status.
    Rejected,
    /// No connection could be established.
    NoConnection,
    /// No complete response arrived in time.
    NoAnswer,
    /// The URL may not be called.
    ForbiddenTarget,
    /// The endpoint's signing secret is invalid: nothing was sent.
    NotSigned,
    /// The endpoint is disabled.
    Disabled,
    /// The endpoint no longer exists.
    Removed,
    /// The message and its body have expired.
    Expired,
}

/// One attempt, without bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it began, in epoch milliseconds.
    pub at: i64,
    /// Its duration.
    pub duration_ms: u64,
    /// Its result.
    pub end: AttemptEnd,
    /// Why there was no response, if it was tried and there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<FailureCause>,
    /// The HTTP status, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// The stored record of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryRecord {
    /// Its state.
    pub state: DeliveryState,
    /// The number of attempts.
    pub attempts: u32,
    /// The first attempts.
    pub first: Vec<Attempt>,
    /// The last attempts, if there are more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last: Vec<Attempt>,
    /// How many attempts began after the last one that ended. This is counted only if the message was received
    /// suspiciously often: then these attempts did not end.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub begun: u32,
    /// Its last recovery, if it was given up and recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// When it expires, in epoch seconds; absent if it is kept forever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// The recovery of a delivery that was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovery {
    /// How often the delivery was recovered.
    pub generation: u32,
    /// The time in epoch milliseconds, from which its age is counted.
    pub at: i64,
    /// The number of attempts before: the schedule restarts after them.
    pub attempts_before: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the value by reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl DeliveryRecord {
    /// A delivery without attempts.
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

    /// The record after another attempt.
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

    /// The record of a delivery that is recovered at `now` and waits for attempts.
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

    /// The number of attempts since the last recovery.
    pub fn attempts_of_this_generation(&self) -> u32 {
        let before = self.recovery.map_or(0, |recovery| recovery.attempts_before);
        self.attempts.saturating_sub(before)
    }

    /// Whether it has not been attempted since its recovery.
    pub fn awaits_its_recovery(&self) -> bool {
        self.recovery.is_some() && self.attempts_of_this_generation() == 0
    }

    /// The latest attempt.
    pub fn latest(&self) -> Option<&Attempt> {
        self.latest_first().next()
    }

    /// The kept attempts, latest first.
    pub fn latest_first(&self) -> impl Iterator<Item = &Attempt> {
        self.last.iter().rev().chain(self.first.iter().rev())
    }

    /// Whether no more attempts will be made.
    pub fn has_ended(&self) -> bool {
        match self.state {
            DeliveryState::Delivered | DeliveryState::Failed => true,
            DeliveryState::Pending => false,
        }
    }
}

/// The time of epoch milliseconds.
pub fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_restarts_the_count_of_attempts_and_the_age() {
        let attempt = |at| Attempt {
            at,
            duration_ms: 1,
            end: AttemptEnd::Rejected,
            cause: None,
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
            cause: None,
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
