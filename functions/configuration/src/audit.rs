//! `GET /audit`: who changed which configuration when.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::contract::audited::{ChangeBody, ChangesBody};
use logistics::domain::client::Caller;
use logistics::edge::answer;
use logistics::edge::request::{Answer, parameter};
use logistics::store::configuring::audit::AuditCursor;

use crate::App;

/// Lists the client's changes, the newest first.
pub(crate) async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
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
