//! Stock article by article, for a shop without sources: `stockItems`. Each article has an item id, which is read first. An
//! article that has the stock already is not written, so a repeated request goes on where the time of the first one ended.

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{changes, get, put, reads};
use crate::channels::magento::inventory::soon;
use crate::channels::magento::inventory::written::{LEAST_TIME, Written, lost};
use crate::channels::magento::read::is_absent;
use crate::channels::magento::refusal::{content, refused};
use crate::channels::magento::session::ask;
use crate::channels::magento::wire::{WireId, WireNumber};
use crate::contract::number::json_number;
use crate::domain::selling::stock::{NotSet, WantedStock};
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const WRITE: Operation = changes("set_stock_item");
const READ: Operation = reads("read_stock_item");

/// How many articles are worked on at once.
const ARTICLES_AT_ONCE: usize = 8;
/// How often an article is written at most, if answers are lost.
const MOST_WRITES: usize = 3;

type Outcome = Result<(), NotSet>;

/// Sets the stock.
pub(super) async fn set(
    call: ChannelCall<'_>,
    items: &[WantedStock],
) -> Result<Vec<Outcome>, PartnerFailure> {
    let sets: Vec<BoxFuture<'_, _>> = items
        .iter()
        .map(|item| set_one(call, item).boxed())
        .collect();
    stream::iter(sets)
        .buffered(ARTICLES_AT_ONCE)
        .try_collect()
        .await
}

async fn set_one(call: ChannelCall<'_>, item: &WantedStock) -> Result<Outcome, PartnerFailure> {
    let sku = item.sku.as_str();
    // A shop decodes a path before it matches it; a dot would be taken for a step in the path.
    if sku.contains('/') || matches!(sku, "." | "..") {
        return Ok(Err(NotSet::NotAddressable));
    }
    let mut written = None;
    for _ in 0..=MOST_WRITES {
        if call.partner.deadline.remaining() < LEAST_TIME {
            break;
        }
        let found = match read(call, sku).await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(Err(NotSet::Unknown)),
            Err(PartnerFailure::Refused(refusal)) => {
                let reason = refusal.message.unwrap_or_default();
                return Ok(Err(NotSet::Refused(reason)));
            }
            Err(failure) => {
                sleep(lost(failure)?).await;
                continue;
            }
        };
        let quantity = found.qty.map(|quantity| quantity.0);
        if quantity.is_some_and(|quantity| item.is_as(quantity, found.is_in_stock)) {
            return Ok(Ok(()));
        }
        match written {
            Some(Written::Done) if quantity == Some(item.quantity.number()) => {
                return Ok(Err(NotSet::OtherStatus));
            }
            Some(Written::Done) => {
                let kept = quantity.unwrap_or(Decimal::ZERO);
                return Ok(Err(NotSet::Unchanged(kept)));
            }
            Some(Written::Refused(reason)) => return Ok(Err(NotSet::Refused(reason))),
            Some(Written::Lost(pause)) => sleep(pause).await,
            None => {}
        }
        written = Some(write(call, item, found.item_id).await?);
    }
    Ok(Err(NotSet::Unclear))
}

/// A stock item; it has no quantity if the shop does not keep its stock.
#[derive(Deserialize)]
struct WireStockItem {
    item_id: WireId,
    #[serde(default)]
    qty: Option<WireNumber>,
    #[serde(default)]
    is_in_stock: bool,
}

/// Reads the stock item of an article; `None` if the shop does not know it.
async fn read(call: ChannelCall<'_>, sku: &str) -> Result<Option<WireStockItem>, PartnerFailure> {
    let request = get(call.account, &["stockItems", sku], &[])?;
    let answer = ask(soon(call), READ, request).await?;
    answer.read(|reply| {
        if is_absent(reply) {
            return Ok(None);
        }
        if !(200..300).contains(&reply.status) {
            return Err(refused(reply));
        }
        let item = serde_json::from_slice(&reply.body);
        item.map(Some).map_err(|_| PartnerFailure::Unreadable)
    })
}

async fn write(
    call: ChannelCall<'_>,
    item: &WantedStock,
    id: WireId,
) -> Result<Written, PartnerFailure> {
    let id = id.0.to_string();
    let path = ["products", item.sku.as_str(), "stockItems", &id];
    let body = json!({ "stockItem": {
        "qty": json_number(item.quantity.number()),
        "is_in_stock": item.is_in_stock(),
    } });
    let request = put(call.account, &path, &body)?;
    let written = match ask(soon(call), WRITE, request).await {
        Ok(answer) => answer.read(|reply| content::<Value>(reply, WRITE)),
        Err(failure) => Err(failure),
    };
    Written::of(written.map(|_| ()))
}
