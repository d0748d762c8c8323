//! Why the last request for a shipment was refused, as its record keeps it.

use serde::{Deserialize, Serialize};

/// The last refusal of a request that claimed the shipment. A later claim or booking removes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingRefusal {
    /// The kind of problem that was answered.
    pub kind: RefusalKind,
    /// The aggregator's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What was wrong: the aggregator's message, or what RMS says of the fields. Without secrets and personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When it was answered, in epoch milliseconds.
    pub at: i64,
}

/// The kinds of problems with which a claim is released, by the names that callers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// The aggregator refused the data.
    RefusedByAggregator,
    /// The aggregator does not take values of the request.
    InvalidRequest,
    /// The account lacks what the request needs.
    CapabilityNotSupported,
    /// The aggregator refused the account's credentials.
    AggregatorCredentials,
    /// The aggregator's answer could not be parsed.
    AggregatorUnreadable,
    /// Nothing was sent to the aggregator, or it did nothing.
    AggregatorUnavailable,
    /// It is unknown whether an order that an earlier request left was cancelled.
    OutcomeUnknown,
    /// Storage failed.
    Unavailable,
    /// Another one, also a word of a newer version of RMS.
    #[serde(other)]
    Other,
}
