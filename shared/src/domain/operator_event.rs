//! What the operators of a client's systems are told of: something of theirs stopped working, works again, or lost messages.
//!
//! The cause of an event is a part of its identity, so a cause that shows again and again is told once: a suspension by its
//! beginning, as are refused credentials, what was given up once a day, a code once for as long as messages are kept.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::message::MessageSubject;
use crate::domain::text::{AccountAlias, EndpointId};

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorEvent {
    /// What it is about.
    pub about: About,
    /// What happened.
    pub kind: OperatorEventKind,
    /// Why: a word of RMS, or an aggregator's code.
    pub reason: Option<String>,
    /// When it began.
    pub at: Timestamp,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A webhook endpoint.
    Endpoint(EndpointId),
    /// A logistic account.
    Account(AccountAlias),
    /// A channel account.
    ChannelAccount(AccountAlias),
}

/// What happened.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    serde::Serialize,
    strum::Display,
    strum::EnumIter,
    strum::EnumMessage,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OperatorEventKind {
    /// The endpoint fails or is too slow: its messages are parked, and it is probed every minute.
    EndpointSuspended,
    /// The endpoint accepted a probe: its parked messages are delivered now.
    EndpointResumed,
    /// RMS disabled the endpoint: its messages are given up until the client enables it, and can be recovered then.
    EndpointDisabled,
    /// Deliveries to the endpoint were given up; told once a day for each reason. They can be recovered.
    DeliveriesGivenUp,
    /// An aggregator pushed a status code that RMS does not know: it is stored, but not forwarded.
    NewUnmappedCode,
    /// A partner refuses the account's credentials: nothing works with it until they are replaced or the partner takes them again.
    AccountRefused,
    /// The partner takes the account's credentials again.
    AccountAccepted,
}

impl OperatorEventKind {
    /// What it means and what follows.
    pub fn meaning(self) -> &'static str {
        strum::EnumMessage::get_documentation(&self).unwrap_or_default()
    }
}

impl OperatorEvent {
    /// The endpoint that it is about: it is not told of itself.
    pub fn endpoint(&self) -> Option<&EndpointId> {
        match &self.about {
            About::Endpoint(id) => Some(id),
            About::Account(_) | About::ChannelAccount(_) => None,
        }
    }

    /// The subject of its message.
    pub fn subject(&self) -> MessageSubject {
        match &self.about {
            About::Endpoint(id) => MessageSubject::Endpoint(id.clone()),
            About::Account(alias) | About::ChannelAccount(alias) => {
                MessageSubject::Account(alias.clone())
            }
        }
    }

    /// What distinguishes its cause from others of the same subject.
    pub fn cause(&self) -> Vec<String> {
        let when = match self.kind {
            OperatorEventKind::EndpointSuspended
            | OperatorEventKind::EndpointResumed
            | OperatorEventKind::EndpointDisabled
            | OperatorEventKind::AccountRefused
            | OperatorEventKind::AccountAccepted => self.at.as_millisecond().to_string(),
            OperatorEventKind::DeliveriesGivenUp => {
                self.at.to_zoned(TimeZone::UTC).date().to_string()
            }
            OperatorEventKind::NewUnmappedCode => String::new(),
        };
        let reason = self.reason.clone().unwrap_or_default();
        vec![self.kind.to_string(), when, reason]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: OperatorEventKind, at: &str, reason: &str) -> OperatorEvent {
        OperatorEvent {
            about: About::Endpoint("oms".parse().unwrap()),
            kind,
            reason: Some(reason.to_owned()),
            at: at.parse().unwrap(),
        }
    }

    #[test]
    fn a_cause_that_shows_again_is_the_same_event() {
        let (noon, later, next_day) = (
            "2026-11-30T12:00:00Z",
            "2026-11-30T12:00:01Z",
            "2026-12-01T00:00:00Z",
        );
        let causes = |kind, at, reason| event(kind, at, reason).cause();
        let suspended = OperatorEventKind::EndpointSuspended;
        assert_eq!(
            causes(suspended, noon, "FAILING"),
            causes(suspended, noon, "FAILING")
        );
        assert_ne!(
            causes(suspended, noon, "FAILING"),
            causes(suspended, later, "FAILING")
        );
        let given_up = OperatorEventKind::DeliveriesGivenUp;
        assert_eq!(
            causes(given_up, noon, "REJECTED"),
            causes(given_up, later, "REJECTED")
        );
        assert_ne!(
            causes(given_up, noon, "REJECTED"),
            causes(given_up, next_day, "REJECTED")
        );
        assert_ne!(
            causes(given_up, noon, "REJECTED"),
            causes(given_up, noon, "DISABLED")
        );
        let unmapped = OperatorEventKind::NewUnmappedCode;
        assert_eq!(
            causes(unmapped, noon, "77"),
            causes(unmapped, next_day, "77")
        );
        assert_ne!(causes(unmapped, noon, "77"), causes(unmapped, noon, "78"));
    }
}
