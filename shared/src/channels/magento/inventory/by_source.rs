//! Stock by source: `inventory/source-items`. A shop takes 20 rows at once, and answers 200 for an article that it does not know.
//!
//! 1,000 articles are 50 writes and 10 reads, some of them side by side.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::stock_source;
use crate::channels::magento::call::{Pair, changes, encoded, get, post, reads};
use crate::channels::magento::inventory::soon;
use crate::channels::magento::inventory::written::{LEAST_TIME, Written, lost};
use crate::channels::magento::read::is_absent;
use crate::channels::magento::refusal::{content, refused};
use crate::channels::magento::session::ask;
use crate::channels::magento::wire::{Text, WireNumber};
use crate::contract::number::json_number;
use crate::domain::selling::stock::{NotSet, WantedStock};
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const WRITE: Operation = changes("set_source_items");
const READ: Operation = reads("list_source_items");

/// The rows of a write: what a shop takes unless its settings say less.
const ROWS: usize = 20;
/// The articles that are read back with one call.
const ARTICLES: usize = 100;
/// The maximum length of the SKUs in the URL of a read.
const LONGEST_LIST: usize = 5000;
/// How many groups of articles are worked on at once, and how many writes of each: a shop must serve its customers meanwhile.
const GROUPS_AT_ONCE: usize = 2;
const WRITES_AT_ONCE: usize = 3;
/// How often a group is written at most, if answers are lost.
const MOST_ROUNDS: usize = 3;
/// How many calls of a group a shop may refuse until the rest of a refused call is not tried in smaller parts.
const MOST_REFUSALS: usize = 16;

type Outcome = Result<(), NotSet>;

/// Sets the stock; `None` if the shop has no sources.
pub(super) async fn set(
    call: ChannelCall<'_>,
    items: &[WantedStock],
) -> Result<Option<Vec<Outcome>>, PartnerFailure> {
    let groups = groups(items);
    let mut groups = groups.into_iter();
    let Some(first) = groups.next() else {
        return Ok(Some(Vec::new()));
    };
    let count = first.len();
    let Some(mut outcomes) = Group::of(call, first).set().await? else {
        return Ok(None);
    };
    // A shop that answers nothing is not asked on.
    if outcomes
        .iter()
        .all(|outcome| *outcome == Err(NotSet::Unclear))
    {
        outcomes.resize(items.len().max(count), Err(NotSet::Unclear));
        return Ok(Some(outcomes));
    }
    let sets: Vec<BoxFuture<'_, _>> = groups
        .map(|group| Group::of(call, group).set().boxed())
        .collect();
    let rest: Vec<_> = stream::iter(sets)
        .buffered(GROUPS_AT_ONCE)
        .try_collect()
        .await?;
    outcomes.extend(rest.into_iter().flatten().flatten());
    outcomes.resize(items.len(), Err(NotSet::Unclear));
    Ok(Some(outcomes))
}

/// Groups of articles that one call can read back.
fn groups(items: &[WantedStock]) -> Vec<&[WantedStock]> {
    let (mut count, mut length) = (1, 0);
    let groups = items.chunk_by(move |item, next| {
        if length == 0 {
            length = length_of(item);
        }
        count += 1;
        length += length_of(next);
        let fits = count <= ARTICLES && length <= LONGEST_LIST;
        if !fits {
            (count, length) = (1, 0);
        }
        fits
    });
    groups.collect()
}

fn length_of(item: &WantedStock) -> usize {
    encoded(item.sku.as_str()).len() + encoded(",").len()
}

/// Articles that are written and read back together.
struct Group<'a> {
    call: ChannelCall<'a>,
    source: &'a str,
    items: &'a [WantedStock],
    outcomes: Vec<Option<Outcome>>,
}

/// A part of a group, by the places of its articles.
type Places = Vec<usize>;

impl<'a> Group<'a> {
    fn of(call: ChannelCall<'a>, items: &'a [WantedStock]) -> Self {
        Self {
            call,
            source: stock_source(call.account),
            items,
            outcomes: vec![None; items.len()],
        }
    }

