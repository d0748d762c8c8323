//! Failures of flows, named by what the caller does next.

use std::time::Duration;

use crate::contract::fields::Violation;
use crate::domain::booking_refusal::RefusalKind;
use crate::domain::client::Scope;
use crate::domain::draft::WrongField;
use crate::domain::endpoint_limits::LimitReached;
use crate::domain::failure_cause::FailureCause;
use crate::domain::given_id::TakenId;
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::text::AggregatorName;
use crate::flows::channel_failure::ChannelFailure;
use crate::outbound::client::SendError;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::queue::sender::NotSent;
use crate::random::NoRandomness;
use crate::store::failure::StoreFailure;

/// Why something cannot be removed: it is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InUse {
    /// The number of users.
    pub count: u64,
    /// What uses it, as text after the count.
    pub by: &'static str,
    /// Whether there may be more that were not counted.
    pub is_more: bool,
}

/// The cause of a failure, for the log only; the caller does not see it.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a partner was not reached, if a failed connection is the cause.
pub fn cause_of_unreached(cause: &Cause) -> Option<FailureCause> {
    cause.downcast_ref::<SendError>().and_then(SendError::cause)
}

/// Why a flow failed.
#[derive(Debug, thiserror::Error)]
pub enum FlowFailure {
    /// The object does not exist or belongs to another client.
    #[error("not found")]
    NotFound(&'static str),
    /// The request is well-formed, but contains invalid values.
    #[error("the request is invalid")]
    Invalid(Vec<Violation>),
    /// The client has no account with that alias, or the alias is missing and the client has several accounts.
    #[error("unknown account alias")]
    UnknownAlias(&'static str),
    /// The caller's key does not have a scope that it would grant to another key.
    #[error("the key lacks a scope")]
    LacksScope(Scope),
    /// The aggregator or the channel of the account does not support this.
    #[error("the account does not support this")]
    NotSupported(&'static str),
    /// Another request is processing the same order.
    #[error("in progress")]
    InProgress(Duration),
    /// The order number was already used with other content.
    #[error("the order number was used with other content")]
    OrderNumberReused,
    /// These order numbers of the request were used with other content.
    #[error("order numbers were used with other content")]
    NumbersReused(Vec<Violation>),
    /// These items of a return have another result already, and the request is no correction.
    #[error("the items were processed before")]
    AlreadyProcessed(Vec<Violation>),
    /// The return order is cancelled.
    #[error("the return order is cancelled")]
    ReturnCancelled,
    /// The return order is in a state in which it cannot be cancelled.
    #[error("the return order has ended")]
    ReturnEnded(ReturnOrderState),
    /// The aggregator refused the data.
    #[error("refused by the aggregator")]
    Refused(AggregatorName, Refusal),
    /// The aggregator refused the account's credentials.
    #[error("the aggregator refused the credentials")]
    BadCredentials,
    /// The account lacks a setting that the call needs.
    #[error("the account has no {0}")]
    NotConfigured(&'static str),
    /// The aggregator's response to a reading call could not be parsed.
    #[error("the aggregator's response could not be parsed")]
    AggregatorUnreadable(#[source] Option<Cause>),
    /// Nothing was sent, or a reading call got no response.
    #[error("the aggregator is unavailable")]
    AggregatorUnavailable(Option<Duration>, #[source] Option<Cause>),
    /// The label's document may never be fetched from its URL.
    #[error("the label document cannot be fetched")]
    DocumentUnreachable(#[source] Cause),
    /// The label's document is not available at present.
    #[error("the label document is unavailable")]
    DocumentUnavailable(#[source] Cause),
    /// A creating call may have taken effect.
    #[error("the outcome is unknown")]
    OutcomeUnknown(#[source] Option<Cause>),
    /// The aggregator gave the order an id that another order of the account has.
    #[error("the outcome is unknown")]
    IdTaken(#[source] Box<TakenId>),
    /// A call to a sales channel failed.
    #[error(transparent)]
    Channel(#[from] ChannelFailure),
    /// The current version differs from the one that the caller expects.
    #[error("the current version does not match")]
    Stale,
    /// The object cannot be removed because it is in use.
    #[error("it is in use")]
    InUse(InUse),
    /// The client may not have another one.
    #[error("a limit is reached")]
    LimitReached(#[from] LimitReached),
    /// Other writers were faster at each attempt.
    #[error("too many concurrent changes")]
    Contended,
    /// No secret could be generated.
    #[error("no secret could be generated")]
    NoRandomness(#[from] NoRandomness),
    /// A delivery could not be put into the queue.
    #[error("the delivery was not queued")]
    NotQueued(#[from] NotSent),
    /// Storage failed.
    #[error("storage failed")]
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
    /// One field has an invalid value.
    pub(crate) fn of_field(pointer: &str, detail: String) -> Self {
        Self::Invalid(vec![Violation {
            pointer: pointer.to_owned(),
            detail,
        }])
    }

    /// The kind of problem with which a request is answered whose claim is released with this failure.
    pub fn refusal_kind(&self) -> RefusalKind {
        match self {
            Self::Refused(..) => RefusalKind::RefusedByAggregator,
            Self::Invalid(_) => RefusalKind::InvalidRequest,
            Self::NotSupported(_) | Self::NotConfigured(_) => RefusalKind::CapabilityNotSupported,
            Self::BadCredentials => RefusalKind::AggregatorCredentials,
            Self::AggregatorUnreadable(_) => RefusalKind::AggregatorUnreadable,
            Self::AggregatorUnavailable(..) => RefusalKind::AggregatorUnavailable,
            Self::OutcomeUnknown(_) => RefusalKind::OutcomeUnknown,
            Self::Store(_) => RefusalKind::Unavailable,
            // No claim is released with these.
            Self::NotFound(_)
            | Self::UnknownAlias(_)
            | Self::LacksScope(_)
            | Self::InProgress(_)
            | Self::OrderNumberReused
            | Self::NumbersReused(_)
            | Self::AlreadyProcessed(_)
            | Self::ReturnCancelled
            | Self::ReturnEnded(_)
            | Self::DocumentUnreachable(_)
            | Self::DocumentUnavailable(_)
            | Self::IdTaken(_)
            | Self::Channel(_)
            | Self::Stale
            | Self::InUse(_)
            | Self::LimitReached(_)
            | Self::Contended
            | Self::NoRandomness(_)
            | Self::NotQueued(_) => RefusalKind::Other,
        }
    }

    /// Translates an aggregator's failure for the caller.
    pub fn of(aggregator: &AggregatorName, failure: PartnerFailure) -> Self {
        match failure {
            PartnerFailure::NotSent(error) => Self::AggregatorUnavailable(None, Some(error.into())),
            PartnerFailure::Unreachable => Self::AggregatorUnavailable(None, None),
            PartnerFailure::Invalid(violations) => Self::Invalid(violations),
            PartnerFailure::NotConfigured(what) => Self::NotConfigured(what),
            PartnerFailure::Throttled(after) => Self::AggregatorUnavailable(after, None),
            PartnerFailure::OutcomeUnknown => Self::OutcomeUnknown(None),
            PartnerFailure::Refused(refusal) => Self::Refused(aggregator.clone(), refusal),
            PartnerFailure::BadCredentials | PartnerFailure::LacksRight(_) => Self::BadCredentials,
            PartnerFailure::Unreadable => Self::AggregatorUnreadable(None),
        }
    }
}
