//! `GET /audit`: who changed which configuration, and when.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::contract::audited::{ChangeBody, ChangesBody};
use logistics::contract::problem::ProblemBody;
use logistics::domain::client::Caller;
use logistics::edge::answer;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, parameter};
use logistics::store::configuring::audit::AuditCursor;

use crate::App;

/// Who changed which configuration, and when; the newest change first. Kept for a year.
#[utoipa::path(
    get, path = "/audit", tag = "configuration", operation_id = "list_changes",
    params(("since" = Option<String>, Query, description = "Only changes at or after this time (RFC 3339)."), ("cursor" = Option<String>, Query, description = "The `cursor` of the previous page.")),
    responses(
        (status = 200, description = "A page of changes", body = ChangesBody),
        (status = 400, description = "Invalid query parameter", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let since = parameter(request, "since")?;
    let cursor: Option<AuditCursor> = parameter(request, "cursor")?;
    let page = app
        .audit
        .of(&caller.client_id, since, cursor.as_ref())
        .await?;
    let body = ChangesBody {
        changes: page.entries.into_iter().map(ChangeBody::from).collect(),
        cursor: page.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
