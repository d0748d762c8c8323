//! `/v3/fulfillment/outbound/oms`: accepts outbound orders and sends them to the OMS, takes its results, shows and lists the
//! orders. The edge puts the responses into the envelope of `/v3/`.

pub mod listing;

use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::envelope::{EnvelopeBody, FailedEnvelopeBody};
use logistics::contract::fulfilling::accepted::OutboundAcceptedBody;
use logistics::contract::fulfilling::confirmation::{
    self, ConfirmationRequestBody, ConfirmedBody, RejectedResultBody,
};
use logistics::contract::fulfilling::described::OutboundOrdersRequest;
use logistics::contract::fulfilling::outbound_order::read_orders;
use logistics::contract::fulfilling::shown::ShownOutboundBody;
use logistics::contract::values::visible;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::text::{RequestId, SalesOrderNumber};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, Enveloped, KeyProblems};
use logistics::edge::request::{Answer, LARGEST_BODY, json_body, read_json, request_id, respond};
use logistics::edge::{answer, caller};
use logistics::flows::fulfilling::accept_orders::accept_orders;
use logistics::flows::fulfilling::confirm_orders::confirm_orders;
use logistics::flows::fulfilling::dependencies::{FulfilmentRequest, OutboundDependencies};
use logistics::flows::fulfilling::list_orders::{PresentOutbound, read_order};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The order's number in the path.
const NUMBER: &str = "so_number";
/// The end of the path of the OMS's results.
const CONFIRMATIONS: &str = "/confirmations";
const ABSENT: &str = "outbound order not found";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The orders, their lists and their messages.
    pub fulfilling: OutboundDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            fulfilling: start.fulfilling()?,
        })
    }
}

/// A caller of a route.
#[derive(Debug)]
pub struct OutboundCaller<'a> {
    app: &'a App,
    caller: Caller,
    id: RequestId,
}

impl OutboundCaller<'_> {
    fn request(&self) -> FulfilmentRequest<'_> {
        FulfilmentRequest {
            dependencies: &self.app.fulfilling,
            client_id: &self.caller.client_id,
            request_id: &self.id,
            now: clock::now(),
        }
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| route(app, request)).await
}

async fn route(app: &App, request: &Request) -> Answer {
    let asking = OutboundCaller {
        app,
        caller: caller::authenticate(&app.api_keys, request, &[Scope::Fulfilment]).await?,
        id: request_id(request),
    };
    let is_one = request.path_parameters().first(NUMBER).is_some();
    let is_of_results = request.raw_http_path().ends_with(CONFIRMATIONS);
    match (request.method(), is_one) {
        (&Method::POST, _) if is_of_results => confirm(&asking, request).await,
        (&Method::POST, _) => accept(&asking, request).await,
        (_, true) => get(&asking, request).await,
        (_, false) => listing::list(&asking, request).await,
    }
}

/// Accepts an outbound order, or a list of 1 to 100: all or none. Each is sent to the OMS as `OUTBOUND_ORDER`. A 202 means that
/// the orders and their messages are stored and queued. A repeat of the same orders gets the same group, with
/// `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/v3/fulfillment/outbound/oms", tag = "fulfilment", operation_id = "create_outbound_orders",
    request_body = inline(OutboundOrdersRequest),
    responses(
        (status = 202, description = "Accepted", body = EnvelopeBody<OutboundAcceptedBody>, headers(("idempotent-replayed"))),
        (status = 409, description = "Another request accepts these orders", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn accept(asking: &OutboundCaller<'_>, request: &Request) -> Answer {
    let body = json_body(request, LARGEST_BODY)?;
    let orders = read_orders(body)?;
    let is_list = body.trim_ascii_start().starts_with(b"[");
    let pointer = |place: usize| {
        if is_list {
            format!("/{place}")
        } else {
            String::new()
        }
    };
    let accepted = accept_orders(asking.request(), &orders, pointer).await?;
    let body = OutboundAcceptedBody {
        group_key: accepted.group.to_string(),
        so_numbers: orders
            .iter()
            .map(|order| order.number.to_string())
            .collect(),
    };
    Ok(answer::accepted(&body, accepted.replayed))
}

/// Takes the OMS's results of orders of a group. The first result of an order counts; the client is told of it with an
/// `OUTBOUND_CONFIRMATION`. A result that is rejected has no effect on the others.
#[utoipa::path(
    post, path = "/v3/fulfillment/outbound/oms/confirmations", tag = "fulfilment",
    operation_id = "confirm_outbound_orders",
    request_body = ConfirmationRequestBody,
    responses(
        (status = 200, description = "Which results were taken", body = EnvelopeBody<ConfirmedBody>),
        (status = 404, description = "Group not found", body = FailedEnvelopeBody),
        (status = 409, description = "Other requests change these orders", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn confirm(asking: &OutboundCaller<'_>, request: &Request) -> Answer {
    let confirmation = read_json(request, confirmation::read)?;
    let taken = confirm_orders(asking.request(), &confirmation).await?;
    let rejected = taken.rejected.into_iter();
    let body = ConfirmedBody {
        accepted: taken.accepted,
        rejected: rejected
            .map(|(so_number, error)| RejectedResultBody { so_number, error })
            .collect(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// An outbound order with its state and everything that happened to it.
#[utoipa::path(
    get, path = "/v3/fulfillment/outbound/oms/{so_number}", tag = "fulfilment", operation_id = "get_outbound_order",
    params(("so_number" = SalesOrderNumber, Path, description = "The number of the order")),
    responses(
        (status = 200, description = "The order", body = EnvelopeBody<ShownOutboundBody>),
        (status = 404, description = "Order not found", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn get(asking: &OutboundCaller<'_>, request: &Request) -> Answer {
    let absent = || Problem::new(ProblemKind::NotFound, ABSENT);
    let parameters = request.path_parameters();
    // An invalid number cannot exist.
    let number = visible(parameters.first(NUMBER).unwrap_or_default()).map_err(|_| absent())?;
    let asked = asking.request();
    let found = read_order(asked.dependencies, asked.client_id, &number).await?;
    let found = found.ok_or_else(absent)?;
    Ok(answer::json(StatusCode::OK, &shown(&found)))
}

/// An order as callers see it.
pub(crate) fn shown(found: &PresentOutbound) -> ShownOutboundBody {
    ShownOutboundBody::of(&found.number, found.order.as_ref(), &found.timeline)
}
