//! Puts every response to a path below `/v3/` into the provider's envelope: the result of a handler, and any problem, also
//! those of the edge. A handler returns its data alone, as elsewhere, so that no function can forget the envelope.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::http::header::{CONTENT_TYPE, HeaderValue};
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::clock;
use crate::contract::envelope::{
    EnvelopeBody, EnvelopeErrorBody, EnvelopeMetadataBody, FailedEnvelopeBody,
};
use crate::contract::fields::Warning;
use crate::edge::problem::Problem;

/// What the enveloped paths begin with.
const ENVELOPED: &str = "/v3/";

/// Which part of a list a handler's data is.
#[derive(Debug, Clone)]
struct Pagination(Value);

/// Adds to a handler's response which part of a list its data is: in the envelope it stands beside them.
pub fn with_pagination(mut response: Response<Body>, pagination: Option<Value>) -> Response<Body> {
    if let Some(pagination) = pagination {
        response.extensions_mut().insert(Pagination(pagination));
    }
    response
}

/// The envelope of the response to a request.
#[derive(Debug)]
pub(super) struct Envelope {
    path: String,
    answered_at: Timestamp,
}

impl Envelope {
    /// The envelope, if the request's path is below `/v3/`.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let path = request.raw_http_path();
        path.starts_with(ENVELOPED).then(|| Self {
            path: path.to_owned(),
            answered_at: clock::now(),
        })
    }

    /// A handler's response in the envelope; one whose body is not JSON has no data.
    pub(super) fn success(
        &self,
        mut response: Response<Body>,
        warnings: Vec<Warning>,
    ) -> Response<Body> {
        let pagination = response.extensions_mut().remove::<Pagination>();
        let body = String::from_utf8_lossy(response.body().as_ref()).into_owned();
        let enveloped = EnvelopeBody {
            metadata: EnvelopeMetadataBody {
                warnings: (!warnings.is_empty()).then_some(warnings),
                ..self.metadata(response.status(), None)
            },
            data: RawValue::from_string(body).ok(),
            pagination: pagination.map(|Pagination(pagination)| pagination),
        };
        put(&mut response, serde_json::to_string(&enveloped));
        response
    }

    /// A problem in the envelope, with its usual status and headers.
    pub(super) fn failure(&self, problem: Problem) -> Response<Body> {
        let (errors, mut response) = problem.into_enveloped();
        let enveloped = FailedEnvelopeBody {
            metadata: self.metadata(response.status(), Some(errors)),
            data: (),
        };
        put(&mut response, serde_json::to_string(&enveloped));
        response
    }

    fn metadata(
        &self,
        status: StatusCode,
        errors: Option<Vec<EnvelopeErrorBody>>,
    ) -> EnvelopeMetadataBody {
        EnvelopeMetadataBody {
            path: self.path.clone(),
            http_status_code: status.as_u16(),
            http_status: status.canonical_reason().unwrap_or_default().to_owned(),
            timestamp: self.answered_at.as_second(),
            errors,
            warnings: None,
        }
    }
}

fn put(response: &mut Response<Body>, body: serde_json::Result<String>) {
    *response.body_mut() = Body::from(body.unwrap_or_default());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
}

#[cfg(test)]
mod tests;
