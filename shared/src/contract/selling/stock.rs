//! Stock of articles in a sales channel: the request, and the result of each article.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::values::{flag, measured, parsed};
use crate::domain::selling::stock::{NotSet, Sku, WantedStock};

/// The maximum number of articles of a request.
pub const MOST_ARTICLES: usize = 1000;

/// Reads the body of `PUT /channels/{alias}/inventory`.
pub fn read(fields: &Fields<'_>) -> Option<Vec<WantedStock>> {
    let items = fields.list_up_to("items", MOST_ARTICLES, |item| {
        let sku = item.required("sku", parsed);
        let quantity = item.required("quantity", measured);
        let in_stock = item.optional("inStock", flag);
        Some(WantedStock {
            sku: sku?,
            quantity: quantity?,
            in_stock: in_stock?,
        })
    });
    if items.as_ref().is_some_and(Vec::is_empty) {
        fields.wrong_field("items", "must have at least one entry");
    }
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().flatten().enumerate() {
        if !seen.insert(&item.sku) {
            let detail = "is a SKU that the list has before";
            fields.wrong_entry("items", index, "sku", detail);
        }
    }
    drop(seen);
    items
}

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InventoryRequest)]
pub struct InventoryRequestBody {
    /// The articles, each once.
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<WantedStockBody>,
}

/// The stock that an article shall have, in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WantedStock)]
pub struct WantedStockBody {
    /// The SKU, as the shop has it.
    #[schema(value_type = Sku)]
    pub sku: String,
    /// How much there is; with at most four decimals.
    #[schema(minimum = 0, maximum = 99_999_999)]
    pub quantity: f64,
    /// Whether it can be bought; optional: it can while there is some.
    pub in_stock: Option<bool>,
}

/// The results in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Inventory)]
pub struct InventoryBody {
    /// The articles, in the order of the request.
    pub items: Vec<SetStockBody>,
}

/// The result of an article in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SetStock)]
pub struct SetStockBody {
    /// The SKU.
    #[schema(value_type = Sku)]
    pub sku: String,
    /// Whether the shop has this stock now, as read back.
    pub ok: bool,
    /// Why not, and what to do; null if it has.
    pub detail: Option<String>,
}

impl InventoryBody {
    /// The results of the articles of a request.
    pub fn of(items: Vec<WantedStock>, outcomes: Vec<Result<(), NotSet>>) -> Self {
        let items = items.into_iter().zip(outcomes);
        let item = |(item, outcome): (WantedStock, Result<(), NotSet>)| SetStockBody {
            sku: item.sku.to_string(),
            ok: outcome.is_ok(),
            detail: outcome.err().map(|why| why.to_string()),
        };
        Self {
            items: items.map(item).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::{Value, json};

    fn pointers(body: &Value) -> Vec<String> {
        let Err(Unreadable::Invalid(wrong)) = read_value(body, read) else {
            panic!("{body} was accepted")
        };
        wrong.into_iter().map(|wrong| wrong.pointer).collect()
    }

    #[test]
    fn up_to_a_thousand_articles_are_read() {
        let items = (0..1000).map(|n| json!({ "sku": format!("S/{n}"), "quantity": n }));
        let body = json!({ "items": items.collect::<Vec<_>>() });
        let read = read_value(&body, read).unwrap();
        assert_eq!(read.len(), 1000);
        assert!(!read[0].is_in_stock() && read[1].is_in_stock());
    }

    #[test]
    fn negative_repeated_and_too_many_articles_are_refused() {
        let body = json!({ "items": [
            { "sku": "A", "quantity": -1 }, { "quantity": 1 }, { "sku": "B" },
            { "sku": "C", "quantity": 0.12345 }, { "sku": "D", "quantity": 1, "inStock": "yes" },
            { "sku": "E\n", "quantity": 1e300 },
        ] });
        assert_eq!(
            pointers(&body),
            [
                "/items/0/quantity",
                "/items/1/sku",
                "/items/2/quantity",
                "/items/3/quantity",
                "/items/4/inStock",
                "/items/5/sku",
                "/items/5/quantity"
            ]
        );
        let one = json!({ "sku": "A", "quantity": 1 });
        let repeated = json!({ "items": [one, { "sku": "a", "quantity": 1 }, one] });
        assert_eq!(pointers(&repeated), ["/items/2/sku"]);
        for none in [json!({}), json!({ "items": [] })] {
            assert_eq!(pointers(&none), ["/items"]);
        }
        let items = (0..1001).map(|n| json!({ "sku": n.to_string(), "quantity": 1 }));
        let most = json!({ "items": items.collect::<Vec<_>>() });
        assert_eq!(pointers(&most), ["/items"]);
    }
}
