//! `POST /return-orders/{returnOrderCode}/processing` and `POST /return-orders/processing`: the warehouse's results of a
//! return order. A 200 means that they are recorded, and that their messages are stored and queued for every matching
//! endpoint.
//!
//! Both do the same. An HTTP API decodes a path before it matches the route: a code with a slash works only in the second.

use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::described_requests::{
    NamedReturnProcessingRequest, ReturnProcessingRequest,
};
use logistics::contract::fields::{Unreadable, Violation};
use logistics::contract::problem::ProblemBody;
use logistics::contract::processing::{
    CausedMessageBody, ProcessedReturnBody, read, read_with_code,
};
use logistics::contract::values::visible;
use logistics::domain::client::Scope;
use logistics::domain::returning::code::ReturnOrderCode;
use logistics::domain::returning::processing::ReturnProcessing;
use logistics::domain::text::ClientId;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, read_json, request_id, respond};
use logistics::edge::{answer, caller};
use logistics::flows::returning::process_return::{
    ProcessingCall, ProcessingDependencies, process_return,
};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The code of the return order, in the path or in the body.
const CODE: &str = "returnOrderCode";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The return orders with their parcels, the endpoints, the messages and the queue.
    pub processing: ProcessingDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            processing: start.return_processing()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| take(app, request)).await
}

async fn take(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Returns]).await?;
    if request.path_parameters().first(CODE).is_some() {
        process(app, &caller.client_id, request).await
    } else {
        process_named(app, &caller.client_id, request).await
    }
}

/// Takes the results of some pieces of a return order and sends a `RETURN_ORDER_ACK` and a `RETURNS_PROCESSING_UPDATE` to
/// every endpoint that wants them, once: a repeat of the same request returns the same messages, with
/// `idempotent-replayed: true`. A piece gets another result only with `correction`. A 200 means that the results are recorded
/// and the messages stored and queued. Send a code with `/`, `%` or `?` to `POST /return-orders/processing`.
#[utoipa::path(
    post, path = "/return-orders/{returnOrderCode}/processing", tag = "return", operation_id = "process_return",
    params(("returnOrderCode" = ReturnOrderCode, Path, description = "The client's code of the return order")),
    request_body = ReturnProcessingRequest,
    responses(
        (status = 200, description = "The return order with the messages that tell the results", body = ProcessedReturnBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BodyProblems,
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Other requests keep changing the return order; retry after Retry-After", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Invalid request, another result of a piece, or a cancelled return order", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn process(app: &App, client_id: &ClientId, request: &Request) -> Answer {
    let parameters = request.path_parameters();
    let code = parameters.first(CODE).unwrap_or_default();
    let (named, results) = read_json(request, read)?;
    let code = visible(code)
        // An invalid code cannot exist.
        .map_err(|_| Problem::new(ProblemKind::NotFound, "return order not found"))?;
    if named.is_some_and(|named| named != code) {
        return Err(contradiction());
    }
    tell(app, client_id, request, &code, &results).await
}

/// Takes the results of some pieces of a return order with any code.
#[utoipa::path(
    post, path = "/return-orders/processing", tag = "return", operation_id = "process_named_return",
    request_body = NamedReturnProcessingRequest,
    responses(
        (status = 200, description = "The return order with the messages that tell the results", body = ProcessedReturnBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BodyProblems,
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Other requests keep changing the return order; retry after Retry-After", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Invalid request, another result of a piece, or a cancelled return order", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn process_named(app: &App, client_id: &ClientId, request: &Request) -> Answer {
    let (code, results) = read_json(request, read_with_code)?;
    tell(app, client_id, request, &code, &results).await
}

async fn tell(
    app: &App,
    client_id: &ClientId,
    request: &Request,
    code: &ReturnOrderCode,
    results: &ReturnProcessing,
) -> Answer {
    let request_id = request_id(request);
    let call = ProcessingCall {
        client_id,
        code,
        results,
        request_id: &request_id,
    };
    let told = process_return(&app.processing, call, clock::now()).await?;
    let messages = told.messages.into_iter();
    let body = ProcessedReturnBody {
        return_order_code: code.to_string(),
        state: told.state,
        messages: messages
            .map(|(kind, published)| CausedMessageBody {
                kind,
                message_id: published.message_id,
            })
            .collect(),
    };
    let response = answer::once(&body, told.replayed);
    Ok(answer::with_its_lines(response))
}

fn contradiction() -> Problem {
    let violation = Violation {
        pointer: format!("/{CODE}"),
        detail: "must be the code in the path, or absent".to_owned(),
    };
    Unreadable::Invalid(vec![violation]).into()
}