    /// Writes and reads back, again what got no clear answer; `None` if the shop has no sources.
    async fn set(mut self) -> Result<Option<Vec<Outcome>>, PartnerFailure> {
        for _ in 0..MOST_ROUNDS {
            let open = self.open();
            if open.is_empty() || self.call.partner.deadline.remaining() < LEAST_TIME {
                break;
            }
            let Some(writes) = self.write(&open).await? else {
                return Ok(None);
            };
            let mut pause = std::time::Duration::ZERO;
            let mut is_done = vec![false; self.items.len()];
            for (places, written) in writes {
                for place in places {
                    match &written {
                        Written::Done => mark(&mut is_done, place, true),
                        Written::Refused(reason) => {
                            self.decide(place, Err(NotSet::Refused(reason.clone())));
                        }
                        Written::Lost(after) => pause = pause.max(*after),
                    }
                }
            }
            match self.read_back().await {
                Ok(found) => self.compare(&found, &is_done),
                Err(failure) => pause = pause.max(lost(failure)?),
            }
            if !pause.is_zero() && !self.open().is_empty() {
                sleep(pause).await;
            }
        }
        let outcomes = self.outcomes.into_iter();
        let outcomes = outcomes.map(|outcome| outcome.unwrap_or(Err(NotSet::Unclear)));
        Ok(Some(outcomes.collect()))
    }

    /// The articles without an outcome.
    fn open(&self) -> Places {
        let outcomes = self.outcomes.iter().enumerate();
        let open = outcomes.filter(|(_, outcome)| outcome.is_none());
        open.map(|(place, _)| place).collect()
    }

    fn decide(&mut self, place: usize, outcome: Outcome) {
        mark(&mut self.outcomes, place, Some(outcome));
    }

    /// Writes the articles at these places. A refused call is repeated in halves, because one of its rows may be the reason.
    /// `None` if the shop has no sources.
    async fn write(
        &self,
        open: &[usize],
    ) -> Result<Option<Vec<(Places, Written)>>, PartnerFailure> {
        let mut parts: Vec<Places> = open.chunks(ROWS).map(<[usize]>::to_vec).collect();
        let (mut results, mut refusals) = (Vec::new(), 0);
        while !parts.is_empty() {
            let writes: Vec<BoxFuture<'_, _>> = std::mem::take(&mut parts)
                .into_iter()
                .map(|places| self.post_at(places).boxed())
                .collect();
            let mut writes = stream::iter(writes).buffer_unordered(WRITES_AT_ONCE);
            while let Some((places, written)) = writes.next().await {
                let Some(written) = written? else {
                    return Ok(None);
                };
                let is_refused = matches!(written, Written::Refused(_));
                refusals += usize::from(is_refused);
                if is_refused && places.len() > 1 && refusals <= MOST_REFUSALS {
                    let (left, right) = places.split_at(places.len() / 2);
                    parts.extend([left.to_vec(), right.to_vec()]);
                } else {
                    results.push((places, written));
                }
            }
        }
        Ok(Some(results))
    }

    async fn post_at(&self, places: Places) -> (Places, Result<Option<Written>, PartnerFailure>) {
        let written = self.post(&places).await;
        (places, written)
    }

    /// One write; `None` if the shop has no sources.
    async fn post(&self, places: &[usize]) -> Result<Option<Written>, PartnerFailure> {
        let items = places.iter().filter_map(|place| self.items.get(*place));
        let rows: Vec<Value> = items.map(|item| self.row(item)).collect();
        let path = ["inventory", "source-items"];
        let request = post(self.call.account, &path, &json!({ "sourceItems": rows }))?;
        let written = match ask(soon(self.call), WRITE, request).await {
            Ok(answer) => answer.read(|reply| {
                if is_absent(reply) {
                    return Ok(None);
                }
                content::<Value>(reply, WRITE).map(Some)
            }),
            Err(failure) => Err(failure),
        };
        match written {
            Ok(None) => Ok(None),
            Ok(Some(_)) => Ok(Some(Written::Done)),
            Err(failure) => Written::of(Err(failure)).map(Some),
        }
    }

    fn row(&self, item: &WantedStock) -> Value {
        json!({
            "sku": item.sku,
            "source_code": self.source,
            "quantity": json_number(item.quantity.number()),
            "status": u8::from(item.is_in_stock()),
        })
    }

    /// The stock of the articles without an outcome, as the shop has it.
    async fn read_back(&self) -> Result<BTreeMap<String, (Decimal, bool)>, PartnerFailure> {
        let open = self.open();
        let items = open.iter().filter_map(|place| self.items.get(*place));
        let skus: Vec<&str> = items.map(|item| item.sku.as_str()).collect();
        if skus.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = query(&skus, self.source);
        let request = get(self.call.account, &["inventory", "source-items"], &query)?;
        let answer = ask(soon(self.call), READ, request).await?;
        answer.read(|reply| {
            if !(200..300).contains(&reply.status) {
                return Err(refused(reply));
            }
            let list: WireSourceItems<'_> =
                serde_json::from_slice(&reply.body).map_err(|_| PartnerFailure::Unreadable)?;
            let rows = list.items.into_iter();
            let rows = rows.filter(|row| row.source_code.0 == self.source);
            Ok(rows.map(WireSourceItem::read).collect())
        })
    }

