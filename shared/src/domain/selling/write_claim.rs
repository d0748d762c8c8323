//! The claim of a request that changes an order in a sales channel: it makes one request change the order only once.
//!
//! A request claims its change before it sends anything. What the channel has at that time is stored with the claim before the
//! change is sent. If the answer is lost, a repeat compares: only what is new can be the result of the lost attempt.

use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::claim_end::FailedAttempt;
use crate::domain::selling::document::{ChannelDocumentId, DocumentItem};

/// How long a request holds a claim and the order: the maximum run time of a function. After that, its holder has ended.
pub const LEASE: Duration = Duration::from_secs(30);
/// How long after an attempt was sent its effect may still appear in the channel: until then, that it cannot be seen does not
/// mean that it did not happen.
pub const SETTLES_WITHIN: Duration = Duration::from_secs(15);

/// The changes of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "UPPERCASE")]
pub enum WriteAction {
    /// The client's system has the order.
    Acknowledge,
    /// The order is cancelled.
    Cancel,
    /// A new invoice.
    Invoice,
    /// A new shipment.
    Shipment,
    /// The order is handed over.
    Handover,
}

/// The state of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum WriteStanding {
    /// A request is making the change, until its lease ends.
    Claimed,
    /// It was attempted and its outcome is unknown.
    Uncertain,
    /// It is made: the answer is recorded.
    Done,
    /// It was not made: any content may use the claim.
    Released,
}

/// An attempt, as it was stored before it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentWrite {
    /// When it was sent, in epoch milliseconds.
    pub at: i64,
    /// The documents that the channel had before.
    #[serde(default)]
    pub known: Vec<ChannelDocumentId>,
    /// The rows that the document was to have.
    #[serde(default)]
    pub items: Vec<DocumentItem>,
    /// How many pieces of the order were cancelled before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_before: Option<Decimal>,
}

/// A stored claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WriteClaim {
    /// Its state.
    pub standing: WriteStanding,
    /// The digest of the request.
    pub content: String,
    /// The request that wrote it last.
    pub holder: String,
    /// When the holder's lease expires, in epoch milliseconds.
    pub lease_until: i64,
    /// The attempt that was sent last; absent if none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentWrite>,
    /// The document that it created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<ChannelDocumentId>,
    /// The recorded answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// What a request does about the claim that it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteDecision {
    /// Claim it: nothing of an earlier request can exist.
    Begin,
    /// Return the recorded answer.
    Replay,
    /// Refuse: the key was used for another request.
    OtherContent,
    /// Another request is making the change: retry after this time.
    Wait(Duration),
    /// Take the claim over, and find out what became of the attempt.
    FindOut,
}

impl WriteClaim {
    /// A claim of a request with the digest `content`. What an earlier attempt left in `met` stays known.
    pub fn new(content: &str, holder: String, met: Option<&Self>, now: Timestamp) -> Self {
        let met = met.filter(|met| decide(Some(met), content, now) == WriteDecision::FindOut);
        Self {
            standing: WriteStanding::Claimed,
            content: content.to_owned(),
            holder,
            lease_until: (now + LEASE).as_millisecond(),
            sent: met.and_then(|met| met.sent.clone()),
            made: met.and_then(|met| met.made.clone()),
            answer: None,
        }
    }
}

/// Decides what a request with the digest `content` does at `now` about the claim that it finds.
pub fn decide(met: Option<&WriteClaim>, content: &str, now: Timestamp) -> WriteDecision {
    let Some(met) = met else {
        return WriteDecision::Begin;
    };
    let left = u64::try_from(met.lease_until - now.as_millisecond()).unwrap_or_default();
    let is_held = met.standing == WriteStanding::Claimed && left > 0;
    let may_exist = met.sent.is_some() || is_held || met.standing == WriteStanding::Done;
    match met.standing {
        WriteStanding::Released => WriteDecision::Begin,
        WriteStanding::Claimed | WriteStanding::Uncertain if !may_exist => WriteDecision::Begin,
        WriteStanding::Claimed | WriteStanding::Uncertain | WriteStanding::Done
            if met.content != content =>
        {
            WriteDecision::OtherContent
        }
        WriteStanding::Done => WriteDecision::Replay,
        WriteStanding::Claimed if is_held => WriteDecision::Wait(Duration::from_millis(left)),
        WriteStanding::Claimed | WriteStanding::Uncertain => WriteDecision::FindOut,
    }
}

/// The state of a claim after an attempt that failed. `in_doubt`: an earlier attempt may have taken effect.
pub fn standing_after(failed: FailedAttempt, in_doubt: bool) -> WriteStanding {
    match failed {
        FailedAttempt::Refused => WriteStanding::Released,
        FailedAttempt::WithoutEffect if !in_doubt => WriteStanding::Released,
        FailedAttempt::WithoutEffect | FailedAttempt::Unclear => WriteStanding::Uncertain,
    }
}

