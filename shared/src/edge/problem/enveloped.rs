//! A problem as the errors of an envelope.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};

use crate::contract::envelope::EnvelopeErrorBody;
use crate::edge::problem::{PartnerRefusal, Problem};

impl Problem {
    /// The errors of an envelope, and a response with the problem's status and headers and without a body.
    pub(in crate::edge) fn into_enveloped(self) -> (Vec<EnvelopeErrorBody>, Response<Body>) {
        let code = self.kind.slug();
        let mut response = Response::new(Body::Empty);
        *response.status_mut() =
            StatusCode::from_u16(self.kind.meaning().status).unwrap_or_default();
        response.headers_mut().extend(self.headers);
        let invalid = self.errors.unwrap_or_default();
        if !invalid.is_empty() {
            let errors = invalid.into_iter().map(|violation| EnvelopeErrorBody {
                code,
                message: violation.detail,
                pointer: Some(violation.pointer),
            });
            return (errors.collect(), response);
        }
        let refusal = self.refusal.as_deref().and_then(PartnerRefusal::words);
        let error = EnvelopeErrorBody {
            code,
            message: refusal.unwrap_or(self.detail),
            pointer: None,
        };
        (vec![error], response)
    }
}

impl PartnerRefusal {
    /// The refusal in one sentence; `None` if the partner gave no reason.
    fn words(&self) -> Option<String> {
        let (name, code, message) = match self {
            Self::Aggregator(refusal) => (&refusal.name, &refusal.code, &refusal.message),
            Self::Channel(refusal) => (&refusal.name, &refusal.code, &refusal.message),
        };
        let reason = match (message, code) {
            (Some(message), Some(code)) => format!("{message} ({code})"),
            (Some(reason), None) | (None, Some(reason)) => reason.clone(),
            (None, None) => return None,
        };
        Some(format!("{name} refused the request: {reason}"))
    }
}
