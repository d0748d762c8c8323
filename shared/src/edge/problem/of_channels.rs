//! The problems of calls to a sales channel.

use crate::contract::problem::ChannelRefusalBody;
use crate::edge::problem::kind::ProblemKind;
use crate::edge::problem::{PartnerRefusal, Problem, SOON};
use crate::flows::channel_failure::ChannelFailure;

/// What the caller does about an unknown outcome.
const UNKNOWN: &str = "the channel gave no clear response, so it may have done it; repeat the same request to find out";

impl From<ChannelFailure> for Problem {
    fn from(failure: ChannelFailure) -> Self {
        match failure {
            ChannelFailure::Refused(name, refusal) => Self {
                refusal: Some(Box::new(PartnerRefusal::Channel(ChannelRefusalBody {
                    name: name.to_string(),
                    code: refusal.code,
                    message: refusal.message,
                }))),
                ..Self::new(
                    ProblemKind::RefusedByChannel,
                    "the channel refused the request; see channel for its code and message",
                )
            },
            ChannelFailure::BadCredentials => Self::new(
                ProblemKind::ChannelCredentials,
                "the channel refused the account's credentials; nothing was done",
            ),
            ChannelFailure::LacksRight(right) => Self::new(
                ProblemKind::ChannelCredentials,
                format!(
                    "the channel refused: the account's credentials lack the right {right}, or are not accepted at all"
                ),
            ),
            ChannelFailure::Unreadable => Self::new(
                ProblemKind::ChannelUnreadable,
                "the channel's response could not be parsed",
            ),
            ChannelFailure::Unavailable(after, cause) => Self::retry(
                ProblemKind::ChannelUnavailable,
                "the channel is unavailable; nothing was done",
                after.unwrap_or(SOON),
            )
            .unreached(cause.as_ref()),
            ChannelFailure::OutcomeUnknown(after) => {
                let (kind, detail) = (ProblemKind::OutcomeUnknown, UNKNOWN);
                after.map_or_else(
                    || Self::new(kind, detail),
                    |after| Self::retry(kind, detail, after),
                )
            }
        }
    }
}
