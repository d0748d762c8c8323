//! Shipper's refusals: an HTTP error status, and `metadata.errors` with a code and a message each.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipper::envelope;

/// The code of an invalid request.
const INVALID_INPUT: u32 = 10005;
const INVALID_INPUT_MESSAGE: &str = "Invalid Input. Please Validate Your Input.";
/// The code of a rate that the order cannot have.
const INVALID_RATE: u32 = 810;
/// The code of an area that a courier does not serve.
pub(super) const NOT_SERVED: u32 = 31006;

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The key is missing or wrong.
    Unauthorized,
    /// What is wrong, one sentence each.
    InvalidInput(Vec<String>),
    /// The rate is not offered for this parcel on this route.
    InvalidRate,
    UnknownOrder,
    /// The refusal of a fault.
    Ordered {
        code: u32,
        message: String,
    },
}

impl Refusal {
    /// A refusal with one sentence.
    pub(super) fn invalid(sentence: impl Into<String>) -> Self {
        Self::InvalidInput(vec![sentence.into()])
    }

    /// The refusal that a test asked for. The message may begin with a code: `31006: not served`.
    pub(super) fn ordered(message: Option<String>) -> Self {
        let message = message.unwrap_or_else(|| INVALID_INPUT_MESSAGE.to_owned());
        let coded = message.split_once(": ");
        let coded = coded.and_then(|(code, rest)| Some((code.parse().ok()?, rest.to_owned())));
        match coded {
            Some((code, message)) => Self::Ordered { code, message },
            None => Self::Ordered {
                code: INVALID_INPUT,
                message,
            },
        }
    }

    pub(super) fn told(&self, request: &VendorRequest) -> Response {
        envelope::refused(request, self.status(), self.errors())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::UnknownOrder => StatusCode::NOT_FOUND,
            Self::InvalidInput(_) | Self::InvalidRate | Self::Ordered { .. } => {
                StatusCode::BAD_REQUEST
            }
        }
    }

    fn errors(&self) -> Value {
        match self {
            Self::Unauthorized => errors(401, "Unauthorized"),
            Self::UnknownOrder => errors(404, "Order not found"),
            Self::InvalidRate => errors(INVALID_RATE, "Invalid rate_id"),
            Self::Ordered { code, message } => errors(*code, message),
            Self::InvalidInput(sentences) => sentences
                .iter()
                .map(|sentence| {
                    error(
                        INVALID_INPUT,
                        &format!("{INVALID_INPUT_MESSAGE} {sentence}"),
                    )
                })
                .collect(),
        }
    }
}

fn errors(code: u32, message: &str) -> Value {
    json!([error(code, message)])
}

fn error(code: u32, message: &str) -> Value {
    json!({ "code": code, "message": message })
}
