//! `POST /rms-magic/notification/push` and `POST /notifications/{token}`: receives an aggregator's push. A 200 means that
//! all of it is stored and queued.

use std::time::{Duration, Instant};

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::described_requests::PushRequest;
use logistics::contract::fields::Violation;
use logistics::contract::problem::ProblemBody;
use logistics::contract::push::{PushAnswerBody, PushedBody};
use logistics::edge::problem::Problem;
use logistics::edge::problem_sets::PushProblems;
use logistics::edge::request::{Answer, LARGEST_PUSH, json_body, request_id, respond, small_body};
use logistics::edge::{answer, caller};
use logistics::flows::notifying::dependencies::PushDependencies;
use logistics::flows::notifying::prove_push::prove;
use logistics::flows::notifying::receive_notification::receive_notification;
use logistics::flows::notifying::store_event::Received;

/// How long a push may take: the gateway waits 30 s, and a response should not be the last thing before that.
const LONGEST: Duration = Duration::from_secs(25);
/// The time for the response, before Lambda stops the invocation.
const TO_RESPOND: Duration = Duration::from_secs(3);

/// Handles one push.
pub async fn handle(dependencies: &PushDependencies, request: Request) -> Response<Body> {
    respond(&request, async |request| {
        match request.path_parameters().first("token") {
            Some(token) => native_push(dependencies, request, token).await,
            None => push(dependencies, request).await,
        }
    })
    .await
}

/// Receives the push of an RMS Magic aggregator.
///
/// A 200 means that it is stored and queued.
#[utoipa::path(
    post, path = "/rms-magic/notification/push", tag = "notifications", operation_id = "push_notification",
    request_body = PushRequest,
    responses(
        (status = 200, description = "The result for each event", body = PushAnswerBody),
        (status = 401, description = "Missing or invalid push credential", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Unsupported media type: the body must be sent as JSON", body = ProblemBody, content_type = "application/problem+json"),
        PushProblems,
    ),
    security(("pushUsername" = [], "pushPassword" = []), ("pushBasic" = [])),
)]
pub async fn push(dependencies: &PushDependencies, request: &Request) -> Answer {
    receive(dependencies, request, None, json_body).await
}

/// Receives the push of an aggregator in its native format.
///
/// A 200 means that it is stored and queued. The token in the path identifies the account; a key header is
/// checked if the aggregator sends one.
#[utoipa::path(
    post, path = "/notifications/{token}", tag = "notifications", operation_id = "push_native_notification",
    params(("token" = String, Path, description = "The token of the account's push URL")),
    request_body(content = serde_json::Value, description = "What the aggregator sends", content_type = "application/json"),
    responses(
        (status = 200, description = "The result for each event", body = PushAnswerBody),
        (status = 401, description = "Invalid token, key or hash", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "The path does not exist: it was decoded, and its token had `/`, `?` or `%`", body = ProblemBody, content_type = "application/problem+json"),
        PushProblems,
    ),
    security(()),
)]
pub async fn native_push(
    dependencies: &PushDependencies,
    request: &Request,
    token: &str,
) -> Answer {
    // Native pushes may have any content type.
    receive(dependencies, request, Some(token), small_body).await
}

/// Checks the credential first: an unverified body is not parsed.
async fn receive(
    dependencies: &PushDependencies,
    request: &Request,
    token: Option<&str>,
    readable: fn(&Request, usize) -> Result<&[u8], Problem>,
) -> Answer {
    let end = Instant::now() + time_left(request);
    let proof = caller::push_proof(request, token)?;
    let body: &[u8] = request.body().as_ref();
    let push = prove(dependencies, &proof, body)
        .await?
        .ok_or_else(|| caller::unproved("the push credential is unknown"))?;
    readable(request, LARGEST_PUSH)?;
    let request_id = request_id(request);
    let time = end.saturating_duration_since(Instant::now());
    let now = clock::now();
    let received = receive_notification(dependencies, &push, &request_id, now, time).await?;
    let notifications: Vec<_> = received.into_iter().map(entry).collect();
    let has_its_lines = !notifications.is_empty();
    let answer = answer::json(StatusCode::OK, &PushAnswerBody { notifications });
    Ok(if has_its_lines {
        answer::with_its_lines(answer)
    } else {
        answer
    })
}

/// The time for a push that has just arrived.
fn time_left(request: &Request) -> Duration {
    let Some(context) = request.lambda_context_ref() else {
        return LONGEST;
    };
    let left = clock::left_until(context.deadline);
    left.saturating_sub(TO_RESPOND).min(LONGEST)
}

fn entry(received: Received) -> PushedBody {
    PushedBody {
        notification_id: received.notification_id,
        status: received.status,
        test: received.is_test,
        unreadable: !received.unread.is_empty(),
        errors: received.unread.iter().map(Violation::from).collect(),
    }
}
