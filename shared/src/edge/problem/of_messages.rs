//! The problems of messages and pushes that were not taken.

use std::time::Duration;

use crate::edge::problem::kind::ProblemKind;
use crate::edge::problem::{Problem, SOON};
use crate::flows::messaging::publish_message::PublishFailure;
use crate::flows::notifying::receive_failure::ReceiveFailure;
use crate::telemetry::chain;

impl From<ReceiveFailure> for Problem {
    fn from(failure: ReceiveFailure) -> Self {
        let cause = chain(&failure);
        let problem = match failure {
            ReceiveFailure::Unreadable(unreadable) => unreadable.into(),
            ReceiveFailure::Unproved => Self::unauthenticated(
                "the credential in the body does not match the account's",
                "Basic realm=\"rms\"",
            ),
            ReceiveFailure::TooLarge => Self::new(
                ProblemKind::BodyTooLarge,
                "the push is too large to be stored, even compressed",
            ),
            ReceiveFailure::UnknownAggregator(_) => Self::retry(
                ProblemKind::Unavailable,
                "the aggregator of this account is not supported by this version; push again later",
                SOON,
            ),
            ReceiveFailure::NotEncoded(_) => Self::internal(),
            ReceiveFailure::NotStored(failure) => failure.into(),
            ReceiveFailure::NotSent(_) => Self::retry(
                ProblemKind::Unavailable,
                "the notification is stored but not queued for delivery; push it again",
                SOON,
            ),
            ReceiveFailure::OutOfTime => Self::retry(
                ProblemKind::Unavailable,
                "the push needs more time: a part of it is stored; push it again, and it continues with the rest",
                Duration::from_secs(1),
            ),
        };
        Self {
            cause: Some(cause.into()),
            ..problem
        }
    }
}

impl From<PublishFailure> for Problem {
    fn from(failure: PublishFailure) -> Self {
        match failure {
            PublishFailure::OtherContent => Self::new(
                ProblemKind::OrderNumberReused,
                "the same message was already sent with other content",
            ),
            PublishFailure::NotStored(failure) => failure.into(),
            PublishFailure::NotSent(error) => {
                let problem = Self::retry(
                    ProblemKind::Unavailable,
                    "the message is stored, but not on its way yet; repeat the request",
                    Duration::from_secs(5),
                );
                problem.because(&error)
            }
            PublishFailure::NotSerialised(_) | PublishFailure::NotPacked(_) => {
                Self::new(ProblemKind::Internal, "nothing was done").because(&failure)
            }
        }
    }
}
