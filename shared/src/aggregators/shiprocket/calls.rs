//! Shiprocket's calls, one function each: what is asked, and what the answer is.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::aggregators::shiprocket::answers::{
    Assignment, Creation, Ids, Order, assignment, couriers, creation, kept_order, label,
};
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::{Ask, ask};
use crate::aggregators::shiprocket::wire::{
    Answer, Assign, CancelOrders, CancelShipments, LabelOf, id, text,
};
use crate::domain::account::Region;
use crate::domain::booking::Cancellation;
use crate::domain::courier::Recommendation;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb, CourierId};
use crate::outbound::client::Reply;
use crate::partners::call::Call;
use crate::partners::failure::Failure;

/// A label that takes longer is asked for later: the shipment is booked without it.
const LABEL_DEADLINE: Duration = Duration::from_secs(10);
/// How far a list of orders is read. The newest come first, and what is looked for was made a moment ago.
const MOST_PAGES: usize = 5;
/// The orders of a page.
const PER_PAGE: &str = "50";

/// A path of the account's name space: parcels that cross a border have their own.
fn in_region(call: Call<'_>, path: &str) -> String {
    match call.account.region {
        Region::Domestic => path.to_owned(),
        Region::International => format!("international/{}", path.trim_end_matches('/')),
    }
}

/// Makes a forward order.
pub(super) async fn create(call: Call<'_>, order: &impl Serialize) -> Result<Creation, Failure> {
    let path = in_region(call, "orders/create/adhoc");
    creation(&ask(call, &Ask::post(&path, order)).await?)
}

/// Makes a return order.
pub(super) async fn create_return(
    call: Call<'_>,
    order: &impl Serialize,
) -> Result<Creation, Failure> {
    creation(&ask(call, &Ask::post("orders/create/return", order)).await?)
}

/// Assigns an AWB: the purchase. Without a courier Shiprocket chooses.
pub(super) async fn assign(
    call: Call<'_>,
    ids: &Ids,
    courier: Option<&CourierId>,
    shipment_type: ShipmentType,
) -> Result<Assignment, Failure> {
    let path = in_region(call, "courier/assign/awb");
    let body = Assign {
        shipment_id: id(&ids.shipment),
        courier_id: courier.map(|courier| id(courier.as_str())),
        is_return: (shipment_type == ShipmentType::Return).then_some(1),
    };
    assignment(&ask(call, &Ask::post(&path, &body)).await?)
}

/// The label of a shipment with an AWB. It is bought already, so a label that is not to be had is none.
pub(super) async fn print_label(call: Call<'_>, ids: &Ids) -> Option<Url> {
    let body = LabelOf {
        shipment_id: [id(&ids.shipment)],
    };
    let call = Call {
        deadline: call.deadline.at_most(LABEL_DEADLINE),
        ..call
    };
    let asked = Ask::post("courier/generate/label", &body);
    match ask(call, &asked).await {
        Ok(reply) => label(&reply),
        Err(failure) => {
            tracing::warn!(
                error = crate::telemetry::chain(&failure),
                "the label is not to be had yet"
            );
            None
        }
    }
}

