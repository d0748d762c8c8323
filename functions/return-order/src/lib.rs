//! `POST /return/return-orders` and `/return-orders`: creates return orders, shows and lists them, cancels them and takes
//! their AWBs.
//!
//! An HTTP API decodes a path before it matches the route, so a code with a slash works only in the query or in the body.

pub mod listing;

use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::clock;
use logistics::contract::problem::ProblemBody;
use logistics::contract::return_order;
use logistics::contract::return_order::awb::{self, AwbOfReturn, AwbOfReturnBody};
use logistics::contract::return_order::described::ReturnOrderRequest;
use logistics::contract::return_order::shown::{
    PendingReturnBody, ReturnCancellationBody, ShownReturnBody,
};
use logistics::contract::values::visible;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::returning::code::ReturnOrderCode;
use logistics::domain::text::RequestId;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, PurchaseProblems};
use logistics::edge::request::{Answer, parameter, read_json, request_id, respond};
use logistics::edge::{answer, caller};
use logistics::flows::returning::assign_awb::{MadeAwb, assign_awb};
use logistics::flows::returning::cancel_return::cancel_return;
use logistics::flows::returning::create_return::create_return;
use logistics::flows::returning::dependencies::{ReturnDependencies, ReturnRequest};
use logistics::flows::returning::get_return::get_return;
use logistics::flows::returning::read_return::PresentReturn;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

use crate::listing::find;

/// The code, in the path, in the query or in the body.
pub(crate) const CODE: &str = "returnOrderCode";
const ABSENT: &str = "return order not found";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The return orders, and what makes, finds and tells of them.
    pub returning: ReturnDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            returning: start.returning()?,
        })
    }
}

/// A caller of a route.
#[derive(Debug)]
pub struct Asking<'a> {
    app: &'a App,
    caller: Caller,
    id: RequestId,
}

impl Asking<'_> {
    fn request(&self) -> ReturnRequest<'_> {
        ReturnRequest {
            dependencies: &self.app.returning,
            caller: &self.caller,
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
    let asking = Asking {
        app,
        caller: caller::authenticate(&app.api_keys, request, &[Scope::Returns]).await?,
        id: request_id(request),
    };
    let is_in_path = request.path_parameters().first(CODE).is_some();
    match (request.method(), is_in_path) {
        (&Method::POST, _) => create(&asking, request).await,
        (&Method::PUT, true) => put_awb(&asking, request).await,
        (&Method::PUT, false) => put_awb_of(&asking, request).await,
        (&Method::DELETE, true) => cancel(&asking, request).await,
        (&Method::DELETE, false) => cancel_found(&asking, request).await,
        (_, true) => get(&asking, request).await,
        (_, false) => find(&asking, request).await,
    }
}

