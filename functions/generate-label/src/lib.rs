//! `POST /shipping-labels`: buys a label, once.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::{LabelBody, PendingBody};
use logistics::contract::described_requests::LabelRequest;
use logistics::contract::shipment;
use logistics::domain::client::Scope;
use logistics::domain::shipment::ShipmentType;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, PurchaseProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::book_shipment::{BookingAnswer, BookingOutcome, book_shipment};
use logistics::flows::booking::dependencies::PurchaseDependencies;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// Accounts, claims, the HTTP client for aggregators, and the audit of orders left there.
    pub purchase: PurchaseDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            purchase: start.purchase()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| generate(app, request)).await
}

/// Buys a label, once: a repeat of the same request returns the same response, with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/shipping-labels", tag = "forward", operation_id = "generate_label",
    request_body = LabelRequest,
    responses(
        (status = 200, description = "The label", body = LabelBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator queued the order; GET returns the result", body = PendingBody, headers(("Location"), ("Retry-After"))),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["shipping"]), ("apiKey" = ["shipping"])),
)]
pub async fn generate(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Shipping]).await?;
    let addressed = read_json(request, |fields| {
        shipment::read(fields, ShipmentType::Forward)
    })?;
    let order_number = addressed.request.order_number.clone();
    let BookingAnswer {
        outcome,
        left_orders,
    } = book_shipment(&app.purchase, &caller, addressed, clock::now()).await?;
    let label = |booking| LabelBody::new(&order_number, booking, &left_orders);
    Ok(match &outcome {
        BookingOutcome::Booked(booking) => answer::booking(&label(booking), false),
        BookingOutcome::Replayed(booking) => answer::booking(&label(booking), true),
        BookingOutcome::Pending => answer::pending("/shipping-labels", &order_number, &left_orders),
    })
}
