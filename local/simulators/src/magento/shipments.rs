//! Shipments: the save that leaves the order alone (trap 5), the handover that completes it, tracks and labels.

use std::collections::BTreeMap;

use http::Uri;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::magento::fulfilment;
use crate::magento::items::{self, Deed};
use crate::magento::keys::with_snake_keys;
use crate::magento::projection::projected;
use crate::magento::refusal::Refusal;
use crate::magento::search::Search;
use crate::magento::shop::{Fields, Shop, next_id, now, set};

const TOO_MUCH: &str = "Shipment Document Validation Error(s):\nThe quantity to ship must not be greater than the \
                        unshipped quantity for product SKU \"%1\".";
const NO_PRODUCTS: &str =
    "Shipment Document Validation Error(s):\nYou can't create a shipment without products.";

/// `POST /V1/shipment/`: stores what it is given; the order and its quantities stay as they are.
pub(super) fn create(shop: &mut Shop, body: Value) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let entity = body.get("entity").and_then(Value::as_object);
    let entity = entity.ok_or_else(|| Refusal::required("entity"))?;
    let order = entity.get("order_id").and_then(Value::as_u64);
    let order = order.ok_or_else(|| Refusal::required("orderId"))?;
    shop.order(order)?;
    let tracks = tracks(entity.get("tracks"))?;
    let items = entity.get("items").cloned().unwrap_or_else(|| json!([]));
    let id = store(shop, order, items, tracks);
    if let (Some(shipment), Some(label)) =
        (shop.shipments.get_mut(&id), entity.get("shipping_label"))
    {
        set(shipment, "shipping_label", label.clone());
    }
    read(shop, id)
}

/// `POST /V1/order/{id}/ship`: the shipment's id. Unknown keys are ignored, so that a wrong wrapper ships everything.
pub(super) fn ship(shop: &mut Shop, id: u64, body: Value) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let tracks = tracks(body.get("tracks"))?;
    let order = shop.order(id)?.clone();
    if matches!(
        order.get("state").and_then(Value::as_str),
        Some("canceled" | "closed" | "holded")
    ) {
        let message = "A shipment cannot be created when an order has a status of %1";
        return Err(Refusal::invalid_with(message, json!([order.get("status")])));
    }
    if items::open(&order, Deed::Ship).is_empty() {
        return Err(Refusal::invalid(NO_PRODUCTS));
    }
    let wanted = items::wanted(&order, Deed::Ship, body.get("items"), TOO_MUCH)?;
    if wanted.is_empty() {
        return Err(Refusal::invalid(NO_PRODUCTS));
    }
    let source = body.pointer("/arguments/extension_attributes/source_code");
    if shop.traps.is_on(11) {
        check_source(shop, &order, &wanted, source.and_then(Value::as_str))?;
    }
    let bundles_stay = shop.traps.is_on(10);
    let order = shop.order(id)?;
    let rows = rows(order, &wanted);
    items::apply(order, Deed::Ship, &wanted);
    fulfilment::settle(order, bundles_stay);
    Ok(json!(store(shop, id, rows, tracks)))
}

/// `GET /V1/shipment/{id}`.
pub(super) fn read(shop: &Shop, id: u64) -> Result<Value, Refusal> {
    let shipment = shop.shipments.get(&id).ok_or_else(Refusal::unknown)?;
    Ok(json!(shipment))
}

/// `GET /V1/shipments`.
pub(super) fn list(shop: &Shop, uri: &Uri) -> Result<Value, Refusal> {
    let search = Search::of(uri, shop)?;
    let found = search.found(shop.shipments.values().cloned());
    let page = json!({
        "items": search.page(&found, shop.traps.has(12, "repeatLastPage")),
        "search_criteria": search.echo(),
        "total_count": found.len(),
    });
    Ok(match search.fields {
        Some(fields) => projected(page, &fields),
        None => page,
    })
}

/// `GET /V1/shipment/{id}/label`: base64, or null.
pub(super) fn label(shop: &Shop, id: u64) -> Result<Value, Refusal> {
    let shipment = shop.shipments.get(&id).ok_or_else(Refusal::unknown)?;
    Ok(shipment.get("shipping_label").cloned().unwrap_or_default())
}

