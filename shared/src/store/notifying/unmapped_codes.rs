//! The index of unmapped notifications by code: how many there are of each, and those of one.
//!
//! The index has the entries of all codes of a client, by time. A call reads a limited number of its pages, of a megabyte each,
//! so that it ends in time whatever a client has; the result says where it ended.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_dynamo::from_item;

use crate::domain::span::Span;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId};
use crate::store::cursor::Cursor;
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::Key;
use crate::store::notifying::unmapped::{INDEX, PLACES, Unmapped, UnmappedIndex, UnmappedItem};

/// The maximum number of pages of the index that a call reads: about thirty thousand entries.
const MOST_PAGES: usize = 8;

/// Which codes to count.
#[derive(Debug, Clone, Default)]
pub struct CodesQuery {
    /// Only those of this aggregator or channel.
    pub aggregator: Option<AggregatorName>,
    /// Only those of this account.
    pub alias: Option<AccountAlias>,
    /// Only this one.
    pub code: Option<String>,
    /// When the notifications arrived.
    pub span: Span,
}

/// A code that is not mapped, as one account pushed it.
#[derive(Debug, Clone)]
pub struct UnmappedCode {
    /// How many notifications have it.
    pub count: usize,
    /// When the first of them arrived.
    pub first_seen: Timestamp,
    /// The newest of them.
    pub newest: Unmapped,
}

/// The codes of a client.
#[derive(Debug)]
pub struct CountedCodes {
    /// The code that was seen last comes first.
    pub codes: Vec<UnmappedCode>,
    /// If there were too many notifications to count: the time since which they are counted.
    pub counted_since: Option<Timestamp>,
}

/// Which notifications with a code to find.
#[derive(Debug)]
pub struct CodeQuery<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// The account that pushed it.
    pub alias: &'a AccountAlias,
    /// The account's aggregator.
    pub aggregator: &'a AggregatorName,
    /// The code.
    pub code: &'a str,
    /// When they arrived.
    pub span: Span,
    /// Where an earlier call ended.
    pub cursor: Option<Cursor>,
    /// How many at most.
    pub most: usize,
}

/// Notifications with a code.
#[derive(Debug, Default)]
pub struct OfCode {
    /// Their keys, in the order of arrival.
    pub keys: Vec<Key>,
    /// Where the next call begins; absent at the end.
    pub cursor: Option<Cursor>,
}

type Item = HashMap<String, AttributeValue>;

/// A filter: its expression with the values in it.
#[derive(Default)]
struct Filter {
    expressions: Vec<&'static str>,
    values: Vec<(&'static str, AttributeValue)>,
}

impl Filter {
    fn with(mut self, expression: &'static str, name: &'static str, value: &str) -> Self {
        self.expressions.push(expression);
        self.values
            .push((name, AttributeValue::S(value.to_owned())));
        self
    }

    fn aggregator(self, name: &AggregatorName) -> Self {
        self.with("aggregator = :aggregator", ":aggregator", name.as_str())
    }

    fn alias(self, alias: &AccountAlias) -> Self {
        self.with("alias = :alias", ":alias", alias.as_str())
    }

    fn code(self, code: &str) -> Self {
        self.with("pushedType = :code", ":code", code)
    }
}

/// A walk through a client's entries, page by page.
struct Walk<'a> {
    index: &'a UnmappedIndex,
    client: &'a ClientId,
    span: Span,
    oldest_first: bool,
    filter: Filter,
}

/// The matching entries of a page, and the last one that it looked at, if there are more.
struct WalkedPage {
    items: Vec<Item>,
    last: Option<Item>,
}

impl Walk<'_> {
    /// `None` if no entry can be in the time span.
    async fn page(&self, start: Option<Item>) -> Result<Option<WalkedPage>, StoreFailure> {
        let Some((first, last)) = self.span.milliseconds() else {
            return Ok(None);
        };
        let number = |value: i64| AttributeValue::N(value.to_string());
        let mut query = self
            .index
            .client
            .query()
            .table_name(&self.index.table)
            .index_name(INDEX)
            .key_condition_expression(
                "unmappedOf = :client AND unmappedAt BETWEEN :first AND :last",
            )
            .expression_attribute_values(":client", AttributeValue::S(self.client.to_string()))
            .expression_attribute_values(":first", number(first))
            .expression_attribute_values(":last", number(last))
            .scan_index_forward(self.oldest_first)
            .set_exclusive_start_key(start);
        let expressions = &self.filter.expressions;
        if !expressions.is_empty() {
            query = query.filter_expression(expressions.join(" AND "));
        }
        for (name, value) in &self.filter.values {
            query = query.expression_attribute_values(*name, value.clone());
        }
        let found = query.send().await?;
        Ok(Some(WalkedPage {
            items: found.items.unwrap_or_default(),
            last: found.last_evaluated_key,
        }))
    }
}

