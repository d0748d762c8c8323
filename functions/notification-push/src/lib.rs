//! `POST /rms-magic/notification/push` and `POST /notifications/{token}`: takes an aggregator's push in. A 200 means that
//! nothing of it can be lost.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::push::{PushAnswerBody, PushedBody};
use logistics::edge::request::{Answer, LARGEST_PUSH, json_body, request_id, respond, small_body};
use logistics::edge::{answer, caller};
use logistics::flows::notifying::dependencies::PushDependencies;
use logistics::flows::notifying::prove_push::prove;
use logistics::flows::notifying::receive_notification::{Received, receive_notification};

/// Answers one push.
pub async fn handle(intake: &PushDependencies, request: Request) -> Response<Body> {
    respond(&request, |request| receive(intake, request)).await
}

async fn receive(intake: &PushDependencies, request: &Request) -> Answer {
    let parameters = request.path_parameters();
    let token = parameters.first("token");
    let proof = caller::push_proof(request, token)?;
    let body: &[u8] = request.body().as_ref();
    let push = prove(intake, &proof, body)
        .await?
        .ok_or_else(|| caller::unproved("the push credential is not known"))?;
    // Nobody can tell an aggregator of how to label its own dialect.
    let readable = if token.is_some() {
        small_body
    } else {
        json_body
    };
    readable(request, LARGEST_PUSH)?;
    let request_id = request_id(request);
    let received = receive_notification(intake, &push, &request_id, clock::now()).await?;
    let notifications: Vec<_> = received.into_iter().map(entry).collect();
    let has_its_lines = !notifications.is_empty();
    let answer = answer::json(StatusCode::OK, &PushAnswerBody { notifications });
    Ok(if has_its_lines {
        answer::with_its_lines(answer)
    } else {
        answer
    })
}

fn entry(received: Received) -> PushedBody {
    PushedBody {
        notification_id: received.notification_id,
        status: received.status,
    }
}
