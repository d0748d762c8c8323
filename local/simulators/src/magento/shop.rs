//! What the shop knows: orders, invoices, shipments and stock.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::clock;
use crate::magento::items;
use crate::magento::refusal::Refusal;
use crate::magento::traps::Traps;

/// The source of a shop without several.
pub(super) const DEFAULT_SOURCE: &str = "default";

pub(super) type Fields = Map<String, Value>;

/// The state of the shop.
#[derive(Default)]
pub(super) struct Shop {
    pub(super) orders: BTreeMap<u64, Fields>,
    pub(super) invoices: BTreeMap<u64, Fields>,
    pub(super) shipments: BTreeMap<u64, Fields>,
    /// The SKUs that exist, with their stock item's id.
    pub(super) skus: BTreeMap<String, u64>,
    /// By SKU and source.
    pub(super) stock: BTreeMap<(String, String), Decimal>,
    /// Whether it can be bought there, where a call said so; else it can while there is some.
    pub(super) statuses: BTreeMap<(String, String), bool>,
    pub(super) traps: Traps,
    /// Whether the sizes of pages and lists are limited.
    pub(super) input_limits: bool,
}

impl Shop {
    pub(super) fn order(&mut self, id: u64) -> Result<&mut Fields, Refusal> {
        self.orders.get_mut(&id).ok_or_else(Refusal::unknown)
    }

    /// Makes a SKU exist.
    pub(super) fn add_sku(&mut self, sku: &str) {
        let next = u64::try_from(self.skus.len())
            .unwrap_or_default()
            .saturating_add(1);
        self.skus.entry(sku.to_owned()).or_insert(next);
    }

    /// Stores an order; fails if it has no `entity_id`.
    pub(super) fn store(&mut self, mut order: Fields) -> Result<(), String> {
        let id = order.get("entity_id").and_then(Value::as_u64);
        let id = id.ok_or("an order needs an entity_id")?;
        for (name, value) in [
            ("increment_id", json!(format!("{id:09}"))),
            ("state", json!("new")),
            ("status", json!("pending")),
            ("created_at", json!(now())),
            ("updated_at", json!(now())),
            ("items", json!([])),
        ] {
            order.entry(name).or_insert(value);
        }
        for item in items::of(&order) {
            if let Some(sku) = item.get("sku").and_then(Value::as_str) {
                self.add_sku(sku);
            }
        }
        self.orders.insert(id, order);
        Ok(())
    }
}

/// Sets an order's state and the status of the same name, and its time of change.
pub(super) fn move_to(order: &mut Fields, state: &str) {
    set(order, "state", json!(state));
    set(order, "status", json!(state));
    set(order, "updated_at", json!(now()));
}

pub(super) fn set(fields: &mut Fields, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

/// The next id of a collection.
pub(super) fn next_id(entities: &BTreeMap<u64, Fields>) -> u64 {
    let last = entities.last_key_value().map(|(id, _)| *id);
    last.unwrap_or_default().saturating_add(1)
}

/// Now in the shop's form: `2025-01-31 08:15:30`, UTC.
pub(super) fn now() -> String {
    let now = clock::instant().to_zoned(TimeZone::UTC);
    now.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
