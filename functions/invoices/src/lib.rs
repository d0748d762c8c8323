//! `POST /invoices`: sends an invoice or a credit note to the client's endpoints. A 200 means that the message is stored
//! and queued for every matching endpoint.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::invoice::{InvoiceRequestBody, SentMessageBody, read};
use logistics::domain::client::Scope;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, read_json, request_id, respond};
use logistics::edge::{answer, caller};
use logistics::flows::messaging::publish_message::{PublishDependencies, PublishFailure};
use logistics::flows::messaging::send_invoice::send_invoice;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The endpoints, the messages and the queue.
    pub publishing: PublishDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            publishing: start.publishing()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| send(app, request)).await
}

/// Sends an invoice to the client's endpoints, once: a repeat of the same request returns the same response, with
/// `idempotent-replayed: true`. A 200 means that the message is stored and queued.
#[utoipa::path(
    post, path = "/invoices", tag = "messages", operation_id = "send_invoice",
    request_body = InvoiceRequestBody,
    responses(
        (status = 200, description = "The message", body = SentMessageBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn send(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Returns]).await?;
    let invoice = read_json(request, read)?;
    let (client, id, now) = (&caller.client_id, request_id(request), clock::now());
    let published = send_invoice(&app.publishing, client, invoice, &id, now).await;
    let published = published.map_err(refused)?;
    let body = SentMessageBody {
        message_id: published.message_id,
    };
    Ok(answer::with_its_lines(answer::once(
        &body,
        published.replayed,
    )))
}

fn refused(failure: PublishFailure) -> Problem {
    if matches!(failure, PublishFailure::OtherContent) {
        let detail = "this invoice was already sent with another documentUrl";
        return Problem::new(ProblemKind::OrderNumberReused, detail);
    }
    failure.into()
}
