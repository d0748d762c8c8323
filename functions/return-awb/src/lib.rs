//! `POST /return-awbs` buys a return AWB, once; `GET /return-awbs` returns it.

use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::{PendingBody, ReturnAwbBody};
use logistics::contract::described_requests::ReturnAwbRequest;
use logistics::contract::shipment;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::shipment::ShipmentType;
use logistics::domain::text::OrderNumber;
use logistics::edge::problem_sets::{BodyProblems, BookingProblems, KeyProblems, PurchaseProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::wanted::{self, BookingParameters};
use logistics::edge::{answer, caller};
use logistics::flows::booking::book_shipment::{BookingOutcome, book_shipment};
use logistics::flows::booking::dependencies::PurchaseDependencies;
use logistics::flows::booking::find_booking::find_booking;
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
    respond(&request, async |request| {
        let caller = caller::authenticate(&app.api_keys, request, &Scope::RETURN_AWBS).await?;
        if request.method() == Method::POST {
            generate(app, &caller, request).await
        } else {
            get(app, &caller, request).await
        }
    })
    .await
}

/// Buys a return AWB, once; `shipmentType` is RETURN and `returnReason` is mandatory.
#[utoipa::path(
    post, path = "/return-awbs", tag = "return", operation_id = "generate_return_awb",
    request_body = ReturnAwbRequest,
    responses(
        (status = 200, description = "The return AWB", body = ReturnAwbBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator queued the order; GET returns the result", body = PendingBody, headers(("Location"), ("Retry-After"))),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["returns"]), ("bearer" = ["shipping"]), ("apiKey" = ["returns"]), ("apiKey" = ["shipping"])),
)]
pub async fn generate(app: &App, caller: &Caller, request: &Request) -> Answer {
    let addressed = read_json(request, |fields| {
        shipment::read(fields, ShipmentType::Return)
    })?;
    let order_number = addressed.request.order_number.clone();
    let booked = book_shipment(&app.purchase, caller, addressed, clock::now()).await?;
    Ok(answered(
        &order_number,
        &booked.outcome,
        &booked.left_orders,
    ))
}

/// Returns a return AWB.
#[utoipa::path(
    get, path = "/return-awbs", tag = "return", operation_id = "get_return_awb",
    params(BookingParameters),
    responses(
        (status = 200, description = "The return AWB", body = ReturnAwbBody),
        (status = 202, description = "The aggregator has not created it yet", body = PendingBody, headers(("Location"), ("Retry-After"))),
        KeyProblems,
        BookingProblems,
    ),
    security(("bearer" = ["returns"]), ("bearer" = ["shipping"]), ("apiKey" = ["returns"]), ("apiKey" = ["shipping"])),
)]
pub async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let wanted = wanted::read(request, ShipmentType::Return)?;
    let found = find_booking(&app.purchase.booking, caller, &wanted, clock::now()).await?;
    Ok(answered(
        &found.order_number,
        &found.outcome,
        &found.left_orders,
    ))
}

fn answered(
    order_number: &OrderNumber,
    outcome: &BookingOutcome,
    left_orders: &[String],
) -> Response<Body> {
    let awb = |booking| ReturnAwbBody::new(order_number, booking, left_orders);
    match outcome {
        BookingOutcome::Booked(booking) => answer::booking(&awb(booking), false),
        BookingOutcome::Replayed(booking) => answer::booking(&awb(booking), true),
        BookingOutcome::Pending => answer::pending("/return-awbs", order_number, left_orders),
    }
}
