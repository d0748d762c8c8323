//! A shipment: where it is, what happened to it, what RMS knows of its booking, and what one can do.

mod booking;

use std::collections::BTreeMap;

use askama::Template;
use lambda_http::http::header::{CONTENT_DISPOSITION, HeaderValue};
use logistics::domain::client::Scope;
use logistics::domain::delivery::DeliveryRecord;
use logistics::domain::shipment::{ForwardState, ReturnState, ShipmentType};
use logistics::domain::shipment_id::ShipmentId;
use logistics::edge::problem::Problem;
use logistics::flows::messaging::find_messages::of_keys;
use logistics::store::keys::Key;
use logistics::store::message_keys::{message_id, notification_key};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator as _;
use url::form_urlencoded;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::form::{self, Form};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{page_as, see_other};
use crate::screens::deliveries::tone;
use crate::shown_problem::ShownProblem;
use booking::{Booking, booking};

/// How many events a page has.
const PAGE: usize = 50;

/// A shipment as the API tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownShipment {
    pub(crate) order_number: String,
    shipment_code: Option<String>,
    pub(crate) shipment_type: String,
    pub(crate) state: Option<String>,
    awb: Option<String>,
    carrier_name: Option<String>,
    earlier_awbs: Vec<String>,
    logistic_account_alias: Option<String>,
    events: Vec<Event>,
    cursor: Option<String>,
    parcels: Vec<Parcel>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    notification_id: String,
    status: String,
    awb: Option<String>,
    contradicts: Option<String>,
    notification_type: Option<String>,
    pushed_type: String,
    #[serde(default)]
    test: bool,
    received_at: Moment,
    occurred_at: Option<Moment>,
    effect: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parcel {
    shipment_code: String,
    state: String,
    awb: Option<String>,
    carrier_name: Option<String>,
}

#[derive(Template)]
#[template(path = "shipment.html")]
struct ShipmentPage<'a> {
    frame: Frame,
    events: &'a [Event],
    /// The deliveries of its notifications.
    deliveries: Deliveries,
    pages: Pages,
    booking: Option<Booking>,
    problem: Option<ShownProblem>,
    sees_returns: bool,
    /// What was entered to settle it.
    awb: &'a str,
    order_id: &'a str,
    it: &'a ShownShipment,
}

/// The deliveries of notifications, by their ids.
type Deliveries = BTreeMap<String, Vec<EventDelivery>>;

/// A delivery of an event.
struct EventDelivery {
    endpoint: String,
    state: String,
}

struct Pages {
    current: usize,
    count: usize,
    url: String,
}

/// The order, direction and parcel of a page or a form.
struct Wanted<'a> {
    order: &'a str,
    direction: &'a str,
    code: &'a str,
}

/// The page of a shipment.
pub(crate) fn shipment_url(order: &str, direction: &str, code: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("order", order);
    for (name, value) in [("type", direction), ("code", code)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/console/shipment?{}", query.finish())
}

impl ShownShipment {
    pub(crate) fn is_return(&self) -> bool {
        self.shipment_type == "RETURN"
    }

    /// The query of its label.
    fn label(&self) -> String {
        let code = self.shipment_code.as_deref().unwrap_or_default();
        shipment_url(&self.order_number, "", code).replacen("shipment", "shipment/label", 1)
    }

    fn url_of(&self, parcel: &Parcel) -> String {
        shipment_url(
            &self.order_number,
            &self.shipment_type,
            &parcel.shipment_code,
        )
    }

    fn tone(&self) -> &'static str {
        tone(self.state.as_deref().unwrap_or_default())
    }

    /// Whether its journey has ended.
    fn is_over(&self) -> bool {
        let state = self.state.as_deref().unwrap_or_default();
        let mut forward = ForwardState::iter().filter(|state| state.is_final());
        let mut back = ReturnState::iter().filter(|state| state.is_final());
        if self.is_return() {
            back.any(|known| known.to_string() == state)
        } else {
            forward.any(|known| known.to_string() == state)
        }
    }
}

