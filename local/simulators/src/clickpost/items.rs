//! The lines of an order.

use serde_json::Value;

use crate::clickpost::fields::Reader;
use crate::clickpost::version::Version;

/// There are no items.
const NO_ITEMS: u16 = 312;
/// The items are malformed.
const MALFORMED_ITEMS: u16 = 313;

/// Fields that every item to Mexico needs for the consignment note required by law.
const CARTA_PORTE: [&str; 4] = [
    "bienesTransp",
    "materialPeligroso",
    "embalaje",
    "claveUnidad",
];

/// A line of the order.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) sku: String,
    pub(super) description: String,
    pub(super) quantity: i64,
    /// The item as sent.
    pub(super) sent: Value,
}

/// Checks only for orders with lines.
impl Reader<'_> {
    pub(super) fn items(&mut self, version: Version) -> Vec<Item> {
        let path = "shipment_details.items";
        match self.at(path) {
            None => {
                self.problem(NO_ITEMS, path, "is missing");
                Vec::new()
            }
            Some(Value::Array(items)) if items.is_empty() => {
                self.problem(NO_ITEMS, path, "is empty");
                Vec::new()
            }
            Some(Value::Array(items)) => (0..)
                .zip(items)
                .map(|(index, item)| self.item(version, index, item))
                .collect(),
            Some(_) => {
                self.problem(MALFORMED_ITEMS, path, "must be a list");
                Vec::new()
            }
        }
    }

    fn item(&mut self, version: Version, index: usize, sent: &Value) -> Item {
        let path = format!("shipment_details.items.{index}");
        for field in ["sku", "description"] {
            self.demand_of_item(&path, field, "a text", |value| value.as_str().is_some());
        }
        let is_count = |value: &Value| value.as_i64().is_some_and(|count| count > 0);
        self.demand_of_item(&path, "quantity", "a positive integer", is_count);
        let is_price = |value: &Value| value.as_f64().is_some_and(|price| price >= 0.0);
        self.demand_of_item(&path, "price", "a number", is_price);
        if version == Version::V4 && self.goes_to_mexico() {
            for field in CARTA_PORTE {
                let field = format!("carta_porte.{field}");
                self.demand_of_item(&path, &field, "given for Mexico", |_| true);
            }
        }
        let text = |field: &str| sent.get(field).and_then(Value::as_str).unwrap_or_default();
        Item {
            sku: text("sku").to_owned(),
            description: text("description").to_owned(),
            quantity: sent.get("quantity").and_then(Value::as_i64).unwrap_or(0),
            sent: sent.clone(),
        }
    }

    fn demand_of_item(
        &mut self,
        item: &str,
        field: &str,
        expected: &str,
        is_right: impl Fn(&Value) -> bool,
    ) {
        let path = format!("{item}.{field}");
        if !self.at(&path).is_some_and(is_right) {
            self.problem(MALFORMED_ITEMS, &path, &format!("must be {expected}"));
        }
    }

    fn goes_to_mexico(&self) -> bool {
        self.optional_text(&["drop_info.country_code"]).as_deref() == Some("MX")
    }
}
