//! `GET /shipments/{orderNumber}` and `GET /shipments?orderNumber=`: a shipment's state and its events.
//!
//! Both return the same. An HTTP API decodes a path before it matches the route: an order number with a slash works only in
//! the second.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::problem::ProblemBody;
use logistics::contract::tracked::{TrackedBody, TrackedEventBody, TrackedParcelBody};
use logistics::contract::values::visible;
use logistics::domain::client::Scope;
use logistics::domain::delivery::instant;
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::domain::text::{ClientId, OrderNumber, ShipmentCode};
use logistics::edge::page::Page;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, parameter, respond};
use logistics::edge::{answer, caller};
use logistics::flows::notifying::track_order::{TrackedOrder, track_order};
use logistics::flows::notifying::track_shipment::{Tracked, TrackedEvent, track_shipment};
use logistics::store::booking::shipments::Shipments;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::cursor::Cursor;
use logistics::store::message_keys::message_id;
use logistics::store::messaging::history::History;
use logistics::wiring::{Start, WiringFailure};

/// The order number, in the path or in the query.
const ORDER_NUMBER: &str = "orderNumber";

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The shipments.
    pub shipments: Shipments,
    /// Their notifications.
    pub history: History,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            shipments: start.shipments()?,
            history: start.history()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| read(app, request)).await
}

async fn read(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    if request.path_parameters().first(ORDER_NUMBER).is_some() {
        get(app, caller.client_id, request).await
    } else {
        find(app, caller.client_id, request).await
    }
}

/// A shipment's state and its time line: every event with its effect, in the order in which the events happened, up to 1000 in a
/// page. Pass an order number with `/`, `%` or `?` to `GET /shipments?orderNumber=`: the gateway decodes paths before it matches the route.
#[utoipa::path(
    get, path = "/shipments/{orderNumber}", tag = "notifications", operation_id = "get_shipment",
    params(
        ("orderNumber" = OrderNumber, Path, description = "The client's id of the order"),
        ("shipmentType" = Option<ShipmentType>, Query, description = "Default: FORWARD."),
        ("shipmentCode" = Option<ShipmentCode>, Query, description = "One of several parcels of the order."),
        ("cursor" = Option<String>, Query, description = "The `cursor` of the previous page of events."),
    ),
    responses(
        (status = 200, description = "The shipment", body = TrackedBody),
        (status = 400, description = "Invalid query parameter", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Shipment not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn get(app: &App, client_id: ClientId, request: &Request) -> Answer {
    let parameters = request.path_parameters();
    let order_number = parameters.first(ORDER_NUMBER).unwrap_or_default();
    let order_number = visible(order_number)
        // An invalid order number cannot exist.
        .map_err(|_| Problem::new(ProblemKind::NotFound, "shipment not found"))?;
    track(app, request, &wanted(request, client_id, order_number)?).await
}

/// A shipment's state and its time line, for any order number.
#[utoipa::path(
    get, path = "/shipments", tag = "notifications", operation_id = "find_shipment",
    params(
        ("orderNumber" = OrderNumber, Query, description = "The client's id of the order"),
        ("shipmentType" = Option<ShipmentType>, Query, description = "Default: FORWARD."),
        ("shipmentCode" = Option<ShipmentCode>, Query, description = "One of several parcels of the order."),
        ("cursor" = Option<String>, Query, description = "The `cursor` of the previous page of events."),
    ),
    responses(
        (status = 200, description = "The shipment", body = TrackedBody),
        (status = 400, description = "Invalid query parameter, or no order number", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Shipment not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn find(app: &App, client_id: ClientId, request: &Request) -> Answer {
    let order_number = parameter(request, ORDER_NUMBER)?.ok_or_else(|| {
        Problem::new(
            ProblemKind::InvalidParameter,
            "give the parameter orderNumber",
        )
    })?;
    track(app, request, &wanted(request, client_id, order_number)?).await
}

async fn track(app: &App, request: &Request, id: &ShipmentId) -> Answer {
    let cursor: Option<Cursor> = parameter(request, "cursor")?;
    let (shipments, history) = (&app.shipments, &app.history);
    let body = if id.shipment_code.is_some() {
        let tracked = track_shipment(shipments, history, id).await?;
        body(id, Some(tracked), Vec::new(), cursor.as_ref())
    } else {
        let TrackedOrder { whole, parcels } = track_order(shipments, history, id).await?;
        body(id, whole, parcels, cursor.as_ref())
    };
    Ok(answer::json(StatusCode::OK, &body))
}

fn wanted(
    request: &Request,
    client_id: ClientId,
    order_number: OrderNumber,
) -> Result<ShipmentId, Problem> {
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

/// `tracked` is absent for an order that has only parcels. The events are those of the page after `cursor`.
fn body(
    id: &ShipmentId,
    tracked: Option<Tracked>,
    parcels: Vec<(ShipmentCode, Tracked)>,
    cursor: Option<&Cursor>,
) -> TrackedBody {
    let facts = tracked.as_ref().and_then(|tracked| tracked.facts.as_ref());
    let alias = tracked.as_ref().and_then(alias);
    let state = tracked.as_ref().map(|tracked| tracked.state.clone());
    let awb = facts.and_then(awb);
    let carrier_name = facts.and_then(|facts| facts.carrier_name.clone());
    let earlier_awbs = tracked.iter().flat_map(|tracked| &tracked.earlier_awbs);
    let earlier_awbs = earlier_awbs.map(ToString::to_string).collect();
    let events = tracked.into_iter().flat_map(|tracked| tracked.events);
    let events = Page::of(events, cursor, TrackedEvent::place, event);
    TrackedBody {
        order_number: id.order_number.to_string(),
        shipment_code: id.shipment_code.as_ref().map(ToString::to_string),
        shipment_type: id.shipment_type,
        awb,
        carrier_name,
        earlier_awbs,
        logistic_account_alias: alias,
        state,
        events: events.entries,
        cursor: events.cursor.map(|cursor| cursor.to_string()),
        parcels: parcels.into_iter().map(parcel).collect(),
    }
}

fn parcel((code, tracked): (ShipmentCode, Tracked)) -> TrackedParcelBody {
    let facts = tracked.facts.as_ref();
    TrackedParcelBody {
        shipment_code: code.to_string(),
        awb: facts.and_then(awb),
        carrier_name: facts.and_then(|facts| facts.carrier_name.clone()),
        logistic_account_alias: alias(&tracked),
        state: tracked.state,
    }
}

fn awb(facts: &ShipmentFacts) -> Option<String> {
    facts.awb.as_ref().map(ToString::to_string)
}

/// The account that booked it, or that pushed the first of its events.
fn alias(tracked: &Tracked) -> Option<String> {
    let pushed = tracked
        .events
        .iter()
        .find_map(|event| event.head.alias.as_ref());
    let booked = tracked.facts.as_ref().map(|facts| &facts.alias);
    booked.or(pushed).map(ToString::to_string)
}

fn event(event: TrackedEvent) -> TrackedEventBody {
    TrackedEventBody {
        notification_id: message_id(&event.key),
        status: event.head.status,
        awb: event.head.awb.map(|awb| awb.to_string()),
        contradicts: event.head.contradicts.map(|order| order.to_string()),
        notification_type: event.head.notification_type,
        pushed_type: event.head.pushed_type,
        test: event.head.test,
        received_at: instant(event.head.received_at),
        occurred_at: event.head.occurred_at.map(instant),
        effect: event.effect,
    }
}
