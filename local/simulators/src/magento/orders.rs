//! Orders: list, read, comment, cancel, and the save that only changes the label.

use http::Uri;
use serde_json::{Value, json};

use crate::magento::fulfilment;
use crate::magento::items::{self, Deed};
use crate::magento::keys::with_snake_keys;
use crate::magento::projection::projected;
use crate::magento::refusal::Refusal;
use crate::magento::search::Search;
use crate::magento::shop::{Fields, Shop, move_to, now, set};

/// The statuses that every shop has, with the state of each.
const STATUSES: [(&str, &str); 8] = [
    ("pending", "new"),
    ("pending_payment", "pending_payment"),
    ("processing", "processing"),
    ("fraud", "processing"),
    ("payment_review", "payment_review"),
    ("holded", "holded"),
    ("complete", "complete"),
    ("canceled", "canceled"),
];

/// `GET /V1/orders`.
pub(super) fn list(shop: &Shop, uri: &Uri) -> Result<Value, Refusal> {
    let search = Search::of(uri, shop)?;
    let traps = &shop.traps;
    let found = search.found(shop.orders.values());
    let rows = search.page(&found, traps.has(12, "repeatLastPage"));
    let poison = traps.option(12, "poison").and_then(Value::as_array);
    let poisoned = |row: &&Fields| {
        let id = row.get("entity_id");
        poison.is_some_and(|ids| ids.iter().any(|bad| Some(bad) == id))
    };
    if rows.iter().any(poisoned) {
        return Err(Refusal::internal());
    }
    let total = traps.option(12, "totalCount").cloned();
    let page = json!({
        "items": rows,
        "search_criteria": search.echo(),
        "total_count": total.unwrap_or_else(|| json!(found.len())),
    });
    Ok(match search.fields {
        Some(_) if traps.has(12, "emptyFields") => json!([]),
        Some(fields) => projected(page, &fields),
        None => page,
    })
}

/// `GET /V1/orders/{id}`.
pub(super) fn read(shop: &mut Shop, id: u64) -> Result<Value, Refusal> {
    shop.order(id).map(|order| json!(order))
}

/// `GET /V1/orders/{id}/statuses`: a bare string.
pub(super) fn status(shop: &mut Shop, id: u64) -> Result<Value, Refusal> {
    let order = shop.order(id)?;
    Ok(order.get("status").cloned().unwrap_or_default())
}

/// `POST /V1/orders`: changes the status's label alone (trap 4).
pub(super) fn save(shop: &mut Shop, body: Value) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let entity = body
        .get("entity")
        .ok_or_else(|| Refusal::required("entity"))?;
    let id = entity.get("entity_id").and_then(Value::as_u64);
    let order = shop.order(id.ok_or_else(Refusal::unknown)?)?;
    if let Some(status) = entity.get("status") {
        set(order, "status", status.clone());
        set(order, "updated_at", json!(now()));
    }
    Ok(json!(order))
}

/// `POST /V1/orders/{id}/comments`.
pub(super) fn comment(shop: &mut Shop, id: u64, body: Value) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let comment = body
        .get("status_history")
        .ok_or_else(|| Refusal::required("statusHistory"))?;
    for name in [
        "comment",
        "is_customer_notified",
        "is_visible_on_front",
        "parent_id",
    ] {
        if comment.get(name).is_none() {
            return Err(Refusal::required(name));
        }
    }
    let status = comment.get("status").and_then(Value::as_str);
    let old = shop.order(id)?.get("status").cloned().unwrap_or_default();
    let new = match status {
        Some(status) => new_status(shop, id, status)?,
        None if shop.traps.is_on(1) => Some(Value::Null),
        None => None,
    };
    let order = shop.order(id)?;
    set(order, "status", new.unwrap_or(old));
    set(order, "updated_at", json!(now()));
    let history = order.entry("status_histories").or_insert_with(|| json!([]));
    if let Some(history) = history.as_array_mut() {
        history.push(comment.clone());
    }
    Ok(json!(true))
}

/// The status that a comment sets, if it sets one.
fn new_status(shop: &mut Shop, id: u64, status: &str) -> Result<Option<Value>, Refusal> {
    let state = STATUSES
        .iter()
        .find(|(known, _)| *known == status)
        .map(|(_, state)| *state);
    if state.is_none() && !shop.traps.is_on(2) {
        let message = "The status \"%1\" is not part of the order status history.";
        return Err(Refusal::invalid_with(message, json!([status])));
    }
    if shop.traps.has(3, "all") {
        return Ok(None);
    }
    let other_state = shop.traps.is_on(3);
    let order = shop.order(id)?;
    let same = order.get("state").and_then(Value::as_str) == state;
    if other_state && !same {
        return Ok(None);
    }
    if let Some(state) = state {
        set(order, "state", json!(state));
    }
    Ok(Some(json!(status)))
}

/// `POST /V1/orders/{id}/cancel`: false if it cannot be cancelled.
pub(super) fn cancel(shop: &mut Shop, id: u64) -> Result<Value, Refusal> {
    shop.order(id)?;
    if shop.traps.is_plain(9) {
        return Ok(json!(true));
    }
    if shop.traps.count_down(9, "false") {
        return Ok(json!(false));
    }
    let order = shop.order(id)?;
    let open = items::open(order, Deed::Cancel);
    if fulfilment::is_final(order)
        || items::open(order, Deed::Invoice).is_empty()
        || open.is_empty()
    {
        return Ok(json!(false));
    }
    items::apply(order, Deed::Cancel, &open);
    move_to(order, fulfilment::after_cancellation(order));
    Ok(json!(true))
}
