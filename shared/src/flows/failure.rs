//! Why a flow did not do what was asked, named by what the caller does next.

use std::time::Duration;

use crate::contract::fields::Violation;
use crate::domain::client::Scope;
use crate::domain::draft::WrongField;
use crate::domain::text::AggregatorName;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::queue::sender::NotSent;
use crate::random::NoRandomness;
use crate::store::failure::StoreFailure;

/// Why something cannot be removed: it is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InUse {
    /// How often.
    pub count: u64,
    /// What needs it, behind the count.
    pub by: &'static str,
    /// Whether there may be more, which were not counted.
    pub is_more: bool,
}

/// What led to a failure, for the log: the caller is not told.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The outcome of a flow that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum FlowFailure {
    /// There is no such object, or it is another client's.
    #[error("not found")]
    NotFound(&'static str),
    /// The request is well-formed, but has values that are not allowed.
    #[error("the request is invalid")]
    Invalid(Vec<Violation>),
    /// The client has no account with that alias, or several and named none.
    #[error("unknown account alias")]
    UnknownAlias(&'static str),
    /// The caller's key lacks a scope that it would give to another.
    #[error("the key lacks a scope")]
    LacksScope(Scope),
    /// The account's aggregator cannot do this.
    #[error("the aggregator does not support this")]
    NotSupported(&'static str),
    /// Another request is working on the same order.
    #[error("in progress")]
    InProgress(Duration),
    /// The order number was used for something else.
    #[error("the order number was used with other content")]
    OrderNumberReused,
    /// The aggregator refused the data.
    #[error("refused by the aggregator")]
    Refused(AggregatorName, Refusal),
    /// The aggregator refused the account's credentials.
    #[error("the aggregator refused the credentials")]
    BadCredentials,
    /// The account lacks something that the call needs.
    #[error("the account has no {0}")]
    NotConfigured(&'static str),
    /// The aggregator's answer to a reading call cannot be read.
    #[error("the aggregator's answer cannot be read")]
    AggregatorUnreadable(#[source] Option<Cause>),
    /// Nothing was sent, or a reading call got no answer.
    #[error("the aggregator is unavailable")]
    AggregatorUnavailable(Option<Duration>, #[source] Option<Cause>),
    /// A creating call may have had its effect.
    #[error("the outcome is unknown")]
    OutcomeUnknown(#[source] Option<Cause>),
    /// What the caller expected is not what is there.
    #[error("the current version is another one")]
    Stale,
    /// What is to be removed is needed.
    #[error("it is in use")]
    InUse(InUse),
    /// Other writers were faster each time.
    #[error("too many concurrent changes")]
    Contended,
    /// No secret can be made.
    #[error("no secret can be made")]
    NoRandomness(#[from] NoRandomness),
    /// A delivery could not be put into the queue.
    #[error("the delivery was not queued")]
    NotQueued(#[from] NotSent),
    /// Our own state cannot be read or written.
    #[error("the store failed")]
    Store(#[from] StoreFailure),
}

impl From<Vec<WrongField>> for FlowFailure {
    fn from(fields: Vec<WrongField>) -> Self {
        let violation = |wrong: WrongField| Violation {
            pointer: format!("/{}", wrong.field),
            detail: wrong.detail,
        };
        Self::Invalid(fields.into_iter().map(violation).collect())
    }
}

impl From<WrongField> for FlowFailure {
    fn from(field: WrongField) -> Self {
        vec![field].into()
    }
}

impl FlowFailure {
    /// One field cannot be meant.
    pub(crate) fn of_field(pointer: &str, detail: String) -> Self {
        Self::Invalid(vec![Violation {
            pointer: pointer.to_owned(),
            detail,
        }])
    }

    /// What an aggregator's failure is to the caller.
    pub fn of(aggregator: &AggregatorName, failure: PartnerFailure) -> Self {
        match failure {
            PartnerFailure::NotSent(error) => Self::AggregatorUnavailable(None, Some(error.into())),
            PartnerFailure::Unreachable => Self::AggregatorUnavailable(None, None),
            PartnerFailure::Invalid(violations) => Self::Invalid(violations),
            PartnerFailure::NotConfigured(what) => Self::NotConfigured(what),
            PartnerFailure::Throttled(after) => Self::AggregatorUnavailable(after, None),
            PartnerFailure::OutcomeUnknown => Self::OutcomeUnknown(None),
            PartnerFailure::Refused(refusal) => Self::Refused(aggregator.clone(), refusal),
            PartnerFailure::BadCredentials => Self::BadCredentials,
            PartnerFailure::Unreadable => Self::AggregatorUnreadable(None),
        }
    }
}
