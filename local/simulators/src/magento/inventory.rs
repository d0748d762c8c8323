//! Stock, by source (MSI) and as one stock item per SKU.

use std::collections::BTreeSet;

use http::Uri;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::magento::items;
use crate::magento::keys::with_snake_keys;
use crate::magento::refusal::Refusal;
use crate::magento::search::Search;
use crate::magento::shop::{DEFAULT_SOURCE, Fields, Shop};

/// The source items of one call that a shop with limits takes.
const MOST_ITEMS: usize = 20;

/// `POST /V1/inventory/source-items`: an empty list. An unknown SKU is no error, but is not stored (trap 14).
pub(super) fn save_source_items(shop: &mut Shop, body: Value) -> Result<Value, Refusal> {
    has_sources(shop)?;
    let body = with_snake_keys(body);
    let rows = body.get("source_items").and_then(Value::as_array);
    let rows = rows.ok_or_else(|| Refusal::required("sourceItems"))?;
    if shop.input_limits && rows.len() > MOST_ITEMS {
        let message = "Maximum items of type \"%type\" is %max";
        let parameters = json!({ "type": "Magento\\InventoryApi\\Api\\Data\\SourceItemInterface[]", "max": MOST_ITEMS });
        return Err(Refusal::invalid_with(message, parameters));
    }
    for row in rows.iter().filter_map(Value::as_object) {
        let text = |name| row.get(name).and_then(Value::as_str).map(str::to_owned);
        let sku = text("sku").ok_or_else(|| Refusal::required("sku"))?;
        let source = text("source_code").ok_or_else(|| Refusal::required("source_code"))?;
        if shop.skus.contains_key(&sku) {
            let place = (sku, source);
            let status = items::number(row, "status") == Decimal::ONE;
            shop.statuses.insert(place.clone(), status);
            shop.stock.insert(place, items::number(row, "quantity"));
        }
    }
    Ok(json!([]))
}

/// `GET /V1/inventory/source-items`.
pub(super) fn list_source_items(shop: &Shop, uri: &Uri) -> Result<Value, Refusal> {
    has_sources(shop)?;
    let search = Search::of(uri, shop)?;
    let rows = shop.stock.iter().map(|(place, quantity)| {
        let (sku, source) = place;
        let mut row = Fields::new();
        row.insert("sku".to_owned(), json!(sku));
        row.insert("source_code".to_owned(), json!(source));
        row.insert("quantity".to_owned(), items::to_json(*quantity));
        row.insert(
            "status".to_owned(),
            json!(u8::from(is_in_stock(shop, place, *quantity))),
        );
        row
    });
    let found = search.found(rows);
    Ok(json!({
        "items": search.page(&found, shop.traps.has(12, "repeatLastPage")),
        "search_criteria": search.echo(),
        "total_count": found.len(),
    }))
}

/// `GET /V1/inventory/sources`: those that have stock, and the default one, which every shop has.
pub(super) fn list_sources(shop: &Shop, uri: &Uri) -> Result<Value, Refusal> {
    has_sources(shop)?;
    let search = Search::of(uri, shop)?;
    let known = shop.stock.keys().map(|(_, source)| source.as_str());
    let codes: BTreeSet<&str> = known.chain([DEFAULT_SOURCE]).collect();
    let rows = codes.into_iter().map(|code| {
        let mut row = Fields::new();
        row.insert("source_code".to_owned(), json!(code));
        row.insert("name".to_owned(), json!(code));
        row.insert("enabled".to_owned(), json!(true));
        row.insert("postcode".to_owned(), json!("00000"));
        row.insert("country_id".to_owned(), json!("IN"));
        row
    });
    let found = search.found(rows);
    Ok(json!({
        "items": search.page(&found, shop.traps.has(12, "repeatLastPage")),
        "search_criteria": search.echo(),
        "total_count": found.len(),
    }))
}

/// `GET /V1/inventory/get-product-salable-quantity/{sku}/{stockId}`: a bare number, of all sources.
pub(super) fn salable(shop: &Shop, sku: &str) -> Result<Value, Refusal> {
    known(shop, sku)?;
    Ok(items::to_json(total(shop, sku)))
}

/// `GET /V1/stockItems/{sku}`.
pub(super) fn stock_item(shop: &Shop, sku: &str) -> Result<Value, Refusal> {
    let item = known(shop, sku)?;
    let quantity = total(shop, sku);
    let place = (sku.to_owned(), DEFAULT_SOURCE.to_owned());
    Ok(json!({
        "item_id": item,
        "product_id": item,
        "stock_id": 1,
        "qty": items::to_json(quantity),
        "is_in_stock": is_in_stock(shop, &place, quantity),
        "is_qty_decimal": false,
        "is_decimal_divided": false,
        "show_default_notification_message": false,
        "use_config_manage_stock": true,
        "manage_stock": true,
        "use_config_min_qty": true,
        "min_qty": 0,
        "use_config_min_sale_qty": 1,
        "min_sale_qty": 1,
        "use_config_max_sale_qty": true,
        "max_sale_qty": 10000,
        "use_config_backorders": true,
        "backorders": 0,
        "use_config_notify_stock_qty": true,
        "notify_stock_qty": 1,
        "use_config_qty_increments": true,
        "qty_increments": 0,
        "use_config_enable_qty_inc": true,
        "enable_qty_increments": false,
        "low_stock_date": "2026-11-01 00:00:00",
        "stock_status_changed_auto": 0,
    }))
}

/// `PUT /V1/products/{sku}/stockItems/{itemId}`: the item's id.
pub(super) fn save_stock_item(
    shop: &mut Shop,
    sku: &str,
    item: u64,
    body: Value,
) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let fields = body.get("stock_item").and_then(Value::as_object);
    let fields = fields.ok_or_else(|| Refusal::required("stockItem"))?;
    if known(shop, sku)? != item {
        return Err(Refusal::unknown());
    }
    if !(shop.traps.is_plain(14) || shop.traps.has(14, "unchanged")) {
        let place = (sku.to_owned(), DEFAULT_SOURCE.to_owned());
        if let Some(status) = fields.get("is_in_stock").and_then(Value::as_bool) {
            shop.statuses.insert(place.clone(), status);
        }
        if fields.contains_key("qty") {
            shop.stock.insert(place, items::number(fields, "qty"));
        }
    }
    Ok(json!(item))
}

/// A shop without the inventory modules has no such routes (trap 14 with `noSources`).
fn has_sources(shop: &Shop) -> Result<(), Refusal> {
    if shop.traps.has(14, "noSources") {
        return Err(Refusal::no_route());
    }
    Ok(())
}

fn is_in_stock(shop: &Shop, place: &(String, String), quantity: Decimal) -> bool {
    let said = shop.statuses.get(place).copied();
    said.unwrap_or(quantity > Decimal::ZERO)
}

fn known(shop: &Shop, sku: &str) -> Result<u64, Refusal> {
    shop.skus.get(sku).copied().ok_or_else(Refusal::unknown)
}

fn total(shop: &Shop, sku: &str) -> Decimal {
    let of_sku = shop.stock.iter().filter(|((known, _), _)| known == sku);
    of_sku.map(|(_, quantity)| *quantity).sum()
}
