//! `POST /v3/fulfillment/pgi` and `POST /v3/fulfillment/order-status`: what a warehouse reports about a sales order. A 200 means
//! that the report is in the order's time line, and that its message is stored and queued for every matching endpoint.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::envelope::EnvelopeBody;
use logistics::contract::fields::{Fields, read_body};
use logistics::contract::fulfilling::goods_issue::{self, GoodsIssueBody};
use logistics::contract::fulfilling::order_status::{self, WarehouseStatusBody};
use logistics::contract::fulfilling::recorded::RecordedReportBody;
use logistics::domain::client::Scope;
use logistics::domain::fulfilling::warehouse_report::WarehouseReport;
use logistics::domain::text::ClientId;
use logistics::edge::problem_sets::{BodyProblems, Enveloped, KeyProblems};
use logistics::edge::request::{Answer, LARGEST_PUSH, json_body, request_id, respond};
use logistics::edge::{answer, caller};
use logistics::flows::fulfilling::record_report::{
    PushedReport, ReportDependencies, record_report,
};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The orders, the accounts, the endpoints, the messages and the queue.
    pub reports: ReportDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            reports: start.warehouse_reports()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| take(app, request)).await
}

async fn take(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Fulfilment]).await?;
    if request.uri().path().ends_with("/pgi") {
        issue_goods(app, &caller.client_id, request).await
    } else {
        set_status(app, &caller.client_id, request).await
    }
}

/// Takes a goods issue (PGI) and forwards it as it was pushed: a `PGI` to every endpoint that wants it, once. It belongs to the
/// order `so_reference_a`, else `doc_no`, else the one with the delivery `delivery_no`: the first that RMS has. One about an
/// unknown order is kept, forwarded and flagged. The same body again gets the same response, with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/v3/fulfillment/pgi", tag = "fulfilment", operation_id = "issue_goods",
    request_body = GoodsIssueBody,
    responses(
        (status = 200, description = "The order, the message, and what is unusual", body = EnvelopeBody<RecordedReportBody>, headers(("idempotent-replayed"))),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn issue_goods(app: &App, client_id: &ClientId, request: &Request) -> Answer {
    record(app, client_id, request, goods_issue::read).await
}

/// Takes a status of a sales order and forwards it as it was pushed: an `ORDER_STATUS` to every endpoint that wants it, once. One
/// about an unknown order, or with an unknown code, is kept, forwarded and flagged. The same body again gets the same response,
/// with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/v3/fulfillment/order-status", tag = "fulfilment", operation_id = "set_order_status",
    request_body = WarehouseStatusBody,
    responses(
        (status = 200, description = "The order, the message, and what is unusual", body = EnvelopeBody<RecordedReportBody>, headers(("idempotent-replayed"))),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn set_status(app: &App, client_id: &ClientId, request: &Request) -> Answer {
    record(app, client_id, request, order_status::read).await
}

async fn record(
    app: &App,
    client_id: &ClientId,
    request: &Request,
    read: impl FnOnce(&Fields<'_>) -> Option<WarehouseReport>,
) -> Answer {
    let body = json_body(request, LARGEST_PUSH)?;
    let report = read_body(body, read)?;
    let pushed = PushedReport {
        client_id,
        report: &report,
        // JSON that was read is UTF-8.
        body: &String::from_utf8_lossy(body),
        request_id: &request_id(request),
    };
    let recorded = record_report(&app.reports, pushed, clock::now()).await?;
    let body = RecordedReportBody {
        so_number: recorded.order.to_string(),
        message_id: recorded.message.message_id,
        flags: recorded.flags,
    };
    let answer = answer::once(&body, recorded.message.replayed);
    Ok(answer::with_its_lines(answer))
}
