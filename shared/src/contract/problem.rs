//! The format of all error responses (RFC 9457).

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::fields::Violation;
use crate::domain::failure_cause::FailureCause;

/// `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A URI that ends with a stable slug and links to the documentation of the problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The problem in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong in this case, and what to do.
    pub detail: String,
    /// The request id, also in the header `x-request-id`.
    pub instance: String,
    /// All invalid fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<Violation>>,
    /// The aggregator's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregator: Option<RefusalBody>,
    /// The sales channel's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelRefusalBody>,
    /// With `aggregator-unavailable` and `channel-unavailable`, if there was no connection: why, in the words of an attempt's
    /// `cause`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<FailureCause>,
    /// With `in-use`: the number of uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// A refusal in the aggregator's own words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AggregatorRefusal)]
pub struct RefusalBody {
    /// The aggregator.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
}

/// A refusal in the sales channel's own words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChannelRefusal)]
pub struct ChannelRefusalBody {
    /// The channel.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
}
