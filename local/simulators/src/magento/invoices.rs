//! Invoices: create and list.

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

/// An invoice that is not paid.
const OPEN: u8 = 1;
/// A paid invoice.
const PAID: u8 = 2;

const TOO_MUCH: &str = "Invoice Document Validation Error(s):\nThe quantity to invoice must not be greater than the \
                        uninvoiced quantity for product SKU \"%1\".";

/// `POST /V1/order/{id}/invoice`: the invoice's id.
pub(super) fn create(shop: &mut Shop, id: u64, body: Value) -> Result<Value, Refusal> {
    let body = with_snake_keys(body);
    let refuses_parts = shop.traps.is_plain(13);
    let uncaptured = shop.traps.has(13, "uncaptured");
    let bundles_stay = shop.traps.is_on(10);
    let invoice_id = next_id(&shop.invoices);
    let order = shop.order(id)?;
    if fulfilment::is_final(order) {
        let message = "An invoice cannot be created when an order has a status of %1";
        return Err(Refusal::invalid_with(message, json!([order.get("status")])));
    }
    let open = items::open(order, Deed::Invoice);
    let wanted = items::wanted(order, Deed::Invoice, body.get("items"), TOO_MUCH)?;
    if wanted.is_empty() {
        return Err(Refusal::invalid(
            "Invoice Document Validation Error(s):\nThe invoice can't be created without products. \
             Add products and try again.",
        ));
    }
    if refuses_parts && wanted != open {
        return Err(Refusal::invalid(
            "The partial invoice cannot be captured online.",
        ));
    }
    let captured = body.get("capture") == Some(&json!(true)) && !uncaptured;
    let mut invoice = written(order, invoice_id, &wanted);
    set(
        &mut invoice,
        "state",
        json!(if captured { PAID } else { OPEN }),
    );
    items::apply(order, Deed::Invoice, &wanted);
    fulfilment::settle(order, bundles_stay);
    shop.invoices.insert(invoice_id, invoice);
    Ok(json!(invoice_id))
}

/// `GET /V1/invoices`.
pub(super) fn list(shop: &Shop, uri: &Uri) -> Result<Value, Refusal> {
    let search = Search::of(uri, shop)?;
    let found = search.found(shop.invoices.values().cloned());
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

fn written(order: &Fields, id: u64, wanted: &BTreeMap<u64, Decimal>) -> Fields {
    let rows: Vec<Value> = items::of(order)
        .into_iter()
        .filter_map(|item| Some(row(item, *wanted.get(&items::id(item)?)?, id)))
        .collect();
    let sum = |name| {
        rows.iter()
            .filter_map(Value::as_object)
            .map(|row| items::number(row, name))
            .sum()
    };
    let mut invoice = Fields::new();
    for name in ["base_currency_code", "order_currency_code"] {
        set(
            &mut invoice,
            name,
            order.get(name).cloned().unwrap_or_default(),
        );
    }
    for (name, value) in [
        ("entity_id", json!(id)),
        ("increment_id", json!(format!("{id:09}"))),
        (
            "order_id",
            order.get("entity_id").cloned().unwrap_or_default(),
        ),
        ("created_at", json!(now())),
        ("updated_at", json!(now())),
        ("total_qty", items::to_json(sum("qty"))),
        ("subtotal", items::to_json(sum("row_total"))),
        (
            "subtotal_incl_tax",
            items::to_json(sum("row_total_incl_tax")),
        ),
        ("comments", json!([])),
    ] {
        set(&mut invoice, name, value);
    }
    set(&mut invoice, "items", json!(rows));
    invoice
}

fn row(item: &Fields, quantity: Decimal, invoice: u64) -> Value {
    let times = |price| items::to_json(items::number(item, price) * quantity);
    json!({
        "order_item_id": items::id(item),
        "parent_id": invoice,
        "sku": item.get("sku"),
        "name": item.get("name"),
        "price": item.get("price"),
        "price_incl_tax": item.get("price_incl_tax"),
        "row_total": times("price"),
        "row_total_incl_tax": times("price_incl_tax"),
        "qty": items::to_json(quantity),
    })
}
