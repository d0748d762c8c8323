//! The control routes for tests; their calls are not in the call log.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post, put};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::faults::FaultPlanError;
use crate::ways::Direction;
use crate::{Simulators, UnknownSimulator};

/// The control routes of every simulator.
pub(super) fn routes() -> Router<Simulators> {
    Router::new()
        .route("/{alias}/calls", get(calls))
        .route("/{alias}/faults", put(faults))
        .route("/{alias}/advance", post(advance))
}

/// Why an advance cannot start.
#[derive(Debug, thiserror::Error)]
pub(super) enum AdvanceRefusal {
    #[error(transparent)]
    UnknownSimulator(#[from] UnknownSimulator),
    #[error("no shipment has the AWB {0:?}")]
    UnknownAwb(String),
    #[error("no way leads to the state {to:?}; the states for this AWB are {}", direction.states().join(", "))]
    UnknownState { to: String, direction: Direction },
    #[error("unknown dialect {dialect:?}; {}", those(known))]
    UnknownDialect {
        dialect: String,
        known: &'static [&'static str],
    },
    #[error("{vendor} has no code for {state}")]
    NoCode {
        vendor: &'static str,
        state: &'static str,
    },
    #[error("the push URL is not set yet")]
    NoPushTarget,
}

impl AdvanceRefusal {
    pub(super) fn unknown_dialect(dialect: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownDialect {
            dialect: dialect.to_owned(),
            known,
        }
    }
}

fn those(known: &[&str]) -> String {
    if known.is_empty() {
        "this vendor has only one dialect".to_owned()
    } else {
        format!("the dialects are {}", known.join(", "))
    }
}

/// An error of a control route.
#[derive(Debug, thiserror::Error)]
enum ControlError {
    #[error(transparent)]
    UnknownSimulator(#[from] UnknownSimulator),
    #[error("the body could not be parsed: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error(transparent)]
    FaultPlan(#[from] FaultPlanError),
    #[error(transparent)]
    Advance(#[from] AdvanceRefusal),
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::UnknownSimulator(_)
            | Self::Advance(AdvanceRefusal::UnknownSimulator(_) | AdvanceRefusal::UnknownAwb(_)) => {
                StatusCode::NOT_FOUND
            }
            Self::Unreadable(_)
            | Self::FaultPlan(_)
            | Self::Advance(
                AdvanceRefusal::UnknownState { .. }
                | AdvanceRefusal::UnknownDialect { .. }
                | AdvanceRefusal::NoCode { .. },
            ) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Advance(AdvanceRefusal::NoPushTarget) => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "message": self.to_string() }))).into_response()
    }
}

async fn calls(
    State(simulators): State<Simulators>,
    Path(alias): Path<String>,
) -> Result<Response, ControlError> {
    let calls = simulators.calls(&alias)?;
    Ok(Json(json!({ "calls": calls })).into_response())
}

async fn faults(
    State(simulators): State<Simulators>,
    Path(alias): Path<String>,
    body: Bytes,
) -> Result<Response, ControlError> {
    let desk = simulators.vendor(&alias)?.desk();
    let waiting = desk.faults.replace(serde_json::from_slice(&body)?)?;
    Ok(Json(json!({ "waiting": waiting })).into_response())
}

#[derive(Deserialize)]
struct AdvanceTo {
    /// Or the order's external id, at a vendor whose AWBs come later.
    #[serde(alias = "externalId")]
    awb: String,
    to: String,
    /// The vendor's webhook format; absent for the usual one.
    dialect: Option<String>,
}

async fn advance(
    State(simulators): State<Simulators>,
    Path(alias): Path<String>,
    body: Bytes,
) -> Result<Response, ControlError> {
    let AdvanceTo { awb, to, dialect } = serde_json::from_slice(&body)?;
    let advance = simulators
        .advance(&alias, &awb, &to, dialect.as_deref())
        .await?;
    let status = match advance.stopped {
        None => StatusCode::OK,
        Some(_) => StatusCode::BAD_GATEWAY,
    };
    Ok((status, Json(advance)).into_response())
}
