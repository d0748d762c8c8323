//! What went wrong at a partner, named by what may be done next.

use std::time::Duration;

use strum::IntoStaticStr;

use crate::contract::fields::Violation;
use crate::outbound::client::SendError;
use crate::partners::progress::NotKept;

/// Why a partner did not do what was asked.
#[derive(Debug, thiserror::Error, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum PartnerFailure {
    /// Nothing was sent: it may be sent again.
    #[error("nothing was sent to the partner")]
    NotSent(#[source] SendError),
    /// The account lacks what the call needs; nothing was sent.
    #[error("the account has no {0}")]
    NotConfigured(&'static str),
    /// The partner has no place for what the request says; nothing was sent.
    #[error("the partner cannot take the request")]
    Invalid(Vec<Violation>),
    /// A reading call got no answer: it may be repeated.
    #[error("the partner did not answer")]
    Unreachable,
    /// The partner did nothing because it has too much to do.
    #[error("the partner limits the rate of calls")]
    Throttled(Option<Duration>),
    /// A creating call got no answer, or one that decides nothing: look it up before anything else.
    #[error("it is unknown whether the partner did it")]
    OutcomeUnknown,
    /// The partner refused what was asked.
    #[error("the partner refused")]
    Refused(Refusal),
    /// The partner refused the account's credentials.
    #[error("the partner refused the credentials")]
    BadCredentials,
    /// The answer to a reading call cannot be parsed.
    #[error("the partner's response could not be parsed")]
    Unreadable,
}

impl PartnerFailure {
    /// The partner has no place for what one field of the request says.
    pub fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation {
            pointer: pointer.to_owned(),
            detail: detail.into(),
        }])
    }

    /// Its name in the log, such as `outcome-unknown`.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether it leaves open what the partner did or has.
    pub fn is_unclear(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::Unreachable | Self::OutcomeUnknown | Self::Unreadable => true,
            Self::NotConfigured(_)
            | Self::Invalid(_)
            | Self::Throttled(_)
            | Self::Refused(_)
            | Self::BadCredentials => false,
        }
    }
}

/// The partner did something that is not recorded.
impl From<NotKept> for PartnerFailure {
    fn from(_: NotKept) -> Self {
        Self::OutcomeUnknown
    }
}

/// A partner's refusal in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// Its code.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
}
