//! Items of an order with quantities, in requests and responses.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::number::json_number;
use crate::contract::values::{decimal, parsed};
use crate::domain::selling::document::{ChannelItemId, DocumentItem};

/// The largest quantity of an item.
const MOST: i64 = 1_000_000;
/// The number of decimals of a quantity.
const DECIMALS: u32 = 4;

/// Reads the optional list of items; without it, all that is open is meant.
pub(super) fn read_items(fields: &Fields<'_>) -> Option<Vec<DocumentItem>> {
    let met = RefCell::default();
    let items = fields.list(&["items"], |entry| item(entry, &met))?;
    if items.is_empty() && fields.has("items") {
        let detail = "must have at least one item; leave it out to take all that is open";
        fields.wrong_field("items", detail);
    }
    Some(items)
}

/// Reads an item. `met` are the ids before it.
fn item(fields: &Fields<'_>, met: &RefCell<BTreeSet<ChannelItemId>>) -> Option<DocumentItem> {
    let item_id: Option<ChannelItemId> = fields.required("itemId", item_id);
    let quantity = fields.required("quantity", quantity);
    if item_id
        .as_ref()
        .is_some_and(|id| !met.borrow_mut().insert(id.clone()))
    {
        fields.wrong_field("itemId", "must be in the list only once");
    }
    Some(DocumentItem {
        item_id: item_id?,
        quantity: quantity?,
    })
}

/// An id as a string or as a number: shops count their items.
fn item_id(value: &Value) -> Result<ChannelItemId, String> {
    match value {
        Value::Number(number) if number.is_u64() => parsed(&Value::String(number.to_string())),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => parsed(value),
    }
}

/// A quantity. Shops sell fractions too.
pub(super) fn quantity(value: &Value) -> Result<Decimal, String> {
    let valid = |number: &Decimal| {
        *number > Decimal::ZERO && *number <= Decimal::from(MOST) && number.scale() <= DECIMALS
    };
    let number = decimal(value).map(|number| number.normalize());
    number.ok().filter(valid).ok_or_else(|| {
        "must be more than 0 and at most 1000000, with at most 4 decimals".to_owned()
    })
}

/// A quantity of an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelItemQuantity)]
pub struct ItemBody {
    /// The item: its `itemId` in the order. Of a set, that of the set or of its parts.
    #[schema(value_type = ChannelItemId)]
    pub item_id: String,
    /// The quantity.
    #[schema(value_type = f64, exclusive_minimum = 0, maximum = 1_000_000, example = 1)]
    pub quantity: Number,
}

/// The items of a document.
pub(super) fn item_bodies(items: &[DocumentItem]) -> Vec<ItemBody> {
    let body = |item: &DocumentItem| ItemBody {
        item_id: item.item_id.to_string(),
        quantity: json_number(item.quantity),
    };
    items.iter().map(body).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::fields::{Unreadable, read_value};

    /// The items, or the pointers of what is wrong with them.
    fn read(items: &Value) -> Result<Vec<(String, String)>, Vec<String>> {
        match read_value(&json!({ "items": items }), read_items) {
            Ok(items) => Ok(items
                .iter()
                .map(|item| (item.item_id.to_string(), item.quantity.to_string()))
                .collect()),
            Err(Unreadable::Invalid(wrong)) => {
                Err(wrong.into_iter().map(|wrong| wrong.pointer).collect())
            }
            Err(Unreadable::NotJson(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn an_id_is_a_string_or_a_number_and_a_quantity_a_decimal() {
        let items = json!([{ "itemId": "7", "quantity": 1.50 }, { "itemId": 8, "quantity": "2" }]);
        let owned = |id: &str, quantity: &str| (id.to_owned(), quantity.to_owned());
        assert_eq!(read(&items), Ok(vec![owned("7", "1.5"), owned("8", "2")]));
        assert_eq!(read(&Value::Null), Ok(Vec::new()));
    }

    #[test]
    fn every_fault_is_named() {
        let items = json!([
            { "itemId": "7", "quantity": 0 },
            { "itemId": 7, "quantity": -1 },
            { "itemId": 1.5, "quantity": 1_000_001 },
            { "itemId": "a/b", "quantity": 0.00001 },
            {},
            "7",
        ]);
        let wrong = [
            "/items/0/quantity",
            "/items/1/quantity",
            "/items/1/itemId",
            "/items/2/itemId",
            "/items/2/quantity",
            "/items/3/itemId",
            "/items/3/quantity",
            "/items/4/itemId",
            "/items/4/quantity",
            "/items/5",
        ];
        assert_eq!(read(&items), Err(wrong.map(str::to_owned).into()));
        for wrong in [json!([]), json!({}), json!(vec![json!({}); 501])] {
            assert_eq!(read(&wrong), Err(vec!["/items".to_owned()]), "{wrong}");
        }
    }
}