    /// Decides what the shop's stock says. What was not written with a clear answer and is not there stays open.
    fn compare(&mut self, found: &BTreeMap<String, (Decimal, bool)>, is_done: &[bool]) {
        for place in self.open() {
            let Some(item) = self.items.get(place) else {
                continue;
            };
            let is_done = is_done.get(place) == Some(&true);
            let outcome = match found.get(item.sku.as_str()) {
                Some((quantity, status)) if item.is_as(*quantity, *status) => Ok(()),
                _ if !is_done => continue,
                Some((quantity, _)) if *quantity == item.quantity.number() => {
                    Err(NotSet::OtherStatus)
                }
                Some((quantity, _)) => Err(NotSet::Unchanged(*quantity)),
                None => Err(NotSet::Unknown),
            };
            self.decide(place, outcome);
        }
    }
}

fn mark<T>(list: &mut [T], place: usize, value: T) {
    if let Some(at) = list.get_mut(place) {
        *at = value;
    }
}

/// The criteria for these articles at a source. `in` splits at commas, so a SKU with one is an alternative of its own.
fn query(skus: &[&str], source: &str) -> Vec<Pair> {
    let (single, listed): (Vec<&str>, Vec<&str>) =
        skus.iter().copied().partition(|sku| sku.contains(','));
    let joined = listed.join(",");
    let listed = (!joined.is_empty()).then_some((joined.as_str(), "in"));
    let single = single.into_iter().map(|sku| (sku, "eq"));
    let mut query = Vec::new();
    for (index, (value, condition)) in listed.into_iter().chain(single).enumerate() {
        query.extend(filter((0, index), "sku", value, condition));
    }
    query.extend(filter((1, 0), "source_code", source, "eq"));
    let pair = |name: &str, value: String| (format!("searchCriteria[{name}]"), value);
    query.push(pair("pageSize", skus.len().to_string()));
    query.push(pair("currentPage", "1".to_owned()));
    query
}

fn filter((group, index): (usize, usize), field: &str, value: &str, condition: &str) -> [Pair; 3] {
    let pair = |part: &str, value: &str| {
        let group = format!("searchCriteria[filterGroups][{group}]");
        (
            format!("{group}[filters][{index}][{part}]"),
            value.to_owned(),
        )
    };
    [
        pair("field", field),
        pair("value", value),
        pair("conditionType", condition),
    ]
}

#[derive(Deserialize)]
struct WireSourceItems<'a> {
    #[serde(borrow)]
    items: Vec<WireSourceItem<'a>>,
}

/// A row. `status` is 1 if the article can be bought.
#[derive(Deserialize)]
struct WireSourceItem<'a> {
    #[serde(borrow)]
    sku: Text<'a>,
    #[serde(borrow)]
    source_code: Text<'a>,
    quantity: WireNumber,
    status: WireNumber,
}

impl WireSourceItem<'_> {
    fn read(self) -> (String, (Decimal, bool)) {
        let is_in_stock = self.status.0 == Decimal::ONE;
        (self.sku.0.into_owned(), (self.quantity.0, is_in_stock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(sku: &str) -> WantedStock {
        WantedStock {
            sku: sku.parse().unwrap(),
            quantity: Decimal::ONE.try_into().unwrap(),
            in_stock: None,
        }
    }

    #[test]
    fn groups_have_at_most_a_hundred_articles_and_a_short_list() {
        let short: Vec<_> = (0..1000).map(|n| item(&format!("SKU-{n}"))).collect();
        let sizes =
            |items: &[WantedStock]| groups(items).iter().map(|g| g.len()).collect::<Vec<_>>();
        assert_eq!(sizes(&short), [100; 10]);
        let long: Vec<_> = (0..100).map(|n| item(&format!("{n:0>97}"))).collect();
        assert_eq!(sizes(&long), [50, 50]);
        assert_eq!(sizes(&short[..1]), [1]);
        assert_eq!(sizes(&[]), [0; 0]);
    }

    #[test]
    fn a_sku_with_a_comma_is_a_filter_of_its_own() {
        let query = query(&["A", "B,C", "D"], "east");
        let values: Vec<_> = query.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(
            values,
            [
                "sku",
                "A,D",
                "in",
                "sku",
                "B,C",
                "eq",
                "source_code",
                "east",
                "eq",
                "3",
                "1"
            ]
        );
        assert_eq!(
            query[3].0,
            "searchCriteria[filterGroups][0][filters][1][field]"
        );
    }
}