/// `POST /V1/shipment/track`.
pub(super) fn track(shop: &mut Shop, body: Value) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let entity = body
        .get("entity")
        .ok_or_else(|| Refusal::required("entity"))?;
    let id = entity.get("parent_id").and_then(Value::as_u64);
    let shipment = id.and_then(|id| shop.shipments.get_mut(&id));
    let shipment = shipment.ok_or_else(Refusal::unknown)?;
    if let Some(tracks) = shipment.get_mut("tracks").and_then(Value::as_array_mut) {
        tracks.push(entity.clone());
    }
    Ok(entity.clone())
}

/// The tracks; one that is not in a list is an error (trap 15).
fn tracks(tracks: Option<&Value>) -> Result<Value, Refusal> {
    match tracks {
        None | Some(Value::Null) => Ok(json!([])),
        Some(list @ Value::Array(_)) => Ok(list.clone()),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => Err(
            Refusal::invalid("Invalid type for value: \"tracks\". Expected Type: \"array\"."),
        ),
    }
}

/// Trap 11: the source must be named and have the stock.
fn check_source(
    shop: &Shop,
    order: &Fields,
    wanted: &BTreeMap<u64, Decimal>,
    source: Option<&str>,
) -> Result<(), Refusal> {
    let source = source.ok_or_else(|| Refusal::required("source_code"))?;
    for item in items::of(order) {
        let quantity = items::id(item).and_then(|row| wanted.get(&row));
        let Some((quantity, sku)) = quantity.zip(item.get("sku").and_then(Value::as_str)) else {
            continue;
        };
        let there = shop.stock.get(&(sku.to_owned(), source.to_owned()));
        if there.is_none_or(|there| there < quantity) {
            return Err(Refusal::invalid(
                "Not all of your products are available in the requested quantity.",
            ));
        }
    }
    Ok(())
}

fn rows(order: &Fields, wanted: &BTreeMap<u64, Decimal>) -> Value {
    let row = |item: &Fields| {
        let id = items::id(item)?;
        let quantity = items::to_json(*wanted.get(&id)?);
        Some(
            json!({ "order_item_id": id, "sku": item.get("sku"), "name": item.get("name"), "qty": quantity }),
        )
    };
    items::of(order).into_iter().filter_map(row).collect()
}

fn store(shop: &mut Shop, order: u64, items: Value, tracks: Value) -> u64 {
    let id = next_id(&shop.shipments);
    let earlier = shop.shipments.values().map(count_tracks).sum::<usize>();
    let tracks = kept_tracks(tracks, (order, id), earlier);
    let mut shipment = Fields::new();
    for (name, value) in [
        ("entity_id", json!(id)),
        ("increment_id", json!(format!("{id:09}"))),
        ("order_id", json!(order)),
        ("created_at", json!(now())),
        ("items", items),
        ("tracks", tracks),
        ("comments", json!([])),
    ] {
        set(&mut shipment, name, value);
    }
    shop.shipments.insert(id, shipment);
    id
}

fn count_tracks(shipment: &Fields) -> usize {
    let tracks = shipment.get("tracks").and_then(Value::as_array);
    tracks.map_or(0, Vec::len)
}

/// The tracks as the shop keeps them: a handover's do not say whose they are, and what else is not given is null.
fn kept_tracks(tracks: Value, (order, shipment): (u64, u64), earlier: usize) -> Value {
    let Value::Array(tracks) = tracks else {
        return tracks;
    };
    let numbered = tracks.into_iter().zip(earlier.saturating_add(1)..);
    let kept = numbered.map(|(mut track, number)| {
        if let Some(fields) = track.as_object_mut() {
            for (name, value) in [
                ("entity_id", json!(number)),
                ("order_id", json!(order)),
                ("parent_id", json!(shipment)),
            ] {
                set(fields, name, value);
            }
            for name in ["weight", "qty", "description"] {
                fields.entry(name).or_insert(Value::Null);
            }
        }
        track
    });
    kept.collect()
}
