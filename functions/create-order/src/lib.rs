//! `POST /orders`: creates an order without a label, once, if the aggregator supports it.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::OrderBody;
use logistics::contract::described_requests::LabelRequest;
use logistics::contract::shipment;
use logistics::domain::client::Scope;
use logistics::domain::shipment::ShipmentType;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, PurchaseProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::create_order::create_order;
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
    respond(&request, |request| create(app, request)).await
}

/// Creates an order without a label, once, if the aggregator supports it; a later label uses this order.
#[utoipa::path(
    post, path = "/orders", tag = "forward", operation_id = "create_order",
    request_body = LabelRequest,
    responses(
        (status = 201, description = "The order was created", body = OrderBody),
        (status = 200, description = "The order existed before", body = OrderBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["shipping"]), ("apiKey" = ["shipping"])),
)]
pub async fn create(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Shipping]).await?;
    let addressed = read_json(request, |fields| {
        shipment::read(fields, ShipmentType::Forward)
    })?;
    let order_number = addressed.request.order_number.clone();
    let created = create_order(&app.purchase, &caller, addressed, clock::now()).await?;
    Ok(answer::order(&order_number, &created))
}
