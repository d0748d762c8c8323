//! The control routes that put orders, stock and quirks into the shop. A wrong body is 422 and changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Number, Value, json};

use crate::magento::Magento;
use crate::magento::shop::Fields;
use crate::magento::traps::Traps;

/// Why nothing changed.
pub(super) struct Wrong(StatusCode, String);

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

fn parsed<T: for<'a> Deserialize<'a>>(body: &[u8]) -> Result<T, Wrong> {
    serde_json::from_slice(body).map_err(|error| wrong(error.to_string()))
}

fn wrong(message: String) -> Wrong {
    Wrong(StatusCode::UNPROCESSABLE_ENTITY, message)
}

/// `POST /magento/orders`.
pub(super) async fn store_orders(
    State(magento): State<Arc<Magento>>,
    body: Bytes,
) -> Result<Json<Value>, Wrong> {
    let orders: Vec<Fields> = parsed(&body)?;
    if orders
        .iter()
        .any(|order| order.get("entity_id").and_then(Value::as_u64).is_none())
    {
        return Err(wrong("an order needs an entity_id".to_owned()));
    }
    let stored = orders.len();
    for order in orders {
        magento.shop().store(order).map_err(wrong)?;
    }
    Ok(Json(json!({ "stored": stored })))
}

/// `GET /magento/orders/{entityId}`.
pub(super) async fn read_order(
    State(magento): State<Arc<Magento>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Wrong> {
    let shop = magento.shop();
    let unknown = || {
        Wrong(
            StatusCode::NOT_FOUND,
            format!("no order has the entity_id {id}"),
        )
    };
    let order = shop.orders.get(&id).ok_or_else(unknown)?;
    Ok(Json(json!({
        "order": order,
        "shipments": of_order(&shop.shipments, id),
        "invoices": of_order(&shop.invoices, id),
    })))
}

fn of_order(entities: &BTreeMap<u64, Fields>, order: u64) -> Vec<&Fields> {
    let entities = entities.values();
    entities
        .filter(|entity| entity.get("order_id") == Some(&json!(order)))
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stock {
    items: Vec<StockRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockRow {
    sku: String,
    source_code: String,
    quantity: Number,
}

/// `PUT /magento/stock`; the SKUs exist then.
pub(super) async fn set_stock(
    State(magento): State<Arc<Magento>>,
    body: Bytes,
) -> Result<Json<Value>, Wrong> {
    let stock: Stock = parsed(&body)?;
    let mut rows = Vec::new();
    for row in stock.items {
        let quantity = row.quantity.to_string().parse();
        let quantity = quantity.map_err(|_| wrong(format!("{} is no quantity", row.quantity)))?;
        rows.push((row.sku, row.source_code, quantity));
    }
    let mut shop = magento.shop();
    let count = rows.len();
    for (sku, source, quantity) in rows {
        shop.add_sku(&sku);
        let place = (sku, source);
        shop.statuses.remove(&place);
        shop.stock.insert(place, quantity);
    }
    Ok(Json(json!({ "items": count })))
}

/// `PUT /magento/traps`: replaces all.
pub(super) async fn set_traps(
    State(magento): State<Arc<Magento>>,
    body: Bytes,
) -> Result<Json<Value>, Wrong> {
    let traps: BTreeMap<String, Value> = parsed(&body)?;
    let count = traps.len();
    magento.shop().traps = Traps::of(traps).map_err(wrong)?;
    Ok(Json(json!({ "traps": count })))
}

/// `POST /magento/expire-tokens`.
pub(super) async fn expire_tokens(State(magento): State<Arc<Magento>>) -> Json<Value> {
    Json(json!({ "expired": magento.admission().expire_all() }))
}