impl ShipmentPage<'_> {
    /// The deliveries of an event.
    fn deliveries_of(&self, event: &Event) -> &[EventDelivery] {
        let deliveries = self.deliveries.get(&event.notification_id);
        deliveries.map_or(&[], Vec::as_slice)
    }
}

impl EventDelivery {
    fn of((key, record): &(Key, DeliveryRecord)) -> Self {
        Self {
            endpoint: key.endpoint().to_owned(),
            state: record.state.to_string(),
        }
    }

    fn tone(&self) -> &'static str {
        tone(&self.state)
    }
}

impl Event {
    /// What it means.
    fn words(&self) -> &str {
        self.notification_type.as_deref().unwrap_or("UNMAPPED")
    }

    /// Its effect on the shipment, if that is not simply that it moved on.
    fn remark(&self) -> Option<&'static str> {
        if self.test {
            return Some("a test of the push URL");
        }
        match self.effect.as_deref() {
            Some("INFORMATIONAL") => Some("for information"),
            Some("ALREADY_THERE") => Some("already in this state"),
            Some("OUT_OF_ORDER") => Some("out of order: no effect"),
            Some("REOPENED") => Some("moves again"),
            Some("SUPERSEDED") => Some("of an earlier booking or AWB: no effect"),
            Some("OTHER_ACCOUNT") => Some("of another account: no effect"),
            None => Some("this code has no type: stored, not forwarded"),
            Some(_) => None,
        }
    }

    /// When it happened; if that is not known, when it came.
    fn at(&self) -> Moment {
        self.occurred_at.unwrap_or(self.received_at)
    }
}

impl Pages {
    fn of(api: &Api<'_>, wanted: &Wanted<'_>, events: usize) -> Self {
        let count = events.div_ceil(PAGE).max(1);
        let asked = api.parameter("page").parse().unwrap_or(1);
        Self {
            current: count.min(asked).max(1),
            count,
            url: wanted.url(),
        }
    }

    /// The events of the page; `events` are the newest first.
    fn part<'a>(&self, events: &'a [Event]) -> &'a [Event] {
        let mut parts = events.chunks(PAGE);
        parts.nth(self.current - 1).unwrap_or_default()
    }
}

impl Wanted<'_> {
    fn url(&self) -> String {
        shipment_url(self.order, self.direction, self.code)
    }

    fn call(&self) -> Call {
        Call::of("GET /shipments")
            .with("orderNumber", self.order)
            .with("shipmentType", self.direction)
            .with("shipmentCode", self.code)
    }

    fn id(&self, api: &Api<'_>) -> Option<ShipmentId> {
        let code = self.code;
        Some(ShipmentId {
            client_id: api.visitor.caller().client_id.clone(),
            shipment_type: match self.direction {
                "RETURN" => ShipmentType::Return,
                _ => ShipmentType::Forward,
            },
            order_number: self.order.parse().ok()?,
            shipment_code: (!code.is_empty()).then(|| code.parse()).transpose().ok()?,
        })
    }
}

/// The shipment that the query names.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    let wanted = Wanted {
        order: api.parameter("order"),
        direction: api.parameter("type"),
        code: api.parameter("code"),
    };
    show_with(api, &wanted, None, ("", "")).await
}

async fn show_with(
    api: &Api<'_>,
    wanted: &Wanted<'_>,
    problem: Option<ShownProblem>,
    (awb, order_id): (&str, &str),
) -> Shown {
    let mut it: ShownShipment = api.get(wanted.call()).await?;
    // The API tells the oldest events first, a thousand at a time.
    while let Some(cursor) = it.cursor.take() {
        let next: ShownShipment = api.get(wanted.call().with("cursor", &cursor)).await?;
        it.events.extend(next.events);
        it.cursor = next.cursor;
    }
    it.events.reverse();
    let pages = Pages::of(api, wanted, it.events.len());
    let events = pages.part(&it.events);
    let status = form::status(problem.as_ref().map_or(200, |problem| problem.status));
    let page = ShipmentPage {
        frame: Frame::of(api, ""),
        events,
        deliveries: deliveries(api, events).await?,
        booking: match wanted.id(api) {
            Some(id) => booking(api, &id, it.is_over()).await?,
            None => None,
        },
        sees_returns: api.visitor.caller().has_one_of(&[Scope::Returns]),
        pages,
        problem,
        awb,
        order_id,
        it: &it,
    };
    Ok(page_as(status, &page)?)
}

