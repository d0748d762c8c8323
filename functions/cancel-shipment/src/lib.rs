//! `DELETE /shipping-labels` and `DELETE /return-awbs`: cancels a booking at the aggregator.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::CancellationBody;
use logistics::domain::client::Scope;
use logistics::domain::shipment::ShipmentType;
use logistics::edge::problem_sets::{BookingProblems, KeyProblems};
use logistics::edge::request::{Answer, respond};
use logistics::edge::wanted::{self, BookingParameters};
use logistics::edge::{answer, caller};
use logistics::flows::booking::cancel_booking::cancel_booking;
use logistics::flows::booking::dependencies::BookingDependencies;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// Accounts, claims and the HTTP client for aggregators.
    pub booking: BookingDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            booking: start.booking()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, async |request| match request.uri().path() {
        "/return-awbs" => cancel_return_awb(app, request).await,
        _ => cancel_label(app, request).await,
    })
    .await
}

/// Cancels a label, or an order without one, at the aggregator; the order number may then be used again.
#[utoipa::path(
    delete, path = "/shipping-labels", tag = "forward", operation_id = "cancel_label",
    params(BookingParameters),
    responses(
        (status = 200, description = "Cancelled", body = CancellationBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator accepted the cancellation; repeat the request for its result", body = CancellationBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BookingProblems,
    ),
    security(("bearer" = ["shipping"]), ("apiKey" = ["shipping"])),
)]
pub async fn cancel_label(app: &App, request: &Request) -> Answer {
    cancel(app, request, ShipmentType::Forward).await
}

/// Cancels a return at the aggregator; the order number may then be used again.
#[utoipa::path(
    delete, path = "/return-awbs", tag = "return", operation_id = "cancel_return_awb",
    params(BookingParameters),
    responses(
        (status = 200, description = "Cancelled", body = CancellationBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator accepted the cancellation; repeat the request for its result", body = CancellationBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BookingProblems,
    ),
    security(("bearer" = ["returns"]), ("bearer" = ["shipping"]), ("apiKey" = ["returns"]), ("apiKey" = ["shipping"])),
)]
pub async fn cancel_return_awb(app: &App, request: &Request) -> Answer {
    cancel(app, request, ShipmentType::Return).await
}

async fn cancel(app: &App, request: &Request, shipment_type: ShipmentType) -> Answer {
    let scopes: &[Scope] = match shipment_type {
        ShipmentType::Forward => &[Scope::Shipping],
        ShipmentType::Return => &Scope::RETURN_AWBS,
    };
    let caller = caller::authenticate(&app.api_keys, request, scopes).await?;
    let wanted = wanted::read(request, shipment_type)?;
    let cancelled = cancel_booking(&app.booking, &caller, &wanted, clock::now()).await?;
    Ok(answer::cancellation(&cancelled))
}
