//! `DELETE /shipping-labels` and `DELETE /return-awbs`: cancels a booking at the aggregator.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::domain::client::Scope;
use logistics::domain::shipment::ShipmentType;
use logistics::edge::request::{Answer, respond};
use logistics::edge::{answer, caller, wanted};
use logistics::flows::booking::cancel_booking::cancel_booking;
use logistics::flows::booking::dependencies::BookingDependencies;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// What the function uses; its policy in the template says the same.
#[derive(Debug)]
pub struct App {
    /// Who may call.
    pub api_keys: ApiKeys,
    /// Accounts, claims and the way to aggregators.
    pub booking: BookingDependencies,
}

impl App {
    /// Takes all of it.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            booking: start.booking()?,
        })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| cancel(app, request)).await
}

async fn cancel(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, Scope::Shipping).await?;
    let shipment_type = match request.uri().path() {
        "/return-awbs" => ShipmentType::Return,
        _ => ShipmentType::Forward,
    };
    let wanted = wanted::read(request, shipment_type)?;
    let cancelled = cancel_booking(&app.booking, &caller, &wanted, clock::now()).await?;
    Ok(answer::cancellation(&cancelled))
}