/// The order with that id; `None` if there is none. Shiprocket's ids are numbers.
pub(super) async fn show(
    call: Call<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<Order>, Failure> {
    if !order_id.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let path = format!("orders/show/{order_id}");
    let reply = ask(call, &Ask::get(&path, Vec::new())).await?;
    if reply.status >= 400 {
        return if refusal::says_unknown_order(&refusal::of(&reply)) {
            Ok(None)
        } else {
            Err(Failure::Unreadable)
        };
    }
    let answer = Answer::of(&reply).ok_or(Failure::Unreadable)?;
    let order = answer.at("/data").and_then(kept_order);
    order.map(Some).ok_or(Failure::Unreadable)
}

/// The order of that name; `None` if none is found. Returns have a list of their own beside that of all orders.
pub(super) async fn find(
    call: Call<'_>,
    name: &str,
    shipment_type: ShipmentType,
) -> Result<Option<Order>, Failure> {
    let found = find_in(call, "orders", Some(name), name).await?;
    match (found, shipment_type) {
        (None, ShipmentType::Return) => find_in(call, "orders/processing/return", None, name).await,
        (found, _) => Ok(found),
    }
}

async fn find_in(
    call: Call<'_>,
    path: &str,
    search: Option<&str>,
    name: &str,
) -> Result<Option<Order>, Failure> {
    for page in 1..=MOST_PAGES {
        let mut query = vec![
            ("page", page.to_string()),
            ("per_page", PER_PAGE.to_owned()),
        ];
        query.extend(search.map(|search| ("search", search.to_owned())));
        let reply = ask(call, &Ask::get(path, query)).await?;
        let answer = Answer::of(&reply).filter(|_| reply.status < 300);
        let answer = answer.ok_or(Failure::Unreadable)?;
        let orders = answer.at("/data").and_then(Value::as_array);
        let orders = orders.ok_or(Failure::Unreadable)?;
        if let Some(entry) = orders.iter().find(|entry| is_named(call, entry, name)) {
            return whole(call, entry).await.map(Some);
        }
        let pages = answer.number("/meta/pagination/total_pages");
        let is_last =
            pages.is_none_or(|pages| usize::try_from(pages).is_ok_and(|pages| pages <= page));
        if orders.is_empty() || is_last {
            break;
        }
    }
    Ok(None)
}

/// Whether the entry is of exactly that name, and of a channel of the account's where it has chosen some.
fn is_named(call: Call<'_>, entry: &Value, name: &str) -> bool {
    let account = call.account;
    let settings = std::iter::once(&account.settings).chain(account.warehouses.values());
    let mut channels = settings
        .filter_map(|settings| settings.get("channelId"))
        .peekable();
    let theirs = entry.get("channel_id").and_then(text);
    let is_of_another = channels.peek().is_some()
        && theirs.is_some_and(|theirs| channels.all(|ours| ours.trim() != theirs));
    let named = entry.get("channel_order_id").and_then(text);
    named.as_deref() == Some(name) && !is_of_another
}

/// The order of an entry. One that does not tell its shipment is asked for.
async fn whole(call: Call<'_>, entry: &Value) -> Result<Order, Failure> {
    if let Some(order) = kept_order(entry) {
        return Ok(order);
    }
    let order_id = entry.get("id").and_then(text);
    let order_id = order_id.and_then(|order_id| order_id.parse().ok());
    let order = show(call, &order_id.ok_or(Failure::Unreadable)?).await?;
    order.ok_or(Failure::Unreadable)
}

/// Cancels an order, and with it its shipment. Not every refusal of one that is cancelled says so: the order does.
pub(super) async fn cancel_order(
    call: Call<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Cancellation, Failure> {
    let cancelled = try_to_cancel(call, order_id).await;
    if matches!(cancelled, Err(Failure::Refused(_))) {
        let order = show(call, order_id).await.ok().flatten();
        if order.is_some_and(|order| order.is_cancelled) {
            return Ok(Cancellation::Done);
        }
    }
    cancelled
}

async fn try_to_cancel(
    call: Call<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Cancellation, Failure> {
    let body = CancelOrders {
        ids: [id(order_id.as_str())],
    };
    let asked = Ask {
        refused_by: &[500],
        ..Ask::post("orders/cancel", &body)
    };
    let reply = ask(call, &asked).await?;
    let bad_id = reply.status == 500 && refusal::says_bad_id(&refusal::of(&reply));
    match accepted(&reply) {
        Err(Failure::Refused(_)) if reply.status == 500 && !bad_id => Err(Failure::OutcomeUnknown),
        accepted => accepted.map(|()| Cancellation::Done),
    }
}

/// Whether a cancellation was accepted: by no body, or by one that says no failure. What is cancelled already is, too.
fn accepted(reply: &Reply) -> Result<(), Failure> {
    let answer = Answer::of(reply);
    let told = refusal::of(reply);
    let fails = answer.as_ref().is_some_and(refusal::is_failure);
    if refusal::says_cancelled(&told) {
        Ok(())
    } else if reply.status >= 300 || fails {
        Err(Failure::Refused(told))
    } else if answer.is_some() || reply.body.trim_ascii().is_empty() {
        Ok(())
    } else {
        Err(Failure::OutcomeUnknown)
    }
}

/// Asks for the cancellation of a shipment, which Shiprocket does later.
pub(super) async fn cancel_shipment(call: Call<'_>, awb: &Awb) -> Result<Cancellation, Failure> {
    let body = CancelShipments {
        awbs: [awb.as_str()],
    };
    let reply = ask(call, &Ask::post("orders/cancel/shipment/awbs", &body)).await?;
    let outcome = if refusal::says_cancelled(&refusal::of(&reply)) {
        Cancellation::Done
    } else {
        Cancellation::Requested
    };
    accepted(&reply).map(|()| outcome)
}

/// The couriers that serve a route.
pub(super) async fn serving(
    call: Call<'_>,
    query: Vec<(&'static str, String)>,
) -> Result<Vec<Recommendation>, Failure> {
    let path = in_region(call, "courier/serviceability/");
    couriers(&ask(call, &Ask::get(&path, query)).await?)
}
