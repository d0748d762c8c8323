//! Deliveries of a message with their attempts, as several screens show them.

use serde::Deserialize;

use crate::moment::Moment;

/// A delivery.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownDelivery {
    pub(crate) delivery_id: String,
    pub(crate) endpoint_id: String,
    pub(crate) state: String,
    pub(crate) attempt_count: u32,
    pub(crate) recoveries: u32,
    pub(crate) attempts: Vec<ShownAttempt>,
}

/// An attempt.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownAttempt {
    pub(crate) at: Moment,
    pub(crate) status: Option<u16>,
    pub(crate) end: String,
    pub(crate) duration_ms: u64,
}

/// The end of an attempt in words.
pub(crate) fn in_words(end: &str) -> &str {
    match end {
        "ACCEPTED" => "accepted",
        "REJECTED" => "refused by the endpoint",
        "NO_CONNECTION" => "no connection",
        "NO_ANSWER" => "no answer in time",
        "FORBIDDEN_TARGET" => "the URL must not be called",
        "NOT_SIGNED" => "could not be signed",
        "DISABLED" => "the endpoint was disabled",
        "REMOVED" => "the endpoint was removed",
        "EXPIRED" => "its payload had expired",
        other => other,
    }
}

/// The end of an attempt in words, with the status of the answer.
pub(crate) fn result(end: &str, status: Option<u16>) -> String {
    let words = in_words(end);
    status.map_or_else(|| words.to_owned(), |status| format!("{words} ({status})"))
}

/// The colour of a state: `good`, `bad`, `busy` or `calm`.
pub(crate) fn tone(state: &str) -> &'static str {
    match state {
        "DELIVERED" | "ACTIVE" | "ACCEPTED" | "BOOKED" | "PROCESSED" | "RECEIVED" => "good",
        "FAILED" | "SUSPENDED" | "DISABLED" | "UNCERTAIN" | "LOST" | "UNMAPPED" | "DAMAGED" => {
            "bad"
        }
        "PENDING"
        | "PARKED"
        | "DRAINING"
        | "CLAIMED"
        | "IN_TRANSIT"
        | "OUT_FOR_DELIVERY"
        | "PICKED_UP"
        | "LABEL_READY"
        | "RETURNING_TO_ORIGIN" => "busy",
        _ => "calm",
    }
}

impl ShownDelivery {
    /// Its colour.
    pub(crate) fn tone(&self) -> &'static str {
        tone(&self.state)
    }

    /// How many attempts are not listed: those between the first and the last twenty.
    pub(crate) fn unlisted(&self) -> usize {
        let all = usize::try_from(self.attempt_count).unwrap_or(usize::MAX);
        all.saturating_sub(self.attempts.len())
    }
}

impl ShownAttempt {
    /// How it ended.
    pub(crate) fn words(&self) -> &str {
        in_words(&self.end)
    }

    /// How it ended, with the status of the answer.
    pub(crate) fn result(&self) -> String {
        result(&self.end, self.status)
    }
}
