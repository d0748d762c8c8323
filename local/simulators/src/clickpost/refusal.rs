//! The vendor's refusals: nearly always HTTP 200 with `meta.success` false and the reason in `meta.status`.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// The courier refused.
pub(super) const COURIER_REFUSED: u16 = 319;
/// The waybill is unknown, or it is too late.
pub(super) const CANNOT_CANCEL: u16 = 350;
/// The account does not have the service; the only refusal with HTTP 401.
pub(super) const NOT_SUBSCRIBED: u16 = 320;
/// Any error without its own code.
pub(super) const BAD_REQUEST: u16 = 400;

/// A refusal.
#[derive(Debug)]
pub(super) enum Refusal {
    /// In the usual envelope.
    Told {
        http: StatusCode,
        code: u16,
        message: String,
        /// In the top level of the answer if the courier refused an order.
        reference_number: Option<String>,
    },
    /// HTTP 400 without a body, as for fetching an order that does not exist.
    Speechless,
}

impl Refusal {
    /// A usual refusal.
    pub(super) fn of(code: u16, message: impl Into<String>) -> Self {
        Self::Told {
            http: StatusCode::OK,
            code,
            message: message.into(),
            reference_number: None,
        }
    }

    /// A refusal with HTTP 400.
    pub(super) fn with_http_400(code: u16, message: impl Into<String>) -> Self {
        Self::with_http(StatusCode::BAD_REQUEST, code, message)
    }

    fn with_http(http: StatusCode, code: u16, message: impl Into<String>) -> Self {
        Self::Told {
            http,
            code,
            message: message.into(),
            reference_number: None,
        }
    }

    pub(super) fn unauthorized() -> Self {
        Self::of(301, "Authentication Failed: Invalid Token or API Key")
    }

    pub(super) fn unknown_account() -> Self {
        Self::of(351, "Clickpost Account: Does not exist")
    }

    pub(super) fn cannot_cancel() -> Self {
        Self::with_http_400(
            CANNOT_CANCEL,
            "Invalid Waybill/ Waybill cannot be cancelled",
        )
    }

    pub(super) fn missing_parameters(names: &[&str]) -> Self {
        let message = format!("missing parameters: {}", names.join(", "));
        Self::of(BAD_REQUEST, message)
    }

    /// The courier refused the order with this reference number, with this message.
    pub(super) fn by_courier(reference_number: Option<&str>, words: impl Into<String>) -> Self {
        Self::Told {
            http: StatusCode::OK,
            code: COURIER_REFUSED,
            message: words.into(),
            reference_number: reference_number.map(str::to_owned),
        }
    }

    /// A refusal that a test requested. `message` may start with the code, as in `329: too slow`.
    pub(super) fn ordered(usual_code: u16, body: &Value, message: Option<String>) -> Self {
        let message = message.unwrap_or_else(|| "the courier does not take it".to_owned());
        let (code, words) = match coded(&message) {
            Some((code, words)) => (code, words.to_owned()),
            None => (usual_code, message),
        };
        match code {
            CANNOT_CANCEL => Self::with_http_400(code, words),
            NOT_SUBSCRIBED => Self::with_http(StatusCode::UNAUTHORIZED, code, words),
            COURIER_REFUSED => Self::by_courier(reference_number(body), words),
            _ => Self::of(code, words),
        }
    }
}

fn coded(message: &str) -> Option<(u16, &str)> {
    let (code, words) = message.split_once(": ")?;
    let code = code.parse().ok()?;
    (100..1000).contains(&code).then_some((code, words))
}

fn reference_number(body: &Value) -> Option<&str> {
    body.pointer("/shipment_details/reference_number")?.as_str()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self::Told {
            http,
            code,
            message,
            reference_number,
        } = self
        else {
            return (StatusCode::BAD_REQUEST, Json(json!({}))).into_response();
        };
        let mut body = json!({ "meta": { "status": code, "message": message, "success": false } });
        if let (Value::Object(fields), Some(reference)) = (&mut body, reference_number) {
            fields.insert("reference_number".to_owned(), reference.into());
        }
        (http, Json(body)).into_response()
    }
}
