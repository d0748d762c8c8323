//! The changes of orders in sales channels, and what the channels then have: `…/acknowledge`, `…/cancel`, `…/invoices`,
//! `…/shipments` and `…/handover` of `/channels/{alias}/orders/{channelOrderId}`, and `/channels/{alias}/shipments/{shipmentId}`.

pub mod invoices;
pub mod shipments;
pub mod status;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::fields::Fields;
use logistics::contract::values::visible;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::text::{AccountAlias, ChannelOrderId};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::{Answer, read_optional_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::channelling::change_order::create_document::CreatedDocument;
use logistics::flows::channelling::change_order::{FulfillingChannel, open_channel};
use logistics::flows::channelling::dependencies::ChangeDependencies;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The alias of the channel account, in the path.
const ALIAS: &str = "alias";
/// The order, in the path.
const ORDER: &str = "channelOrderId";
/// The shipment, in the path.
const SHIPMENT: &str = "shipmentId";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The channel accounts, the claims of the changes, and the HTTP client for channels.
    pub changes: ChangeDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            changes: start.order_changes()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| Box::pin(dispatch(app, request))).await
}

async fn dispatch(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Channels]).await?;
    let caller = &caller;
    if request.path_parameters().first(SHIPMENT).is_some() {
        return shipments::get(app, caller, request).await;
    }
    let path = request.uri().path();
    let (method, last) = (request.method().as_str(), path.rsplit('/').next());
    match (method, last.unwrap_or_default()) {
        ("POST", "acknowledge") => status::acknowledge(app, caller, request).await,
        ("POST", "cancel") => status::cancel(app, caller, request).await,
        ("POST", "invoices") => invoices::post(app, caller, request).await,
        ("GET", "invoices") => invoices::list(app, caller, request).await,
        ("POST", "shipments") => shipments::post(app, caller, request).await,
        ("GET", "shipments") => shipments::list(app, caller, request).await,
        ("POST", "handover") => shipments::hand_over(app, caller, request).await,
        _ => Err(Problem::new(
            ProblemKind::NotFound,
            format!("there is no route {method} {path}"),
        )),
    }
}

/// The channel of the account in the path.
async fn channel<'a>(
    app: &'a App,
    caller: &Caller,
    request: &Request,
) -> Result<FulfillingChannel<'a>, Problem> {
    let parameters = request.path_parameters();
    let alias: AccountAlias = named(parameters.first(ALIAS), "channel account not found")?;
    Ok(open_channel(&app.changes, &caller.client_id, &alias).await?)
}

/// The order in the path.
fn order(request: &Request) -> Result<ChannelOrderId, Problem> {
    named(
        request.path_parameters().first(ORDER),
        "the channel has no such order",
    )
}

/// An id in the path. An invalid one cannot exist.
fn named<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: Option<&str>,
    absent: &'static str,
) -> Result<T, Problem> {
    let text = text.unwrap_or_default();
    visible(text).map_err(|_| Problem::new(ProblemKind::NotFound, absent))
}

/// Reads a body. One of which all fields may be absent may be absent itself.
fn checked<T>(
    request: &Request,
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<T, Problem> {
    read_optional_json(request, read)
}

/// The answer about a document: with `created` if this request created it.
fn document(created: CreatedDocument, status: StatusCode) -> Response<Body> {
    if created.replayed {
        answer::stored(StatusCode::OK, created.answer, true)
    } else {
        answer::stored(status, created.answer, false)
    }
}
