//! Looks orders up: by their id, or by their name in the lists of orders.

use serde_json::Value;

use crate::aggregators::Found;
use crate::aggregators::reference::Reference;
use crate::aggregators::shiprocket::book::{booking, print_label};
use crate::aggregators::shiprocket::call::Ask;
use crate::aggregators::shiprocket::order::kept::{Order, kept_order, order_id};
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::{Answer, text};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::partners::call::Call;
use crate::partners::failure::Failure;

/// How far a list of orders is read. The newest come first, and what is looked for was made a moment ago.
const MOST_PAGES: usize = 5;
/// The orders of a page.
const PER_PAGE: &str = "50";

/// Looks an order up by its id, else by its name.
pub(super) async fn look_up(call: Call<'_>, reference: Reference<'_>) -> Result<Found, Failure> {
    let shipment_type = reference.shipment_type;
    let order = match order_id(reference) {
        Some(order_id) => show(call, &order_id).await?,
        None => find(call, &reference.name(), shipment_type).await?,
    };
    let Some(order) = order.filter(|order| !order.is_cancelled) else {
        return Ok(Found::Nothing);
    };
    let Some(assigned) = order.assigned else {
        return Ok(Found::Nothing);
    };
    let label_url = match shipment_type {
        ShipmentType::Forward => print_label(call, &order.ids).await,
        ShipmentType::Return => None,
    };
    Ok(Found::Booking(booking(&order.ids, assigned, label_url)))
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