/// Creates a return order, once: a repeat of the same request returns the same response, with `idempotent-replayed: true`.
/// With an AWB it is only registered. Without one, RMS gets the AWB of a `CUSTOMER_RETURN` if the client has an account for it.
#[utoipa::path(
    post, path = "/return/return-orders", tag = "return", operation_id = "create_return_order",
    request_body = ReturnOrderRequest,
    responses(
        (status = 200, description = "Created", headers(("idempotent-replayed"), ("rms-ignored-fields"))),
        (status = 202, description = "Created; the aggregator queued its AWB. GET returns it", body = PendingReturnBody, headers(("Location"), ("Retry-After"))),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn create(asking: &Asking<'_>, request: &Request) -> Answer {
    let order = read_json(request, return_order::read)?;
    let placed = create_return(asking.request(), &order).await?;
    Ok(answer::placed_return(&order.return_order_code, placed))
}

/// A return order with its state and everything that happened to it. Pass a code with `/`, `%` or `?` to
/// `GET /return-orders?returnOrderCode=`: the gateway decodes paths before it matches the route.
#[utoipa::path(
    get, path = "/return-orders/{returnOrderCode}", tag = "return", operation_id = "get_return_order",
    params(("returnOrderCode" = ReturnOrderCode, Path, description = "The channel's code of the return order")),
    responses(
        (status = 200, description = "The return order", body = ShownReturnBody),
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn get(asking: &Asking<'_>, request: &Request) -> Answer {
    let found = get_return(asking.request(), &code_in_path(request)?).await?;
    Ok(answer::once(&shown(&found), false))
}

/// Adds the AWB of a return order that was created without one. Pushes of this AWB then move the return order.
#[utoipa::path(
    put, path = "/return-orders/{returnOrderCode}/awb", tag = "return", operation_id = "put_return_order_awb",
    params(("returnOrderCode" = ReturnOrderCode, Path, description = "The channel's code of the return order")),
    request_body = AwbOfReturnBody,
    responses(
        (status = 200, description = "The return order", body = ShownReturnBody),
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn put_awb(asking: &Asking<'_>, request: &Request) -> Answer {
    let given = read_json(request, awb::read)?;
    assign(asking, &code_in_path(request)?, given).await
}

/// The same for any code.
#[utoipa::path(
    put, path = "/return-orders/awb", tag = "return", operation_id = "put_awb_of_return_order",
    request_body = AwbOfReturnBody,
    responses(
        (status = 200, description = "The return order", body = ShownReturnBody),
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn put_awb_of(asking: &Asking<'_>, request: &Request) -> Answer {
    let given = read_json(request, awb::read_with_code)?;
    let code = given.return_order_code.clone();
    let code = code.ok_or_else(|| Problem::new(ProblemKind::NotFound, ABSENT))?;
    assign(asking, &code, given).await
}

async fn assign(asking: &Asking<'_>, code: &ReturnOrderCode, given: AwbOfReturn) -> Answer {
    let made = MadeAwb {
        awb: given.awb,
        transporter: given.transporter,
    };
    let found = assign_awb(asking.request(), code, &made).await?;
    Ok(answer::once(&shown(&found), false))
}

/// Cancels a return order, and its AWB at the aggregator if RMS got it. The code may then be used again.
#[utoipa::path(
    delete, path = "/return-orders/{returnOrderCode}", tag = "return", operation_id = "cancel_return_order",
    params(("returnOrderCode" = ReturnOrderCode, Path, description = "The channel's code of the return order")),
    responses(
        (status = 200, description = "Cancelled", body = ReturnCancellationBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator accepted the cancellation; repeat the request for its result", body = ReturnCancellationBody, headers(("idempotent-replayed"))),
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The goods arrived or were lost, or the aggregator refused it", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn cancel(asking: &Asking<'_>, request: &Request) -> Answer {
    cancelled(asking, &code_in_path(request)?).await
}

/// The same for any code.
#[utoipa::path(
    delete, path = "/return-orders", tag = "return", operation_id = "cancel_found_return_order",
    params(("returnOrderCode" = ReturnOrderCode, Query, description = "The channel's code of the return order")),
    responses(
        (status = 200, description = "Cancelled", body = ReturnCancellationBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator accepted the cancellation; repeat the request for its result", body = ReturnCancellationBody, headers(("idempotent-replayed"))),
        (status = 400, description = "Invalid or missing query parameter", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Return order not found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The goods arrived or were lost, or the aggregator refused it", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn cancel_found(asking: &Asking<'_>, request: &Request) -> Answer {
    let code = parameter(request, CODE)?.ok_or_else(|| {
        let detail = "give the parameter returnOrderCode";
        Problem::new(ProblemKind::InvalidParameter, detail)
    })?;
    cancelled(asking, &code).await
}

async fn cancelled(asking: &Asking<'_>, code: &ReturnOrderCode) -> Answer {
    let cancelled = cancel_return(asking.request(), code).await?;
    Ok(answer::cancelled_return(code, cancelled))
}

/// The code in the path. An invalid one cannot exist.
fn code_in_path(request: &Request) -> Result<ReturnOrderCode, Problem> {
    let parameters = request.path_parameters();
    visible(parameters.first(CODE).unwrap_or_default())
        .map_err(|_| Problem::new(ProblemKind::NotFound, ABSENT))
}

/// A return order as callers see it.
pub(crate) fn shown(found: &PresentReturn) -> ShownReturnBody {
    ShownReturnBody::of(
        &found.stored.order,
        found.stored.created_at,
        &found.timeline,
    )
}
