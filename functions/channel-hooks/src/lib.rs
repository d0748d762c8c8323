//! `POST /channels/hooks/{token}`: receives a sales channel's webhook. A 200 means that all that it causes is stored and queued.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::hook::HookAnswerBody;
use logistics::contract::problem::ProblemBody;
use logistics::edge::problem::Problem;
use logistics::edge::problem_sets::HookProblems;
use logistics::edge::request::{Answer, LARGEST_HOOK, request_id, respond, small_body};
use logistics::edge::{answer, caller};
use logistics::flows::channelling::dependencies::HookDependencies;
use logistics::flows::channelling::prove_hook::prove;
use logistics::flows::channelling::receive_hook::{HookFailure, receive_hook};

/// Handles one webhook.
pub async fn handle(dependencies: &HookDependencies, request: Request) -> Response<Body> {
    respond(&request, async |request| {
        receive(dependencies, request).await
    })
    .await
}

/// Receives the webhook of a sales channel in its own format.
///
/// The token in the path identifies the account, and the channel's
/// signature is checked before the body is parsed. A 200 means that all that it causes is stored and queued; every other
/// status means that the channel should send it again, which does nothing twice.
#[utoipa::path(
    post, path = "/channels/hooks/{token}", tag = "channels", operation_id = "receive_channel_webhook",
    params(("token" = String, Path, description = "The token of the channel account's webhook URL")),
    request_body(content = serde_json::Value, description = "What the channel sends", content_type = "application/json"),
    responses(
        (status = 200, description = "What became of it", body = HookAnswerBody),
        (status = 404, description = "The path does not exist: it was decoded, and its token had `/`, `?` or `%`", body = ProblemBody, content_type = "application/problem+json"),
        HookProblems,
    ),
    security(()),
)]
pub async fn receive(dependencies: &HookDependencies, request: &Request) -> Answer {
    let parameters = request.path_parameters();
    let token = parameters.first("token").unwrap_or_default();
    let body: &[u8] = request.body().as_ref();
    let hook = prove(dependencies, token, request.headers(), body)
        .await?
        .ok_or_else(|| caller::unproved("the webhook is not proved"))?;
    small_body(request, LARGEST_HOOK)?;
    let id = request_id(request);
    let received = receive_hook(dependencies, &hook, &id, clock::now()).await;
    let received = received.map_err(refused)?;
    let has_its_lines = received.message_id.is_some();
    let body = HookAnswerBody {
        status: received.status,
        message_id: received.message_id,
    };
    let answer = answer::json(StatusCode::OK, &body);
    Ok(if has_its_lines {
        answer::with_its_lines(answer)
    } else {
        answer
    })
}

fn refused(failure: HookFailure) -> Problem {
    match failure {
        HookFailure::Unreadable(unreadable) => unreadable.into(),
        HookFailure::NotPublished(failure) => failure.into(),
        HookFailure::NotStored(failure) => failure.into(),
    }
}
