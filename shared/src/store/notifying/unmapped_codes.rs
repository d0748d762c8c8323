//! The index of unmapped notifications by code: how many there are of each, and those of one.
//!
//! The index has the entries of all codes of a client, by time. A call reads a limited number of its pages, of a megabyte each,
//! so that it ends in time whatever a client has; the result says where it ended.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::span::Span;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId};
use crate::store::cursor::Cursor;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, key_of};
use crate::store::keys::Key;
use crate::store::notifying::client_index::{Filter, Wanted};
use crate::store::notifying::unmapped::{INDEX, Unmapped, UnmappedIndex, UnmappedItem};

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

fn of_aggregator(filter: Filter, name: &AggregatorName) -> Filter {
    filter.with("aggregator = :aggregator", ":aggregator", name.as_str())
}

fn of_account(filter: Filter, alias: &AccountAlias) -> Filter {
    filter.with("alias = :alias", ":alias", alias.as_str())
}

fn with_code(filter: Filter, code: &str) -> Filter {
    filter.with("pushedType = :code", ":code", code)
}

impl UnmappedIndex {
    /// The client's unmapped codes, by account and code. What could not be read has none.
    pub async fn codes(
        &self,
        client: &ClientId,
        query: &CodesQuery,
    ) -> Result<CountedCodes, StoreFailure> {
        let filter = Filter::default().with("pushedType <> :nothing", ":nothing", "");
        let filter = match &query.aggregator {
            Some(name) => of_aggregator(filter, name),
            None => filter,
        };
        let filter = match &query.alias {
            Some(alias) => of_account(filter, alias),
            None => filter,
        };
        let filter = match &query.code {
            Some(code) => with_code(filter, code),
            None => filter,
        };
        let wanted = Wanted {
            client,
            span: query.span,
            filter,
            oldest_first: false,
            limit: None,
        };
        let mut tally = Tally::default();
        let mut start = None;
        for _ in 0..MOST_PAGES {
            let page = INDEX.page((&self.client, &self.table), &wanted, start);
            let page = page.await?;
            for item in page.entries {
                tally.add(Unmapped::from(from_item::<UnmappedItem>(item)?));
            }
            start = page.last;
            if start.is_none() {
                return Ok(tally.counted(None));
            }
        }
        let at = start
            .as_ref()
            .and_then(|last| last.get(INDEX.key.at)?.as_n().ok());
        let at = at.and_then(|at| Timestamp::from_millisecond(at.parse().ok()?).ok());
        Ok(tally.counted(at))
    }

    /// The notifications of a code, the oldest first.
    pub async fn of_code(&self, query: &CodeQuery<'_>) -> Result<OfCode, StoreFailure> {
        let filter = with_code(Filter::default(), query.code);
        let filter = of_account(filter, query.alias);
        let wanted = Wanted {
            client: query.client,
            span: query.span,
            filter: of_aggregator(filter, query.aggregator),
            oldest_first: true,
            limit: None,
        };
        let mut start = INDEX.start(query.client, query.cursor.as_ref());
        let mut found = OfCode::default();
        for _ in 0..MOST_PAGES {
            let page = INDEX.page((&self.client, &self.table), &wanted, start);
            let page = page.await?;
            let room = query.most.saturating_sub(found.keys.len());
            let taken = page.entries.get(..room.min(page.entries.len()));
            let taken = taken.unwrap_or_default();
            found.keys.extend(taken.iter().map(key_of));
            if taken.len() < page.entries.len() {
                found.cursor = INDEX.after(taken.last());
                return Ok(found);
            }
            start = page.last;
            found.cursor = INDEX.after(start.as_ref());
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
