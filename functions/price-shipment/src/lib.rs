//! Prices in the terms of the provider of fulfilment: of goods (`POST /v3/fulfillment/pricing/domestic`) and of a parcel (`POST
//! /v3/pricing/domestic`, for one kind of rate `…/{rate_type}`).

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::envelope::{EnvelopeBody, FailedEnvelopeBody};
use logistics::contract::fields::Fields;
use logistics::contract::prices::PricesBody;
use logistics::contract::pricing::{
    AddressedQuestion, GoodsPricingBody, ParcelPricingBody, RATE_TYPES, read_goods, read_parcel,
};
use logistics::domain::client::{Caller, Scope};
use logistics::domain::pricing::RateType;
use logistics::edge::envelope::with_pagination;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, Enveloped, KeyProblems};
use logistics::edge::request::{Answer, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::booking::price_shipment::price_shipment;
use logistics::outbound::client::Outbound;
use logistics::store::booking::sessions::Sessions;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

const GOODS: &str = "/v3/fulfillment/pricing/domestic";
const RATE_TYPE: &str = "rate_type";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The accounts.
    pub accounts: Accounts,
    /// The sessions at aggregators.
    pub sessions: Sessions,
    /// The HTTP client for aggregators.
    pub outbound: Outbound,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            accounts: start.accounts_with_secrets()?,
            sessions: start.sessions()?,
            outbound: start.outbound()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| Box::pin(price(app, request))).await
}

async fn price(app: &App, request: &Request) -> Answer {
    if request.raw_http_path() == GOODS {
        goods(app, request).await
    } else if request.path_parameters().first(RATE_TYPE).is_some() {
        parcel_by_rate(app, request).await
    } else {
        parcel(app, request).await
    }
}

/// The prices of goods from a warehouse, packed together.
#[utoipa::path(
    post, path = "/v3/fulfillment/pricing/domestic", tag = "fulfilment", operation_id = "price_goods",
    request_body = GoodsPricingBody,
    responses(
        (status = 200, description = "The provider's prices", body = EnvelopeBody<PricesBody>),
        (status = 502, description = "The provider refused the credentials, or its response could not be parsed", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn goods(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Fulfilment]).await?;
    answered(app, request, &caller, read_goods).await
}

/// The prices of a parcel, for all kinds of rates.
#[utoipa::path(
    post, path = "/v3/pricing/domestic", tag = "fulfilment", operation_id = "price_parcel",
    request_body = ParcelPricingBody,
    responses(
        (status = 200, description = "The provider's prices", body = EnvelopeBody<PricesBody>),
        (status = 502, description = "The provider refused the credentials, or its response could not be parsed", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn parcel(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Fulfilment]).await?;
    answered(app, request, &caller, |fields| read_parcel(fields, None)).await
}

/// The prices of a parcel, for one kind of rate.
#[utoipa::path(
    post, path = "/v3/pricing/domestic/{rate_type}", tag = "fulfilment", operation_id = "price_parcel_by_rate_type",
    params(("rate_type" = RateType, Path, description = "The kind of rate. `instant` and `same-day` need the coordinates of both ends")),
    request_body = ParcelPricingBody,
    responses(
        (status = 200, description = "The provider's prices", body = EnvelopeBody<PricesBody>),
        (status = 400, description = "Unknown kind of rate, or the body is not valid JSON", body = FailedEnvelopeBody),
        (status = 502, description = "The provider refused the credentials, or its response could not be parsed", body = FailedEnvelopeBody),
        Enveloped<KeyProblems>,
        Enveloped<BodyProblems>,
    ),
    security(("bearer" = ["fulfilment"]), ("apiKey" = ["fulfilment"])),
)]
pub async fn parcel_by_rate(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Fulfilment]).await?;
    let rate = rate_type(request)?;
    answered(app, request, &caller, |fields| {
        read_parcel(fields, Some(rate))
    })
    .await
}

fn rate_type(request: &Request) -> Result<RateType, Problem> {
    let parameters = request.path_parameters();
    let given = parameters.first(RATE_TYPE).unwrap_or_default();
    given.parse().map_err(|_| {
        let detail = format!("the kind of rate must be {RATE_TYPES}");
        Problem::new(ProblemKind::InvalidParameter, detail)
    })
}

async fn answered(
    app: &App,
    request: &Request,
    caller: &Caller,
    read: impl FnOnce(&Fields<'_>) -> Option<AddressedQuestion>,
) -> Answer {
    let question = read_json(request, read)?;
    let prices = price_shipment(
        &app.accounts,
        &app.sessions,
        &app.outbound,
        caller,
        &question,
    )
    .await?;
    let response = answer::json(StatusCode::OK, &prices.data);
    Ok(with_pagination(response, prices.pagination))
}
