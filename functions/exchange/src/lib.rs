//! `POST /exchanges` orders a replacement for a customer and the return of the article that it replaces, once.

use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::exchange::{ExchangedBody, PendingExchangeBody, read};
use logistics::contract::exchange_body::ExchangeRequestBody;
use logistics::domain::client::Scope;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, PurchaseProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::dependencies::PurchaseDependencies;
use logistics::flows::booking::exchange_order::exchange_order;
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
    respond(&request, |request| exchange(app, request)).await
}

/// Orders an exchange, once: a replacement for a customer, and the return of the article that it replaces. Both are booked,
/// each with its own AWB. Only for accounts whose aggregator orders both with one call.
#[utoipa::path(
    post, path = "/exchanges", tag = "return", operation_id = "order_exchange",
    request_body = ExchangeRequestBody,
    responses(
        (status = 200, description = "Both shipments", body = ExchangedBody, headers(("idempotent-replayed"))),
        (status = 202, description = "The aggregator queued a shipment; repeat the request after Retry-After",
            body = PendingExchangeBody, headers(("Retry-After"))),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = ["returns"]), ("apiKey" = ["returns"])),
)]
pub async fn exchange(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Returns]).await?;
    let wanted = read_json(request, read)?;
    let forward_number = wanted.forward.order_number.clone();
    let return_number = wanted.returned.order_number.clone();
    let exchanged = exchange_order(&app.purchase, &caller, wanted, clock::now());
    let exchanged = Box::pin(exchanged).await?;
    let (forward, returned) = (&exchanged.forward, &exchanged.returned);
    Ok(match (&forward.booking, &returned.booking) {
        (Some(of_forward), Some(of_returned)) => {
            let body = ExchangedBody::new(
                (of_forward, &forward.left_orders),
                (of_returned, &returned.left_orders),
            );
            answer::booking(&body, exchanged.replayed)
        }
        (Some(_) | None, _) => answer::pending_exchange(&forward_number, &return_number),
    })
}
