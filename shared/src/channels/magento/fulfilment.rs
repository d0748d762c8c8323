//! Reads how far an order is, and which of its rows invoices and shipments take.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::acknowledged_status;
use crate::channels::magento::call::reads;
use crate::channels::magento::items::ships_separately;
use crate::channels::magento::read::of_order;
use crate::channels::magento::wire::{Text, WireId, WireNumber};
use crate::domain::selling::document::ChannelItemId;
use crate::domain::selling::fulfilment::Fulfilment;
use crate::domain::selling::open_rows::{OpenRow, OpenRows, PartOf};
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const READ: Operation = reads("read_fulfilment");

/// The state of an order that is being worked on, and the status that it has by default.
const PROCESSING: &str = "processing";
const CANCELED: &str = "canceled";
/// The states that come after.
const FURTHER_ON: [&str; 3] = ["complete", "closed", CANCELED];
/// Products that are not shipped.
const NOT_SHIPPED: [&str; 2] = ["virtual", "downloadable"];

/// An order, as far as it tells what can be done with it.
#[derive(Deserialize)]
struct WireProgress<'a> {
    entity_id: WireId,
    #[serde(borrow, default)]
    status: Option<Text<'a>>,
    #[serde(borrow, default)]
    state: Option<Text<'a>>,
    #[serde(borrow, default)]
    items: Option<Vec<WireRow<'a>>>,
}

#[derive(Deserialize)]
struct WireRow<'a> {
    item_id: WireId,
    #[serde(default)]
    parent_item_id: Option<WireId>,
    #[serde(borrow, default)]
    product_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    shipment_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    is_virtual: Option<Text<'a>>,
    #[serde(default)]
    qty_ordered: Option<WireNumber>,
    #[serde(default)]
    qty_canceled: Option<WireNumber>,
    #[serde(default)]
    qty_invoiced: Option<WireNumber>,
    #[serde(default)]
    qty_shipped: Option<WireNumber>,
}

/// Reads how far an order is; `None` if the shop has none with this id.
pub(super) async fn read(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
) -> Result<Option<Fulfilment>, PartnerFailure> {
    of_order(call, READ, (order, &[]), |id, json| {
        let read: WireProgress<'_> = serde_json::from_str(json).ok()?;
        let is_asked = read.entity_id.0.to_string() == id;
        is_asked.then(|| of(&read, acknowledged_status(call.account)))?
    })
    .await
}

/// How far an order is; `None` if its rows cannot be told apart.
fn of(order: &WireProgress<'_>, acknowledged: &str) -> Option<Fulfilment> {
    let status = order.status.as_ref().map(|status| status.0.as_ref());
    let status = status.filter(|status| !status.is_empty());
    let state = order.state.as_ref().map_or("", |state| state.0.as_ref());
    let rows = order.items.as_deref().unwrap_or_default();
    let is_processed = acknowledged == PROCESSING && state == PROCESSING && status.is_some();
    Some(Fulfilment {
        status: status.map(str::to_owned),
        is_acknowledged: status == Some(acknowledged)
            || is_processed
            || FURTHER_ON.contains(&state),
        is_cancelled: state == CANCELED,
        cancelled_pieces: rows.iter().map(|row| number(row.qty_canceled)).sum(),
        invoicing: of_kind(rows, |_, parent| parent.is_none(), |row| row.qty_invoiced)?,
        shipping: of_kind(rows, ships, |row| row.qty_shipped)?,
    })
}

/// Whether a shipment takes a row: no product that is not shipped, and the children of a bundle that ships separately in place of
/// the bundle. Of all others it takes the parent.
fn ships(row: &WireRow<'_>, parent: Option<&WireRow<'_>>) -> bool {
    let is_shipped = !is_one_of(row.product_type.as_ref(), &NOT_SHIPPED)
        && !is_one_of(row.is_virtual.as_ref(), &["1", "true"]);
    let is_in_parts =
        |row: &WireRow<'_>| ships_separately(row.product_type.as_ref(), row.shipment_type.as_ref());
    is_shipped && parent.map_or(!is_in_parts(row), is_in_parts)
}

fn is_one_of(text: Option<&Text<'_>>, words: &[&str]) -> bool {
    text.is_some_and(|text| words.contains(&text.0.as_ref()))
}

