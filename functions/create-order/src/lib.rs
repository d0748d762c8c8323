//! `POST /orders`: makes an order at an aggregator that keeps orders without an AWB, once.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::OrderBody;
use logistics::contract::fields::read_body;
use logistics::contract::shipment;
use logistics::contract::shipment::body::ShipmentBody;
use logistics::domain::client::Scope;
use logistics::domain::shipment::ShipmentType;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, PurchaseProblems};
use logistics::edge::request::{Answer, LARGEST_BODY, json_body, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::create_order::create_order;
use logistics::flows::booking::dependencies::PurchaseDependencies;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// What the function uses; its policy in the template says the same.
#[derive(Debug)]
pub struct App {
    /// Who may call.
    pub api_keys: ApiKeys,
    /// Accounts, claims, the way to aggregators, and the audit of what is left there.
    pub purchase: PurchaseDependencies,
}

impl App {
    /// Takes all of it.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            purchase: start.purchase()?,
        })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| create(app, request)).await
}

/// Makes an order at an aggregator that keeps orders without an AWB, once; a label for the same order goes on from it.
#[utoipa::path(
    post, path = "/orders", tag = "forward", operation_id = "create_order",
    request_body = ShipmentBody,
    responses(
        (status = 201, description = "The order exists", body = OrderBody),
        (status = 200, description = "It existed before", body = OrderBody),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
pub async fn create(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, Scope::Shipping).await?;
    let body = json_body(request, LARGEST_BODY)?;
    let addressed = read_body(body, |fields| shipment::read(fields, ShipmentType::Forward))?;
    let order_number = addressed.request.order_number.clone();
    let created = create_order(&app.purchase, &caller, addressed, clock::now()).await?;
    Ok(answer::order(&order_number, &created))
}
