//! Finding: one field for every kind of number and id.

use askama::Template;
use futures::future::try_join;
use lambda_http::http::StatusCode;
use logistics::domain::client::Scope;
use logistics::domain::text::Awb;
use logistics::edge::problem::Problem;
use logistics::store::message_keys::message_of_delivery;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::respond::{page, page_as, see_other};
use crate::screens::accounts::aliases;
use crate::screens::endpoints::EndpointList;
use crate::screens::returns::ShownReturn;
use crate::screens::shipments::{ShownShipment, shipment_url};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    /// Whether there is an account, and an endpoint; nothing if the visitor may not add them.
    set_up: Option<SetUp>,
}

/// What of the set-up is done.
struct SetUp {
    has_account: bool,
    has_endpoint: bool,
}

#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage<'a> {
    frame: Frame,
    query: &'a str,
    hits: Vec<Hit>,
}

/// Something that was found.
#[derive(Debug)]
struct Hit {
    what: &'static str,
    name: String,
    state: String,
    href: String,
}

/// An order number and a direction, as a finder of an AWB has them.
#[derive(Debug, Deserialize)]
struct Messages {
    messages: Vec<IgnoredAny>,
}

/// The first page.
pub(crate) async fn home(api: &Api<'_>) -> Shown {
    let frame = Frame::of(api, "/console");
    let set_up = set_up(api).await?;
    Ok(page(&HomePage { frame, set_up })?)
}

/// How far the set-up is, as long as something is missing.
async fn set_up(api: &Api<'_>) -> Result<Option<SetUp>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Configuration]) {
        return Ok(None);
    }
    let endpoints = api.get::<EndpointList>(Call::of("GET /webhook-endpoints"));
    let (aliases, endpoints) = try_join(aliases(api), endpoints).await?;
    let set_up = SetUp {
        has_account: !aliases.is_empty(),
        has_endpoint: !endpoints.webhook_endpoints.is_empty(),
    };
    Ok(Some(set_up).filter(|set_up| !set_up.has_account || !set_up.has_endpoint))
}

/// Leads to what was looked for, or shows what it may be.
pub(crate) async fn look(api: &Api<'_>) -> Shown {
    let query = api.parameter("q");
    if query.is_empty() {
        return Ok(see_other("/console")?);
    }
    if let Some(place) = by_form(query) {
        return Ok(see_other(&place)?);
    }
    let (mut hits, returns) = try_join(shipments(api, query), returns(api, query)).await?;
    hits.extend(returns);
    if let [only] = hits.as_slice() {
        return Ok(see_other(&only.href)?);
    }
    if hits.is_empty() {
        hits.extend(messages(api, query).await?);
    }
    let status = if hits.is_empty() {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    let frame = Frame {
        looked_for: query.to_owned(),
        ..Frame::of(api, "")
    };
    Ok(page_as(status, &FoundPage { frame, query, hits })?)
}

/// The place of an id that says by its form what it is of.
fn by_form(query: &str) -> Option<String> {
    let message = message_of_delivery(query);
    let id = message.as_deref().unwrap_or(query);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !id.bytes().all(is_plain) {
        return None;
    }
    let (prefix, rest) = id.split_once('_')?;
    let section = match prefix {
        "ntf" if rest.contains('_') => "notifications",
        "msg" if rest.contains('_') => "messages",
        _ => return None,
    };
    Some(format!("/console/{section}/{id}"))
}

/// The shipments of an order number, in both directions, and those with an AWB.
async fn shipments(api: &Api<'_>, query: &str) -> Result<Vec<Hit>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Notifications]) {
        return Ok(Vec::new());
    }
    let of = |direction| {
        let call = Call::of("GET /shipments").with("orderNumber", query);
        api.find::<ShownShipment>(call.with("shipmentType", direction))
    };
    let (forward, back) = try_join(of("FORWARD"), of("RETURN")).await?;
    let mut hits: Vec<Hit> = forward.into_iter().chain(back).map(hit).collect();
    let Ok(awb) = query.parse::<Awb>() else {
        return Ok(hits);
    };
    let client = &api.visitor.caller().client_id;
    let table = &api.functions.get_shipment.shipments;
    let known = table.by_awb(client, &awb).await.map_err(Problem::from)?;
    for facts in known {
        let id = facts.id(client);
        let code = id.shipment_code.as_ref().map_or("", |code| code.as_str());
        let direction = id.shipment_type.to_string();
        let href = shipment_url(id.order_number.as_str(), &direction, code);
        if hits.iter().all(|hit| hit.href != href) {
            hits.push(Hit {
                what: "Shipment",
                name: id.order_number.to_string(),
                state: direction,
                href,
            });
        }
    }
    Ok(hits)
}

fn hit(tracked: ShownShipment) -> Hit {
    let what = if tracked.is_return() {
        "Return shipment"
    } else {
        "Shipment"
    };
    Hit {
        what,
        href: shipment_url(&tracked.order_number, &tracked.shipment_type, ""),
        state: tracked.state.unwrap_or_default(),
        name: tracked.order_number,
    }
}

async fn returns(api: &Api<'_>, query: &str) -> Result<Vec<Hit>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Returns]) {
        return Ok(Vec::new());
    }
    let call = Call::of("GET /return-orders").with("returnOrderCode", query);
    let found: Option<ShownReturn> = api.find(call).await?;
    let hits = found.into_iter().map(|order| Hit {
        what: "Return order",
        href: order.url(),
        name: order.return_order_code,
        state: order.state,
    });
    Ok(hits.collect())
}

/// The messages about it, if RMS knows nothing else of that name, such as an order of a shop.
async fn messages(api: &Api<'_>, query: &str) -> Result<Option<Hit>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Notifications]) {
        return Ok(None);
    }
    let call = Call::of("GET /messages").with("subject", query);
    let found: Option<Messages> = api.find(call).await?;
    let count = found.map_or(0, |found| found.messages.len());
    let query_part: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    Ok((count > 0).then(|| Hit {
        what: "Messages",
        name: query.to_owned(),
        state: format!("{count} messages"),
        href: format!("/console/messages?subject={query_part}"),
    }))
}
