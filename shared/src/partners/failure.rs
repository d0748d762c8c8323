//! Failures of partner calls, named by what the caller may do next.

use std::time::Duration;

use strum::IntoStaticStr;

use crate::contract::fields::Violation;
use crate::domain::claim_end::FailedAttempt;
use crate::outbound::client::SendError;
use crate::partners::progress::NotKept;

/// Why a partner call failed.
#[derive(Debug, thiserror::Error, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum PartnerFailure {
    /// Nothing was sent: it may be retried.
    #[error("nothing was sent to the partner")]
    NotSent(#[source] SendError),
    /// The account lacks a setting that the call needs; nothing was sent.
    #[error("the account has no {0}")]
    NotConfigured(&'static str),
    /// The partner does not support values of the request; nothing was sent.
    #[error("the partner does not support the request")]
    Invalid(Vec<Violation>),
    /// A reading call got no response: it may be retried.
    #[error("the partner did not answer")]
    Unreachable,
    /// The partner did nothing because of its rate limit.
    #[error("the partner limits the rate of calls")]
    Throttled(Option<Duration>),
    /// A creating call got no response or an unclear one: look up the result before anything else.
    #[error("it is unknown whether the partner did it")]
    OutcomeUnknown,
    /// The partner refused the request.
    #[error("the partner refused")]
    Refused(Refusal),
    /// The partner refused the account's credentials.
    #[error("the partner refused the credentials")]
    BadCredentials,
    /// The partner knows the account's credentials, but they lack this right.
    #[error("the credentials lack the right {0}")]
    LacksRight(String),
    /// The response to a reading call could not be parsed.
    #[error("the partner's response could not be parsed")]
    Unreadable,
}

impl PartnerFailure {
    /// The partner does not support the value of one field.
    pub fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation {
            pointer: pointer.to_owned(),
            detail: detail.into(),
        }])
    }

    /// The name of the failure in the log, such as `outcome-unknown`.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// What the failure of a creating call tells about its effect.
    pub fn attempt(&self) -> FailedAttempt {
        match self {
            Self::Refused(_) => FailedAttempt::Refused,
            Self::NotSent(_)
            | Self::NotConfigured(_)
            | Self::Invalid(_)
            | Self::Throttled(_)
            | Self::BadCredentials
            | Self::LacksRight(_) => FailedAttempt::WithoutEffect,
            Self::Unreachable | Self::OutcomeUnknown | Self::Unreadable => FailedAttempt::Unclear,
        }
    }

    /// Whether the partner limits the rate of calls.
    pub fn is_throttled(&self) -> bool {
        matches!(self, Self::Throttled(_))
    }

    /// Whether the state at the partner is unknown.
    pub fn is_unclear(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::Unreachable | Self::OutcomeUnknown | Self::Unreadable => true,
            Self::NotConfigured(_)
            | Self::Invalid(_)
            | Self::Throttled(_)
            | Self::Refused(_)
            | Self::BadCredentials
            | Self::LacksRight(_) => false,
        }
    }
}

/// Something that the partner created could not be recorded.
impl From<NotKept> for PartnerFailure {
    fn from(_: NotKept) -> Self {
        Self::OutcomeUnknown
    }
}

/// A partner's refusal with its own code and message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// The partner's code.
    pub code: Option<String>,
    /// The partner's message.
    pub message: Option<String>,
}
