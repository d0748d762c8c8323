//! `POST /console-links`: a one-time link to the console, for people of the client who have no API key.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::clock;
use logistics::contract::console_link::{self, LinkBody, LinkRequestBody};
use logistics::contract::fields::read_body;
use logistics::domain::client::Caller;
use logistics::edge::answer;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, LARGEST_BODY, base_url, json_body};
use logistics::flows::configuring::make_console_link::make_console_link;

use crate::App;

/// Makes a link that opens a console of the client, once, with a subset of the calling key's scopes. Its session ends when the
/// key is revoked.
#[utoipa::path(
    post, path = "/console-links", tag = "configuration", operation_id = "make_console_link",
    request_body = LinkRequestBody,
    responses(
        (status = 201, description = "Made. The link is only in this response", body = LinkBody, headers(("Cache-Control"))),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn post(app: &App, caller: &Caller, request: &Request) -> Answer {
    let body = json_body(request, LARGEST_BODY)?;
    let wanted = read_body(body, console_link::read)?;
    let made =
        make_console_link(&app.console_seals, &app.audit, caller, wanted, clock::now()).await?;
    let body = LinkBody {
        url: format!("{}/console/link?token={}", base_url(request), made.sealed),
        expires_at: made.expires_at,
    };
    Ok(answer::unkept_as(StatusCode::CREATED, &body))
}