/// The rows that a kind of document takes, and the others that are parts of one of them.
fn of_kind(
    rows: &[WireRow<'_>],
    takes: impl Fn(&WireRow<'_>, Option<&WireRow<'_>>) -> bool,
    done: impl Fn(&WireRow<'_>) -> Option<WireNumber>,
) -> Option<OpenRows> {
    let by_id: BTreeMap<WireId, &WireRow<'_>> = rows.iter().map(|row| (row.item_id, row)).collect();
    let mut open = OpenRows::default();
    for row in rows {
        let parent = row.parent_item_id.and_then(|id| by_id.get(&id).copied());
        let id = item_id(row.item_id)?;
        let ordered = number(row.qty_ordered);
        if takes(row, parent) {
            let row = OpenRow {
                wanted: ordered - number(row.qty_canceled),
                done: number(done(row)),
            };
            open.rows.insert(id, row);
        } else if let Some(parent) = parent.filter(|parent| takes(parent, None)) {
            let per_piece = ordered.checked_div(number(parent.qty_ordered));
            let part = PartOf {
                row: item_id(parent.item_id)?,
                per_piece: per_piece.unwrap_or(Decimal::ONE),
            };
            open.parts.insert(id, part);
        }
    }
    Some(open)
}

fn item_id(id: WireId) -> Option<ChannelItemId> {
    id.0.to_string().parse().ok()
}

fn number(number: Option<WireNumber>) -> Decimal {
    number.map_or(Decimal::ZERO, |number| number.0)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read_with(order: &Value, acknowledged: &str) -> Fulfilment {
        let text = order.to_string();
        of(&serde_json::from_str(&text).unwrap(), acknowledged).unwrap()
    }

    fn row(id: u64, parent: Option<u64>, product_type: &str, ordered: u64) -> Value {
        json!({
            "item_id": id, "parent_item_id": parent, "product_type": product_type, "qty_ordered": ordered,
        })
    }

    /// What a document takes: rows, and the parts of rows.
    fn ids(rows: &OpenRows) -> (Vec<&str>, Vec<(&str, &str)>) {
        let taken = rows.rows.keys().map(ChannelItemId::as_str).collect();
        let parts = rows.parts.iter();
        let parts = parts.map(|(id, of)| (id.as_str(), of.row.as_str()));
        (taken, parts.collect())
    }

    #[test]
    fn a_configurable_product_is_taken_by_its_parent() {
        let order = json!({ "entity_id": 1, "items": [
            row(1, None, "configurable", 2), row(2, Some(1), "simple", 2), row(3, None, "simple", 1),
        ]});
        let read = read_with(&order, "processing");
        for rows in [&read.invoicing, &read.shipping] {
            assert_eq!(ids(rows), (vec!["1", "3"], vec![("2", "1")]));
        }
    }

    #[test]
    fn a_bundle_ships_as_one_row_or_as_its_children_but_is_invoiced_as_one() {
        let mut bundle = row(1, None, "bundle", 1);
        let children = [row(2, Some(1), "simple", 2), row(3, Some(1), "virtual", 1)];
        let order =
            |bundle: &Value| json!({ "entity_id": 1, "items": [bundle, children[0], children[1]] });
        let together = read_with(&order(&bundle), "processing");
        let parts = vec![("2", "1"), ("3", "1")];
        assert_eq!(ids(&together.shipping), (vec!["1"], parts.clone()));
        assert_eq!(
            together.shipping.parts.values().next().unwrap().per_piece,
            2.into()
        );
        bundle["shipment_type"] = json!(1);
        let separately = read_with(&order(&bundle), "processing");
        assert_eq!(ids(&separately.shipping), (vec!["2"], Vec::new()));
        assert_eq!(ids(&separately.invoicing), (vec!["1"], parts));
    }

    #[test]
    fn what_is_cancelled_or_done_is_not_open() {
        let order = json!({ "entity_id": 1, "items": [{
            "item_id": 1, "product_type": "simple", "qty_ordered": "5.0000", "qty_canceled": 1, "qty_invoiced": 2,
            "qty_shipped": 4,
        }]});
        let read = read_with(&order, "processing");
        assert_eq!(read.cancelled_pieces, 1.into());
        assert_eq!(read.invoicing.take(&[]).unwrap()[0].quantity, 2.into());
        assert!(read.shipping.take(&[]).is_err());
    }

    #[test]
    fn an_order_is_acknowledged_if_it_has_the_status_or_is_further_on() {
        for (state, status, acknowledged, is_acknowledged) in [
            ("new", json!("pending"), "processing", false),
            ("processing", json!("processing"), "processing", true),
            ("processing", json!("picking"), "processing", true),
            ("processing", json!("processing"), "oms_received", false),
            ("new", json!("oms_received"), "oms_received", true),
            ("complete", json!("complete"), "oms_received", true),
            ("closed", json!("closed"), "processing", true),
            ("canceled", json!("canceled"), "processing", true),
            // A comment without a status lost it (#34180); the state alone does not show the order in the shop's lists.
            ("processing", Value::Null, "processing", false),
            ("holded", json!("holded"), "processing", false),
        ] {
            let order = json!({ "entity_id": 1, "state": state, "status": status });
            let read = read_with(&order, acknowledged);
            assert_eq!(
                read.is_acknowledged, is_acknowledged,
                "{order} {acknowledged}"
            );
            assert_eq!(read.is_cancelled, state == "canceled");
        }
    }
}
