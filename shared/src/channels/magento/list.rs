//! Lists orders. Whatever a shop says about the number of orders or pages is not used: each request asks for the first orders
//! after a position, so that a page after the last one that repeats it cannot be asked for.
//!
//! One order that the shop cannot show breaks the whole page: then the page is halved, and the order found by its id.

use std::time::Duration;

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{get, reads};
use crate::channels::magento::find_broken::find_broken;
use crate::channels::magento::order::{self, time};
use crate::channels::magento::read::text;
use crate::channels::magento::search::Search;
use crate::channels::magento::session::ask;
use crate::channels::magento::wire::{WireKey, WireList};
use crate::domain::personal::Personal;
use crate::domain::selling::listing::{
    OrderPage, OrderPosition, OrderQuery, OrderSource, SkippedOrder, SourcePage,
};
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

/// A page may be broken by an order: then the status is 500. An order of a hundred rows has a few hundred KB.
const LIST: Operation = Operation {
    judged: &[401, 500],
    most_bytes: 4 * 1024 * 1024,
    ..reads("list_orders")
};
/// With less time, what was listed so far is the page.
const LEAST_TIME: Duration = Duration::from_secs(4);

/// A part of the list as the shop answered it.
pub(super) enum Part {
    /// Rows, of which there are fewer than asked for if they are the last.
    Rows(Vec<OrderSource>),
    /// The shop cannot show it, or it is too large.
    Broken,
}

/// Lists orders.
pub(super) async fn orders(
    call: ChannelCall<'_>,
    query: &OrderQuery,
) -> Result<OrderPage, PartnerFailure> {
    let page = sources(call, query).await?;
    Ok(page.read(|source| order::read(call.account, source.text.expose())))
}

/// Lists orders as the shop writes them.
pub(super) async fn sources(
    call: ChannelCall<'_>,
    query: &OrderQuery,
) -> Result<SourcePage, PartnerFailure> {
    let mut walk = Walk {
        call,
        search: Search::of(query),
        page: SourcePage {
            sources: Vec::new(),
            skipped: Vec::new(),
            last: None,
            has_more: true,
        },
        most: query.most.max(1),
        came: 0,
    };
    let mut size = walk.most;
    while walk.page.has_more && walk.open() > 0 && walk.has_time() {
        size = size.min(walk.open());
        match part(call, &walk.search, size).await? {
            Part::Rows(rows) => {
                walk.take(rows, size);
                size = size.saturating_mul(2);
            }
            Part::Broken if size > 1 => size = size.div_euclid(2),
            Part::Broken => {
                let broken = find_broken(call, &walk.search).await?;
                walk.skip(broken);
                size = walk.most;
            }
        }
    }
    Ok(walk.page)
}

/// The walk through a page.
struct Walk<'a> {
    call: ChannelCall<'a>,
    search: Search,
    page: SourcePage,
    /// How many orders it may have, and how many came, readable or not.
    most: usize,
    came: usize,
}

impl Walk<'_> {
    /// How many orders the page may still have.
    fn open(&self) -> usize {
        self.most.saturating_sub(self.came)
    }

    /// A page without a place to go on from is of no use.
    fn has_time(&self) -> bool {
        self.page.last.is_none() || self.call.partner.deadline.remaining() > LEAST_TIME
    }

    fn take(&mut self, rows: Vec<OrderSource>, size: usize) {
        let came = rows.len();
        let known = self.search.after.clone();
        // A shop that ignores the position repeats itself.
        let is_new = |row: &OrderSource| {
            let known = known.as_ref();
            known.is_none_or(|known| is_after(&row.position, known))
        };
        let mut fresh: Vec<OrderSource> = rows.into_iter().filter(is_new).collect();
        self.page.has_more = came >= size && !fresh.is_empty();
        self.came = self.came.saturating_add(fresh.len());
        if let Some(last) = fresh.last() {
            self.search.after = Some(last.position.clone());
            self.page.last = Some(last.position.clone());
        }
        self.page.sources.append(&mut fresh);
    }

    fn skip(&mut self, broken: SkippedOrder) {
        self.search.without.push(broken.id.clone());
        self.page.skipped.push(broken);
    }
}

fn is_after(position: &OrderPosition, known: &OrderPosition) -> bool {
    let number = |id: &OrderPosition| id.id.as_str().parse::<u64>().unwrap_or_default();
    let key = |one: &OrderPosition| (one.updated_at, number(one));
    key(position) > key(known)
}

/// The first orders of a search.
pub(super) async fn part(
    call: ChannelCall<'_>,
    search: &Search,
    size: usize,
) -> Result<Part, PartnerFailure> {
    let request = get(call.account, &["orders"], &search.pairs(size))?;
    let answer = match ask(call, LIST, request).await {
        // Larger than the limit.
        Err(PartnerFailure::Unreadable) => return Ok(Part::Broken),
        answer => answer?,
    };
    answer.read(|reply| {
        if reply.status == 500 {
            return Ok(Part::Broken);
        }
        rows(text(reply)?).map(Part::Rows)
    })
}

fn rows(text: &str) -> Result<Vec<OrderSource>, PartnerFailure> {
    let list: WireList<'_> = serde_json::from_str(text).map_err(|_| PartnerFailure::Unreadable)?;
    let rows = list.items.into_iter().flatten();
    rows.map(|raw| row(raw.get()).ok_or(PartnerFailure::Unreadable))
        .collect()
}

/// An order; `None` if it has no id or time, so that the list cannot go on after it.
fn row(json: &str) -> Option<OrderSource> {
    let key: WireKey<'_> = serde_json::from_str(json).ok()?;
    let changed = time(key.updated_at.as_ref());
    Some(OrderSource {
        position: OrderPosition {
            updated_at: changed.or_else(|| time(key.created_at.as_ref()))?,
            id: key.entity_id.0.to_string().parse().ok()?,
        },
        text: Personal::from(json.to_owned()),
    })
}