/// How long to wait until the change may be sent again, because an attempt that was sent at `sent_at` has no visible effect;
/// zero if it may be sent now.
pub fn wait_before_resend(sent_at: i64, now: Timestamp, settles_within: Duration) -> Duration {
    let since = u64::try_from(now.as_millisecond() - sent_at).unwrap_or_default();
    settles_within.saturating_sub(Duration::from_millis(since))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDINGS: [WriteStanding; 4] = [
        WriteStanding::Claimed,
        WriteStanding::Uncertain,
        WriteStanding::Done,
        WriteStanding::Released,
    ];

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn sent() -> SentWrite {
        SentWrite {
            at: at(70).as_millisecond(),
            known: vec!["1".parse().unwrap()],
            items: Vec::new(),
            cancelled_before: None,
        }
    }

    fn claim(standing: WriteStanding, lease_until: i64, was_sent: bool) -> WriteClaim {
        WriteClaim {
            standing,
            content: "content".to_owned(),
            holder: "holder".to_owned(),
            lease_until: at(lease_until).as_millisecond(),
            sent: was_sent.then(sent),
            made: None,
            answer: None,
        }
    }

    fn decided(met: &WriteClaim, content: &str) -> WriteDecision {
        decide(Some(met), content, at(100))
    }

    #[test]
    fn a_free_claim_begins_with_any_content() {
        assert_eq!(decide(None, "content", at(100)), WriteDecision::Begin);
        for was_sent in [true, false] {
            let released = claim(WriteStanding::Released, 200, was_sent);
            assert_eq!(decided(&released, "other"), WriteDecision::Begin);
        }
    }

    #[test]
    fn a_request_that_died_before_it_sent_anything_left_nothing() {
        for standing in [WriteStanding::Claimed, WriteStanding::Uncertain] {
            for content in ["content", "other"] {
                let met = claim(standing, 100, false);
                assert_eq!(decided(&met, content), WriteDecision::Begin);
            }
        }
    }

    #[test]
    fn another_content_is_refused_as_long_as_something_may_exist() {
        for standing in STANDINGS {
            for lease in [99, 200] {
                let met = claim(standing, lease, true);
                let is_free = standing == WriteStanding::Released;
                let refused = decided(&met, "other") == WriteDecision::OtherContent;
                assert_eq!(refused, !is_free, "{standing} {lease}");
            }
        }
        let held = claim(WriteStanding::Claimed, 101, false);
        assert_eq!(decided(&held, "other"), WriteDecision::OtherContent);
    }

    #[test]
    fn a_request_waits_for_a_live_lease_and_finds_out_after_an_expired_one() {
        for was_sent in [true, false] {
            let held = claim(WriteStanding::Claimed, 103, was_sent);
            let wait = WriteDecision::Wait(Duration::from_secs(3));
            assert_eq!(decided(&held, "content"), wait);
        }
        let dead = claim(WriteStanding::Claimed, 100, true);
        assert_eq!(decided(&dead, "content"), WriteDecision::FindOut);
        let uncertain = claim(WriteStanding::Uncertain, 200, true);
        assert_eq!(decided(&uncertain, "content"), WriteDecision::FindOut);
        let done = claim(WriteStanding::Done, 200, true);
        assert_eq!(decided(&done, "content"), WriteDecision::Replay);
    }

    #[test]
    fn what_was_sent_stays_known_only_while_it_may_exist() {
        let next = |met: &WriteClaim, content: &str| {
            WriteClaim::new(content, "next".to_owned(), Some(met), at(100)).sent
        };
        let uncertain = claim(WriteStanding::Uncertain, 200, true);
        assert_eq!(next(&uncertain, "content"), Some(sent()));
        let released = claim(WriteStanding::Released, 200, true);
        assert_eq!(next(&released, "content"), None);
    }

    #[test]
    fn only_a_refusal_ends_an_earlier_doubt() {
        use FailedAttempt::{Refused, Unclear, WithoutEffect};
        for (failed, in_doubt, standing) in [
            (Refused, false, WriteStanding::Released),
            (Refused, true, WriteStanding::Released),
            (WithoutEffect, false, WriteStanding::Released),
            (WithoutEffect, true, WriteStanding::Uncertain),
            (Unclear, false, WriteStanding::Uncertain),
            (Unclear, true, WriteStanding::Uncertain),
        ] {
            assert_eq!(standing_after(failed, in_doubt), standing);
        }
    }

    #[test]
    fn an_attempt_is_repeated_only_after_its_effect_would_be_visible() {
        let wait = |now: i64| {
            wait_before_resend(at(100).as_millisecond(), at(now), Duration::from_secs(15))
        };
        assert_eq!(wait(100), Duration::from_secs(15));
        assert_eq!(wait(114), Duration::from_secs(1));
        assert_eq!(wait(115), Duration::ZERO);
        assert_eq!(wait(900), Duration::ZERO);
        // Another instance's clock is a little behind.
        assert_eq!(wait(99), Duration::from_secs(15));
    }
}
