//! The envelope of the routes below `/v3/`. It is the one of the provider of fulfilment, whose clients call these routes.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::contract::fields::Warning;

/// A response below `/v3/`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Envelope)]
pub struct EnvelopeBody<T> {
    /// What was asked, and how it ended.
    pub metadata: EnvelopeMetadataBody,
    /// The result.
    pub data: T,
    /// Which part of a list the result is, if the provider says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub pagination: Option<Value>,
}

/// A failed request below `/v3/`: it has no data.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FailedEnvelope)]
pub struct FailedEnvelopeBody {
    /// What was asked, and why it failed.
    pub metadata: EnvelopeMetadataBody,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    pub data: (),
}

/// What was asked, and how it ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EnvelopeMetadata)]
pub struct EnvelopeMetadataBody {
    /// The path of the request.
    #[schema(example = "/v3/fulfillment/outbound/oms")]
    pub path: String,
    /// The HTTP status.
    #[schema(example = 202)]
    pub http_status_code: u16,
    /// Its name.
    #[schema(example = "Accepted")]
    pub http_status: String,
    /// When the request was answered, in epoch seconds.
    #[schema(example = 1_796_000_000)]
    pub timestamp: i64,
    /// Why it failed; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<EnvelopeErrorBody>>,
    /// The fields of the request that had no effect; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<Warning>>,
}

/// One reason of a failure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EnvelopeError)]
pub struct EnvelopeErrorBody {
    /// The kind of problem: the stable slug that a `type` ends with elsewhere.
    #[schema(example = "invalid-request")]
    pub code: &'static str,
    /// What is wrong in this case, and what to do.
    #[schema(example = "must be 1 to 50 characters of A-Z, a-z, 0-9, _ and -")]
    pub message: String,
    /// The JSON pointer to the invalid value (RFC 6901); absent if it is not about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/3/so_number")]
    pub pointer: Option<String>,
}
