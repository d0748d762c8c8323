//! What went wrong with an aggregator, named by what may be done next.

use std::time::Duration;

use crate::contract::fields::Violation;
use crate::outbound::client::SendError;

/// Why an aggregator did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing was sent: it may be sent again.
    #[error("nothing was sent to the aggregator")]
    NotSent(#[source] SendError),
    /// The account lacks what the call needs; nothing was sent.
    #[error("the account has no {0}")]
    NotConfigured(&'static str),
    /// The aggregator has no place for what the request says; nothing was sent.
    #[error("the aggregator cannot take the request")]
    Invalid(Vec<Violation>),
    /// A reading call got no answer: it may be repeated.
    #[error("the aggregator gave no answer")]
    Unreachable,
    /// The aggregator did nothing because it has too much to do.
    #[error("the aggregator throttles")]
    Throttled(Option<Duration>),
    /// A creating call got no answer, or one that decides nothing: look it up before anything else.
    #[error("it is unknown whether the aggregator did it")]
    OutcomeUnknown,
    /// The aggregator refused what was asked.
    #[error("the aggregator refused")]
    Refused(Refusal),
    /// The aggregator refused the account's credentials.
    #[error("the aggregator refused the credentials")]
    BadCredentials,
    /// A reading call was answered with what nobody can read.
    #[error("the aggregator's answer cannot be read")]
    Unreadable,
}

impl Failure {
    /// The aggregator has no place for what one field of the request says.
    pub fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation {
            pointer: pointer.to_owned(),
            detail: detail.into(),
        }])
    }
}

/// An aggregator's refusal in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// Its code.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
}