/// The deliveries of these events. The route that lists the messages of an order reads all of them.
async fn deliveries(api: &Api<'_>, events: &[Event]) -> Result<Deliveries, Failed> {
    let client = &api.visitor.caller().client_id;
    let keys = events.iter();
    let keys: Vec<Key> = keys
        .filter_map(|event| notification_key(client, &event.notification_id))
        .collect();
    let history = &api.functions.messages.searching.history;
    let found = of_keys(history, &keys).await.map_err(Problem::from)?;
    let found = found.into_iter().map(|message| {
        let deliveries = message.deliveries.iter().map(EventDelivery::of);
        (message_id(&message.key), deliveries.collect())
    });
    Ok(found.collect())
}

/// The document of a label.
pub(crate) async fn label(api: &Api<'_>) -> Shown {
    let call = Call::of("GET /shipping-labels")
        .with("orderNumber", api.parameter("order"))
        .with("shipmentCode", api.parameter("code"));
    let mut response = api.ask(call.wanting_pdf()).await?.0;
    let inline = HeaderValue::from_static("inline; filename=\"label.pdf\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, inline);
    Ok(response)
}

/// Cancels the booking of the form.
pub(crate) async fn cancel(api: &Api<'_>) -> Shown {
    let form = Form::of(api)?;
    let wanted = wanted(&form);
    let route = match wanted.direction {
        "RETURN" => "DELETE /return-awbs",
        _ => "DELETE /shipping-labels",
    };
    let call = Call::of(route)
        .with("orderNumber", wanted.order)
        .with("shipmentCode", wanted.code);
    match api.attempt(call).await? {
        Ok(answered) => {
            let is_done = answered.0.status() == 200;
            let done = if is_done {
                "cancelled"
            } else {
                "cancellation-requested"
            };
            Ok(see_other(&format!("{}&done={done}", wanted.url()))?)
        }
        Err(problem) => show_with(api, &wanted, Some(problem), ("", "")).await,
    }
}

/// Settles the order of the form with what was found at the aggregator.
pub(crate) async fn settle(api: &Api<'_>) -> Shown {
    let form = Form::of(api)?;
    let wanted = wanted(&form);
    let is_nothing = form.text("found") == "nothing";
    let given = [
        ("awb", "awb"),
        ("orderId", "order_id"),
        ("carrierName", "carrier"),
        ("shippingLabelUrl", "label_url"),
    ];
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("orderNumber", json!(wanted.order));
    if !wanted.code.is_empty() {
        put("shipmentCode", json!(wanted.code));
    }
    if !wanted.direction.is_empty() {
        put("shipmentType", json!(wanted.direction));
    }
    if is_nothing {
        put("none", json!(true));
    } else {
        let given = given.map(|(name, field)| (name, form.text(field)));
        for (name, value) in given.into_iter().filter(|(_, value)| !value.is_empty()) {
            put(name, json!(value));
        }
        put("takeOver", json!(form.is_ticked("take_over")));
    }
    let call = Call::of("POST /shipping-labels/settle").body(Value::Object(body));
    match api.attempt(call).await? {
        Ok(_) => {
            let done = if is_nothing { "released" } else { "settled" };
            Ok(see_other(&format!("{}&done={done}", wanted.url()))?)
        }
        Err(problem) => {
            let entered = (form.text("awb"), form.text("order_id"));
            show_with(api, &wanted, Some(problem), entered).await
        }
    }
}

fn wanted(form: &Form) -> Wanted<'_> {
    Wanted {
        order: form.text("order"),
        direction: form.text("type"),
        code: form.text("code"),
    }
}
