//! What the calls about invoices and shipments have in common: ids, items, and the list of an order.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{Pair, get};
use crate::channels::magento::read::{entity_id, text};
use crate::channels::magento::refusal::refused;
use crate::channels::magento::session::ask;
use crate::channels::magento::wire::{WireId, WireList, WireNumber};
use crate::contract::number::json_number;
use crate::domain::selling::document::{ChannelDocumentId, DocumentItem};
use crate::domain::text::ChannelOrderId;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

/// The number of documents on a page.
const PAGE: usize = 100;
/// The maximum number of pages. An order has a few documents.
const MOST_PAGES: u32 = 20;

/// An item of a document.
#[derive(Deserialize)]
pub(super) struct WireDocumentItem {
    #[serde(default)]
    order_item_id: Option<WireId>,
    #[serde(default)]
    qty: Option<WireNumber>,
}

/// The items of a document. A row without an id or a quantity is none.
pub(super) fn items(items: Option<Vec<WireDocumentItem>>) -> Vec<DocumentItem> {
    let item = |item: WireDocumentItem| {
        Some(DocumentItem {
            item_id: item.order_item_id?.0.to_string().parse().ok()?,
            quantity: item.qty?.0.normalize(),
        })
    };
    items.into_iter().flatten().filter_map(item).collect()
}

/// The items of a request, as the shop takes them.
pub(super) fn sent_items(items: &[DocumentItem]) -> Result<Vec<Value>, PartnerFailure> {
    let item = |item: &DocumentItem| {
        let id: u64 = item.item_id.as_str().parse().ok()?;
        Some(json!({ "order_item_id": id, "qty": json_number(item.quantity) }))
    };
    let items: Option<Vec<Value>> = items.iter().map(item).collect();
    items.ok_or_else(|| PartnerFailure::invalid("/items", "must have the ids of the order's items"))
}

/// The number of an order, whose path is not called without one.
pub(super) fn number_of(order: &ChannelOrderId) -> Result<u64, PartnerFailure> {
    let id = entity_id(order).and_then(|id| id.parse().ok());
    id.ok_or(PartnerFailure::Unreadable)
}

/// The id of a document; `None` for the zero of a document that was not stored.
pub(super) fn document_id(id: WireId) -> Option<ChannelDocumentId> {
    if id.0 == 0 {
        return None;
    }
    id.0.to_string().parse().ok()
}

/// The bare id with which a shop answers, a number or a string. Anything else says nothing about what happened.
pub(super) fn created_id(
    reply: &Reply,
    operation: Operation,
) -> Result<ChannelDocumentId, PartnerFailure> {
    let created: WireId = created(reply, operation)?;
    document_id(created).ok_or(operation.unclear())
}

/// The body with which a shop answers a call that creates something.
pub(super) fn created<'a, T: Deserialize<'a>>(
    reply: &'a Reply,
    operation: Operation,
) -> Result<T, PartnerFailure> {
    if (200..300).contains(&reply.status) {
        serde_json::from_slice(&reply.body).map_err(|_| operation.unclear())
    } else {
        Err(refused(reply))
    }
}

/// The true or false with which a shop answers a change; the order is read back in both cases.
pub(super) fn yes_or_no(reply: &Reply, operation: Operation) -> Result<(), PartnerFailure> {
    created::<bool>(reply, operation).map(|_| ())
}

/// A document of a list, as the shop writes it and as it is read.
pub(super) trait ListedDocument: Sized {
    /// Reads one; `None` if it is not readable.
    fn read(raw: &RawValue) -> Option<Self>;
    /// Its id.
    fn id(&self) -> &ChannelDocumentId;
}

/// All documents of an order in a list of the shop. Some shops repeat the last page for ever (#3787).
pub(super) async fn all<T: ListedDocument>(
    call: ChannelCall<'_>,
    operation: Operation,
    (path, order): (&str, &ChannelOrderId),
) -> Result<Vec<T>, PartnerFailure> {
    let Some(order) = entity_id(order) else {
        return Ok(Vec::new());
    };
    let mut all: Vec<T> = Vec::new();
    for number in 1..=MOST_PAGES {
        let page: Vec<T> = page(call, operation, (path, &order, number)).await?;
        let is_last = page.len() < PAGE;
        let before = all.len();
        for document in page {
            if !all.iter().any(|known| known.id() == document.id()) {
                all.push(document);
            }
        }
        if is_last || all.len() == before {
            return Ok(all);
        }
    }
    Err(PartnerFailure::Unreadable)
}

async fn page<T: ListedDocument>(
    call: ChannelCall<'_>,
    operation: Operation,
    (path, order, number): (&str, &str, u32),
) -> Result<Vec<T>, PartnerFailure> {
    let pair = |name: &str, value: &str| (format!("searchCriteria{name}"), value.to_owned());
    let query: [Pair; 7] = [
        pair("[filterGroups][0][filters][0][field]", "order_id"),
        pair("[filterGroups][0][filters][0][value]", order),
        pair("[filterGroups][0][filters][0][conditionType]", "eq"),
        pair("[sortOrders][0][field]", "entity_id"),
        pair("[sortOrders][0][direction]", "ASC"),
        pair("[pageSize]", &PAGE.to_string()),
        pair("[currentPage]", &number.to_string()),
    ];
    let request = get(call.account, &[path], &query)?;
    let answer = ask(call, operation, request).await?;
    answer.read(|reply| {
        let list: WireList<'_> =
            serde_json::from_str(text(reply)?).map_err(|_| PartnerFailure::Unreadable)?;
        let items = list.items.unwrap_or_default();
        let read = items.into_iter().map(T::read);
        let read: Option<Vec<T>> = read.collect();
        // One that cannot be read may be the one that is looked for.
        read.ok_or(PartnerFailure::Unreadable)
    })
}
