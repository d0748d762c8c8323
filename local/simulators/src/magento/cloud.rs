//! Adobe Commerce as a Cloud Service: the same shop below another path, without `/rest` and store code, with tokens of Adobe's
//! identity service (IMS) and three headers.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::clock;
use crate::magento::admission::Admission;
use crate::magento::refusal::Refusal;
use crate::magento::{Magento, MagentoConfig};

/// How long a token is valid.
const TOKEN: SignedDuration = SignedDuration::from_secs(86_399);
/// What a token must be good for.
const SCOPE: &str = "commerce.accs";

pub(super) fn routes() -> Router<Arc<Magento>> {
    Router::new()
        .route("/magento/ims/token/v3", post(issue))
        .route("/magento/cloud/{tenant}/V1/{*path}", any(call))
}

async fn call(
    State(magento): State<Arc<Magento>>,
    Path((_tenant, path)): Path<(String, String)>,
    request: VendorRequest,
) -> Response {
    magento.serve(&path, request).await
}

async fn issue(State(magento): State<Arc<Magento>>, request: VendorRequest) -> Response {
    magento.desk.calls.record(&request);
    let body = request.body();
    let form = body.as_str().unwrap_or_default();
    match token(&magento, form) {
        Ok(token) => Json(token).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

fn token(magento: &Magento, form: &str) -> Result<Value, &'static str> {
    let fields: Vec<(String, String)> = form.split('&').filter_map(field).collect();
    let of = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    if of("grant_type") != "client_credentials" {
        return Err("unsupported_grant_type");
    }
    let config = &magento.config;
    let is_known = !config.client_id.is_empty()
        && of("client_id") == config.client_id
        && of("client_secret") == config.client_secret;
    if !is_known {
        return Err("invalid_client");
    }
    if !of("scope").split(',').any(|scope| scope == SCOPE) {
        return Err("invalid_scope");
    }
    let token = uuid::Uuid::new_v4().simple().to_string();
    let now = clock::instant();
    let end = now.saturating_add(TOKEN).unwrap_or(now);
    magento.admission().keep_cloud_token(token.clone(), end);
    Ok(json!({ "access_token": token, "token_type": "bearer", "expires_in": TOKEN.as_secs() }))
}

/// A field of a form.
fn field(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=')?;
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let decoded = percent_decode_str(&text).decode_utf8().ok()?;
        Some(decoded.into_owned())
    };
    Some((decoded(name)?, decoded(value)?))
}

/// Refuses a call without a valid token and the three headers.
pub(super) fn check(
    admission: &Admission,
    config: &MagentoConfig,
    request: &VendorRequest,
    now: Timestamp,
) -> Result<(), Refusal> {
    let header = |name| request.header(name).unwrap_or_default();
    let token = header("authorization").strip_prefix("Bearer ");
    if !token.is_some_and(|token| admission.knows_cloud_token(token, now)) {
        return Err(Refusal::unauthorized("Oauth token is not valid"));
    }
    for (name, expected) in [
        ("x-api-key", &config.client_id),
        ("x-gw-ims-org-id", &config.organization_id),
    ] {
        if header(name) != expected {
            return Err(Refusal::unauthorized(&format!(
                "The header {name} is missing or wrong"
            )));
        }
    }
    if header("store").is_empty() {
        return Err(Refusal::invalid("The header Store is missing"));
    }
    Ok(())
}
