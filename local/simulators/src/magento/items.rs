//! The rows of an order, and their quantities. Quantities and money are exact decimals.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::magento::refusal::Refusal;
use crate::magento::shop::Fields;

/// What is done to a row; each has a quantity of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Invoice,
    Ship,
    Cancel,
}

impl Deed {
    const fn field(self) -> &'static str {
        match self {
            Self::Invoice => "qty_invoiced",
            Self::Ship => "qty_shipped",
            Self::Cancel => "qty_canceled",
        }
    }
}

/// The rows.
pub(super) fn of(order: &Fields) -> Vec<&Fields> {
    let items = order.get("items").and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect()
}

pub(super) fn id(item: &Fields) -> Option<u64> {
    item.get("item_id")?.as_u64()
}

/// A number, exact; zero if it is absent.
pub(super) fn number(fields: &Fields, name: &str) -> Decimal {
    let number = fields.get(name).filter(|value| value.is_number());
    let exact = number.and_then(|number| number.to_string().parse().ok());
    exact.unwrap_or_default()
}

/// A decimal as a JSON number with its digits.
pub(super) fn to_json(number: Decimal) -> Value {
    serde_json::from_str(&number.normalize().to_string()).unwrap_or_default()
}

/// What is still open, by row: only of the rows that the deed takes.
pub(super) fn open(order: &Fields, deed: Deed) -> BTreeMap<u64, Decimal> {
    let rows = of(order);
    let taken = rows.iter().filter(|item| takes(&rows, item, deed));
    taken
        .filter_map(|item| Some((id(item)?, left(item, deed))))
        .filter(|(_, left)| *left > Decimal::ZERO)
        .collect()
}

fn left(item: &Fields, deed: Deed) -> Decimal {
    let ordered = number(item, "qty_ordered") - number(item, "qty_canceled");
    match deed {
        Deed::Invoice | Deed::Ship => ordered - number(item, deed.field()),
        Deed::Cancel => ordered - number(item, "qty_invoiced").max(number(item, "qty_shipped")),
    }
}

/// Invoices take top-level rows. Shipments take those that are no virtual products, and the children of a bundle that ships
/// separately in place of the bundle.
fn takes(rows: &[&Fields], item: &Fields, deed: Deed) -> bool {
    let parent = item.get("parent_item_id").and_then(Value::as_u64);
    let parent = parent.and_then(|parent| rows.iter().find(|row| id(row) == Some(parent)));
    match deed {
        Deed::Cancel => true,
        Deed::Invoice => parent.is_none(),
        Deed::Ship if is_virtual(item) => false,
        Deed::Ship => parent.map_or(!ships_separately(item), |parent| ships_separately(parent)),
    }
}

fn is_virtual(item: &Fields) -> bool {
    let kind = item.get("product_type").and_then(Value::as_str);
    matches!(kind, Some("virtual" | "downloadable"))
        || item.get("is_virtual").is_some_and(|flag| *flag == json!(1))
}

/// A bundle whose `shipment_type` is 1.
fn ships_separately(item: &Fields) -> bool {
    is_bundle(item) && item.get("shipment_type") == Some(&json!(1))
}

fn is_bundle(item: &Fields) -> bool {
    item.get("product_type") == Some(&json!("bundle"))
}

/// Whether the order has a bundle that ships together.
pub(super) fn has_bundle_together(order: &Fields) -> bool {
    of(order)
        .into_iter()
        .any(|item| is_bundle(item) && !ships_separately(item))
}

/// The quantities that a request names; all that is open if it names none. Rows that the deed does not take are ignored.
pub(super) fn wanted(
    order: &Fields,
    deed: Deed,
    items: Option<&Value>,
    too_much: &str,
) -> Result<BTreeMap<u64, Decimal>, Refusal> {
    let open = open(order, deed);
    let named = items
        .and_then(Value::as_array)
        .filter(|items| !items.is_empty());
    let Some(named) = named else {
        return Ok(open);
    };
    let known: Vec<Option<u64>> = of(order).into_iter().map(id).collect();
    let mut wanted = BTreeMap::new();
    for item in named.iter().filter_map(Value::as_object) {
        let row = item.get("order_item_id").and_then(Value::as_u64);
        let quantity = number(item, "qty");
        let Some(row) = row.filter(|row| known.contains(&Some(*row))) else {
            continue;
        };
        let sum = wanted.entry(row).or_insert(Decimal::ZERO);
        *sum += quantity;
    }
    let rows = of(order);
    wanted.retain(|row, quantity| {
        let item = rows.iter().find(|item| id(item) == Some(*row));
        *quantity > Decimal::ZERO && item.is_some_and(|item| takes(&rows, item, deed))
    });
    let above =
        |(row, quantity): (&u64, &Decimal)| open.get(row).is_none_or(|open| quantity > open);
    if let Some((row, _)) = wanted.iter().find(|(row, quantity)| above((row, quantity))) {
        let item = rows.iter().find(|item| id(item) == Some(*row));
        let sku = item.and_then(|item| item.get("sku")).cloned();
        return Err(Refusal::invalid_with(too_much, json!([sku])));
    }
    Ok(wanted)
}

/// Adds the quantities to the rows, and in proportion to the rows below them.
pub(super) fn apply(order: &mut Fields, deed: Deed, done: &BTreeMap<u64, Decimal>) {
    let shares: BTreeMap<u64, (Decimal, Decimal)> = of(order)
        .into_iter()
        .filter_map(|item| {
            let row = id(item)?;
            Some((row, (*done.get(&row)?, number(item, "qty_ordered"))))
        })
        .collect();
    let items = order.get_mut("items").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
        let own = id(item)
            .and_then(|row| shares.get(&row))
            .map(|(done, _)| *done);
        let parent = item.get("parent_item_id").and_then(Value::as_u64);
        let parent = parent
            .filter(|_| deed != Deed::Cancel)
            .and_then(|parent| shares.get(&parent));
        let below =
            parent.and_then(|(done, of)| (number(item, "qty_ordered") * done).checked_div(*of));
        if let Some(more) = own.or(below) {
            let sum = to_json(number(item, deed.field()) + more);
            item.insert(deed.field().to_owned(), sum);
        }
    }
}
