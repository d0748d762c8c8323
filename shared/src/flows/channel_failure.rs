//! Failures of calls to a sales channel, named by what the caller does next.

use std::time::Duration;

use crate::domain::text::ChannelName;
use crate::flows::failure::{Cause, FlowFailure};
use crate::partners::failure::{PartnerFailure, Refusal};

/// Why a call to a sales channel failed.
#[derive(Debug, thiserror::Error)]
pub enum ChannelFailure {
    /// The channel refused the request, or did not do it.
    #[error("refused by the channel")]
    Refused(ChannelName, Refusal),
    /// The channel refused the account's credentials.
    #[error("the channel refused the credentials")]
    BadCredentials,
    /// The account's credentials lack this right.
    #[error("the credentials lack the right {0}")]
    LacksRight(String),
    /// The channel's response to a reading call could not be parsed.
    #[error("the channel's response could not be parsed")]
    Unreadable,
    /// Nothing was sent, or a reading call got no response.
    #[error("the channel is unavailable")]
    Unavailable(Option<Duration>, #[source] Option<Cause>),
    /// A changing call may have taken effect. If its effect may still appear, repeat the request after this time.
    #[error("the outcome is unknown")]
    OutcomeUnknown(Option<Duration>),
}

impl FlowFailure {
    /// Translates a channel's failure for the caller.
    pub fn of_channel(channel: &ChannelName, failure: PartnerFailure) -> Self {
        let failure = match failure {
            PartnerFailure::Invalid(violations) => return Self::Invalid(violations),
            PartnerFailure::NotConfigured(what) => return Self::NotConfigured(what),
            PartnerFailure::NotSent(error) => ChannelFailure::Unavailable(None, Some(error.into())),
            PartnerFailure::Unreachable => ChannelFailure::Unavailable(None, None),
            PartnerFailure::Throttled(after) => ChannelFailure::Unavailable(after, None),
            PartnerFailure::OutcomeUnknown => ChannelFailure::OutcomeUnknown(None),
            PartnerFailure::Refused(refusal) => ChannelFailure::Refused(channel.clone(), refusal),
            PartnerFailure::BadCredentials => ChannelFailure::BadCredentials,
            PartnerFailure::LacksRight(right) => ChannelFailure::LacksRight(right),
            PartnerFailure::Unreadable => ChannelFailure::Unreadable,
        };
        Self::Channel(failure)
    }
}
