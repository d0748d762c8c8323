//! `GET /shipments/{orderNumber}`: where a shipment is, and how it came there.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::problem::ProblemBody;
use logistics::contract::tracked::{TrackedBody, TrackedEventBody};
use logistics::domain::client::Scope;
use logistics::domain::delivery::instant;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::domain::text::ClientId;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, parameter, respond};
use logistics::edge::{answer, caller};
use logistics::flows::notifying::track_shipment::{Tracked, TrackedEvent, track_shipment};
use logistics::store::booking::shipments::Shipments;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::message_keys::message_id;
use logistics::store::messaging::history::History;
use logistics::wiring::{Start, WiringFailure};

/// What the function uses; its policy in the template says the same.
#[derive(Debug)]
pub struct App {
    /// Who may call.
    pub api_keys: ApiKeys,
    /// The shipments.
    pub shipments: Shipments,
    /// Their notifications.
    pub history: History,
}

impl App {
    /// Takes all of it.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            shipments: start.shipments()?,
            history: start.history()?,
        })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| get(app, request)).await
}

/// Where a shipment is, and its time line: every event with what it did, in the order in which they happened.
#[utoipa::path(
    get, path = "/shipments/{orderNumber}", tag = "notifications", operation_id = "get_shipment",
    params(
        ("orderNumber" = String, Path, description = "The client's id of the order"),
        ("shipmentType" = Option<ShipmentType>, Query, description = "FORWARD when absent."),
        ("shipmentCode" = Option<String>, Query, description = "One of several parcels of the order."),
    ),
    responses(
        (status = 200, description = "The shipment", body = TrackedBody),
        (status = 400, description = "Invalid query parameter", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Shipment not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
pub async fn get(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, Scope::Notifications).await?;
    let id = wanted(request, caller.client_id)?;
    let tracked = track_shipment(&app.shipments, &app.history, &id).await?;
    Ok(answer::json(StatusCode::OK, &body(&id, tracked)))
}

fn wanted(request: &Request, client_id: ClientId) -> Result<ShipmentId, Problem> {
    let parameters = request.path_parameters();
    let order_number = parameters.first("orderNumber").unwrap_or_default();
    let order_number = order_number
        .parse()
        // What cannot be an order number is none of the client's.
        .map_err(|_| Problem::new(ProblemKind::NotFound, "shipment not found"))?;
    let shipment_type = parameter::<String>(request, "shipmentType")?;
    Ok(ShipmentId {
        client_id,
        shipment_type: match shipment_type.as_deref() {
            None | Some("FORWARD") => ShipmentType::Forward,
            Some("RETURN") => ShipmentType::Return,
            Some(_) => {
                return Err(Problem::new(
                    ProblemKind::InvalidParameter,
                    "the parameter shipmentType must be FORWARD or RETURN",
                ));
            }
        },
        order_number,
        shipment_code: parameter(request, "shipmentCode")?,
    })
}

fn body(id: &ShipmentId, tracked: Tracked) -> TrackedBody {
    let facts = tracked.facts.as_ref();
    let first = tracked.events.first();
    let alias = facts
        .map(|facts| &facts.alias)
        .or(first.map(|event| &event.head.alias));
    TrackedBody {
        order_number: id.order_number.to_string(),
        shipment_code: id.shipment_code.as_ref().map(ToString::to_string),
        shipment_type: id.shipment_type,
        awb: facts.and_then(|facts| Some(facts.awb.as_ref()?.to_string())),
        carrier_name: facts.and_then(|facts| facts.carrier_name.clone()),
        earlier_awbs: tracked
            .earlier_awbs
            .iter()
            .map(ToString::to_string)
            .collect(),
        logistic_account_alias: alias.map(ToString::to_string),
        state: tracked.state,
        events: tracked.events.into_iter().map(event).collect(),
    }
}

fn event(event: TrackedEvent) -> TrackedEventBody {
    TrackedEventBody {
        notification_id: message_id(&event.key),
        status: event.head.status,
        awb: event.head.awb.map(|awb| awb.to_string()),
        contradicts: event.head.contradicts.map(|order| order.to_string()),
        notification_type: event.head.notification_type,
        pushed_type: event.head.pushed_type,
        received_at: instant(event.head.received_at),
        occurred_at: event.head.occurred_at.map(instant),
        effect: event.effect,
    }
}