impl UnmappedIndex {
    /// The client's unmapped codes, by account and code. What could not be read has none.
    pub async fn codes(
        &self,
        client: &ClientId,
        query: &CodesQuery,
    ) -> Result<CountedCodes, StoreFailure> {
        let nothing = Filter::default().with("pushedType <> :nothing", ":nothing", "");
        let filter = match &query.aggregator {
            Some(name) => nothing.aggregator(name),
            None => nothing,
        };
        let filter = match &query.alias {
            Some(alias) => filter.alias(alias),
            None => filter,
        };
        let filter = match &query.code {
            Some(code) => filter.code(code),
            None => filter,
        };
        let walk = Walk {
            index: self,
            client,
            span: query.span,
            oldest_first: false,
            filter,
        };
        let mut tally = Tally::default();
        let mut start = None;
        for _ in 0..MOST_PAGES {
            let Some(page) = walk.page(start).await? else {
                return Ok(tally.counted(None));
            };
            for item in page.items {
                tally.add(Unmapped::from(from_item::<_, UnmappedItem>(item)?));
            }
            start = page.last;
            if start.is_none() {
                return Ok(tally.counted(None));
            }
        }
        let at = start
            .as_ref()
            .and_then(|last| last.get(PLACES.at)?.as_n().ok());
        let at = at.and_then(|at| Timestamp::from_millisecond(at.parse().ok()?).ok());
        Ok(tally.counted(at))
    }

    /// The notifications of a code, the oldest first.
    pub async fn of_code(&self, query: &CodeQuery<'_>) -> Result<OfCode, StoreFailure> {
        let filter = Filter::default().code(query.code).alias(query.alias);
        let walk = Walk {
            index: self,
            client: query.client,
            span: query.span,
            oldest_first: true,
            filter: filter.aggregator(query.aggregator),
        };
        let client = query.client;
        let start = query.cursor.as_ref();
        let mut start = start.map(|cursor| cursor.key(client, PLACES, client.as_str()));
        let mut found = OfCode::default();
        for _ in 0..MOST_PAGES {
            let Some(page) = walk.page(start).await? else {
                return Ok(found);
            };
            let room = query.most.saturating_sub(found.keys.len());
            let taken = page.items.get(..room.min(page.items.len()));
            let taken = taken.unwrap_or_default();
            found.keys.extend(taken.iter().map(key_of));
            if taken.len() < page.items.len() {
                let last = taken.last();
                found.cursor = last.and_then(|last| Cursor::after(last, PLACES));
                return Ok(found);
            }
            start = page.last;
            let last = start.as_ref();
            found.cursor = last.and_then(|last| Cursor::after(last, PLACES));
            if start.is_none() || found.keys.len() == query.most {
                return Ok(found);
            }
        }
        Ok(found)
    }
}

/// Counts notifications by account and code.
#[derive(Default)]
struct Tally {
    codes: BTreeMap<(AggregatorName, Option<AccountAlias>, String), UnmappedCode>,
}

impl Tally {
    fn add(&mut self, found: Unmapped) {
        let key = (
            found.aggregator.clone(),
            found.alias.clone(),
            found.pushed_type.clone(),
        );
        let at = found.received_at;
        let code = self.codes.entry(key).or_insert_with(|| UnmappedCode {
            count: 0,
            first_seen: at,
            newest: found.clone(),
        });
        code.count += 1;
        code.first_seen = code.first_seen.min(at);
        if at > code.newest.received_at {
            code.newest = found;
        }
    }

    fn counted(self, counted_since: Option<Timestamp>) -> CountedCodes {
        let mut codes: Vec<_> = self.codes.into_values().collect();
        codes.sort_by_key(|code| std::cmp::Reverse(code.newest.received_at));
        CountedCodes {
            codes,
            counted_since,
        }
    }
}
