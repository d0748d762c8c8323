//! Looks up orders by id, or by name in the lists of orders.

use serde_json::Value;

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shiprocket::book::{booking, print_label};
use crate::aggregators::shiprocket::call::get;
use crate::aggregators::shiprocket::order::kept::{ShiprocketOrder, kept_order, order_id};
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::{ShiprocketAnswer, text};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, PartnerAnswer};

const SHOW: Operation = Operation::reads("show_order");
const FIND: Operation = Operation::reads("find_order");
/// The maximum number of pages that are read. New orders come first, and the searched order is new.
const MOST_PAGES: usize = 5;
/// The page size.
const PER_PAGE: &str = "50";

/// Looks up an order by its id, otherwise by its name.
pub(super) async fn look_up(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<LookUp, PartnerFailure> {
    let shipment_type = reference.shipment_type;
    let order = match order_id(reference) {
        Some(order_id) => show(call, &order_id).await?,
        None => find(call, &reference.name(), shipment_type).await?,
    };
    let Some(order) = order.filter(|order| !order.is_cancelled) else {
        return Ok(LookUp::Nothing);
    };
    let Some(assigned) = order.assigned else {
        return Ok(LookUp::Nothing);
    };
    let label_url = match shipment_type {
        ShipmentType::Forward => print_label(call, &order.ids).await,
        ShipmentType::Return => None,
    };
    Ok(LookUp::Booking(booking(&order.ids, assigned, label_url)))
}

/// The order with this id; `None` if it does not exist. Shiprocket's ids are numbers.
pub(super) async fn show(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<ShiprocketOrder>, PartnerFailure> {
    match ask_for(call, order_id).await? {
        Some(answered) => answered.read(shown),
        None => Ok(None),
    }
}

/// Requests an order; `None` if the id is not valid.
pub(super) async fn ask_for(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<PartnerAnswer>, PartnerFailure> {
    if !order_id.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let path = format!("orders/show/{order_id}");
    let request = get(call.partner.account, &path, &[])?;
    ask(call.partner, SHOW, request).await.map(Some)
}

/// Parses the response of `orders/show/…`.
pub(super) fn shown(reply: &Reply) -> Result<Option<ShiprocketOrder>, PartnerFailure> {
    if reply.status >= 400 {
        return if refusal::says_unknown_order(&refusal::of(reply)) {
            Ok(None)
        } else {
            Err(SHOW.unclear())
        };
    }
    let answer = ShiprocketAnswer::of(reply).ok_or(SHOW.unclear())?;
    let order = answer.at("/data").and_then(kept_order);
    order.map(Some).ok_or(SHOW.unclear())
}

/// The order with this name; `None` if it is not found. Returns are in a separate list.
pub(super) async fn find(
    call: AggregatorCall<'_>,
    name: &str,
    shipment_type: ShipmentType,
) -> Result<Option<ShiprocketOrder>, PartnerFailure> {
    let found = find_in(call, "orders", Some(name), name).await?;
    match (found, shipment_type) {
        (None, ShipmentType::Return) => find_in(call, "orders/processing/return", None, name).await,
        (found, _) => Ok(found),
    }
}

async fn find_in(
    call: AggregatorCall<'_>,
    path: &str,
    search: Option<&str>,
    name: &str,
) -> Result<Option<ShiprocketOrder>, PartnerFailure> {
    for page in 1..=MOST_PAGES {
        let mut query = vec![
            ("page", page.to_string()),
            ("per_page", PER_PAGE.to_owned()),
        ];
        query.extend(search.map(|search| ("search", search.to_owned())));
        let request = get(call.partner.account, path, &query)?;
        let answered = ask(call.partner, FIND, request).await?;
        match answered.read(|reply| listed(call, reply, page, name))? {
            ListedOrder::Order(order) => return Ok(Some(order)),
            ListedOrder::Id(order_id) => {
                let order = show(call, &order_id).await?;
                return order.map(Some).ok_or(FIND.unclear());
            }
            ListedOrder::OnALaterPage => {}
            ListedOrder::Nowhere => break,
        }
    }
    Ok(None)
}

/// What a page of a list contains about an order.
enum ListedOrder {
    /// The order.
    Order(ShiprocketOrder),
    /// The id of the order; the list does not contain its shipment.
    Id(AggregatorOrderId),
    /// Not found, but there are more pages.
    OnALaterPage,
    /// Not found on the last page.
    Nowhere,
}

fn listed(
    call: AggregatorCall<'_>,
    reply: &Reply,
    page: usize,
    name: &str,
) -> Result<ListedOrder, PartnerFailure> {
    let answer = ShiprocketAnswer::of(reply).filter(|_| reply.status < 300);
    let answer = answer.ok_or(FIND.unclear())?;
    let orders = answer.at("/data").and_then(Value::as_array);
    let orders = orders.ok_or(FIND.unclear())?;
    if let Some(entry) = orders.iter().find(|entry| is_named(call, entry, name)) {
        if let Some(order) = kept_order(entry) {
            return Ok(ListedOrder::Order(order));
        }
        let order_id = entry.get("id").and_then(text);
        let order_id = order_id.and_then(|order_id| order_id.parse().ok());
        return order_id.map(ListedOrder::Id).ok_or(FIND.unclear());
    }
    let pages = answer.number("/meta/pagination/total_pages");
    let is_last = pages.is_none_or(|pages| usize::try_from(pages).is_ok_and(|pages| pages <= page));
    Ok(if orders.is_empty() || is_last {
        ListedOrder::Nowhere
    } else {
        ListedOrder::OnALaterPage
    })
}

/// Whether the entry has exactly this name and, if the account selects a channel, belongs to it.
fn is_named(call: AggregatorCall<'_>, entry: &Value, name: &str) -> bool {
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
