//! `GET /shipping-labels`: returns a label, as JSON or as a PDF.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::booking::{LabelBody, PendingBody};
use logistics::contract::described_values::PdfDocument;
use logistics::contract::problem::ProblemBody;
use logistics::domain::booking::Booking;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::shipment::ShipmentType;
use logistics::domain::wanted_booking::WantedBooking;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BookingProblems, KeyProblems};
use logistics::edge::request::{Answer, respond, wants_pdf};
use logistics::edge::wanted::{self, BookingParameters};
use logistics::edge::{answer, caller};
use logistics::flows::booking::book_shipment::BookingOutcome;
use logistics::flows::booking::dependencies::BookingDependencies;
use logistics::flows::booking::fetch_document::{Document, fetch_document};
use logistics::flows::booking::find_booking::{find_booking, moved_label};
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
    respond(&request, |request| get(app, request)).await
}

/// Returns a label; with `Accept: application/pdf` the document itself.
#[utoipa::path(
    get, path = "/shipping-labels", tag = "forward", operation_id = "get_label",
    params(BookingParameters),
    responses(
        (status = 200, description = "The label", content((LabelBody = "application/json"), (PdfDocument = "application/pdf"))),
        (status = 202, description = "The aggregator has not created it yet", body = PendingBody, headers(("Location"), ("Retry-After"))),
        (status = 303, description = "The document is larger than 4 MB; download it from the Location", headers(("Location"))),
        KeyProblems,
        BookingProblems,
        (status = 502, description = "The aggregator's response could not be parsed, or the label exists, but its document can never be fetched", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["shipping"]), ("apiKey" = ["shipping"])),
)]
pub async fn get(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Shipping]).await?;
    let wanted = wanted::read(request, ShipmentType::Forward)?;
    let found = find_booking(&app.booking, &caller, &wanted, clock::now()).await?;
    match found.outcome {
        BookingOutcome::Pending => Ok(answer::pending(
            "/shipping-labels",
            &found.order_number,
            &found.left_orders,
        )),
        BookingOutcome::Booked(booking) | BookingOutcome::Replayed(booking)
            if wants_pdf(request) =>
        {
            document(app, &caller, &wanted, &booking).await
        }
        BookingOutcome::Booked(booking) | BookingOutcome::Replayed(booking) => Ok(answer::booking(
            &LabelBody::new(&found.order_number, &booking, &found.left_orders),
            false,
        )),
    }
}

async fn document(app: &App, caller: &Caller, wanted: &WantedBooking, booking: &Booking) -> Answer {
    let url = booking.label_url.as_ref().ok_or_else(|| {
        Problem::new(
            ProblemKind::NotFound,
            "the aggregator has no label document for this order yet",
        )
    })?;
    let outbound = &app.booking.outbound;
    let document = match fetch_document(outbound, url).await {
        Ok(document) => document,
        Err(failure) => match moved_label(&app.booking, caller, wanted).await? {
            Some(url) => fetch_document(outbound, &url).await?,
            None => return Err(failure.into()),
        },
    };
    Ok(match document {
        Document::Pdf(bytes) => answer::pdf(bytes),
        Document::At(url) => answer::see_other(&url),
    })
}
