//! `POST /shipping-labels/settle`: an operator states the result of an order whose outcome is unknown.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::{LabelBody, ReturnAwbBody};
use logistics::contract::described_requests::SettlementRequest;
use logistics::contract::problem::ProblemBody;
use logistics::contract::settlement::{self, ReleasedBody, SettledBody, Settlement};
use logistics::domain::booking::Booking;
use logistics::domain::client::Scope;
use logistics::domain::shipment::ShipmentType;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::settle_claim::{Settled, settle_claim};
use logistics::store::booking::shipments::Shipments;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The claims.
    pub shipments: Shipments,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            shipments: start.shipments()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| settle(app, request)).await
}

/// Settles an order whose outcome is unknown, with the result that an operator found at the aggregator.
#[utoipa::path(
    post, path = "/shipping-labels/settle", tag = "forward", operation_id = "settle_label",
    request_body = SettlementRequest,
    responses(
        (status = 200, description = "The label, or that the order number is free again", body = SettledBody),
        (status = 404, description = "Order not found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Another request is processing this order", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["shipping"]), ("apiKey" = ["shipping"])),
)]
pub async fn settle(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Shipping]).await?;
    let settlement = read_json(request, settlement::read)?;
    Ok(
        match settle_claim(&app.shipments, &caller, &settlement, clock::now()).await? {
            Settled::Booked(booking) => booked(&settlement, &booking),
            Settled::Released => {
                answer::json(StatusCode::OK, &ReleasedBody::new(&settlement.order_number))
            }
        },
    )
}

fn booked(settlement: &Settlement, booking: &Booking) -> Response<Body> {
    match settlement.shipment_type {
        ShipmentType::Forward => answer::booking(
            &LabelBody::new(&settlement.order_number, booking, &[]),
            false,
        ),
        ShipmentType::Return => answer::booking(
            &ReturnAwbBody::new(&settlement.order_number, booking, &[]),
            false,
        ),
    }
}
