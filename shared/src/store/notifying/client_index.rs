//! A sparse index of the notifications table that has a client's entries by time.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::DynamoDb;
use crate::domain::span::Span;
use crate::domain::text::ClientId;
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;

/// An entry, or its key.
pub(super) type Entry = HashMap<String, AttributeValue>;

/// The index.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientIndex {
    pub(super) name: &'static str,
    pub(super) key: IndexKey,
}

/// Conditions on entries, with the values in them.
#[derive(Debug, Default)]
pub(super) struct Filter {
    expressions: Vec<&'static str>,
    values: Vec<(&'static str, AttributeValue)>,
}

/// Which entries to read.
pub(super) struct Wanted<'a> {
    pub(super) client: &'a ClientId,
    pub(super) span: Span,
    pub(super) filter: Filter,
    pub(super) oldest_first: bool,
    /// How many entries are looked at, matching or not; `None`: a megabyte.
    pub(super) limit: Option<i32>,
}

/// The matching entries of a page, and the last one that it looked at, if there are more.
#[derive(Debug, Default)]
pub(super) struct IndexPage {
    pub(super) entries: Vec<Entry>,
    pub(super) last: Option<Entry>,
}

impl Filter {
    /// This condition besides, which contains a value under this name.
    pub(super) fn with(
        mut self,
        expression: &'static str,
        name: &'static str,
        value: &str,
    ) -> Self {
        self.expressions.push(expression);
        self.values
            .push((name, AttributeValue::S(value.to_owned())));
        self
    }
}

impl ClientIndex {
    /// The page that begins after `start`.
    pub(super) async fn page(
        self,
        (client, table): (&DynamoDb, &str),
        wanted: &Wanted<'_>,
        start: Option<Entry>,
    ) -> Result<IndexPage, StoreFailure> {
        let Some((first, last)) = wanted.span.milliseconds() else {
            return Ok(IndexPage::default());
        };
        let IndexKey { of, at } = self.key;
        let expressions = &wanted.filter.expressions;
        let query = client
            .query()
            .table_name(table)
            .index_name(self.name)
            .key_condition_expression(format!("{of} = :client AND {at} BETWEEN :first AND :last"))
            .expression_attribute_values(":client", AttributeValue::S(wanted.client.to_string()))
            .expression_attribute_values(":first", AttributeValue::N(first.to_string()))
            .expression_attribute_values(":last", AttributeValue::N(last.to_string()))
            .set_filter_expression((!expressions.is_empty()).then(|| expressions.join(" AND ")))
            .scan_index_forward(wanted.oldest_first)
            .set_limit(wanted.limit)
            .set_exclusive_start_key(start);
        let values = wanted.filter.values.iter();
        let query = values.fold(query, |query, (name, value)| {
            query.expression_attribute_values(*name, value.clone())
        });
        let found = client.send(query).await?;
        Ok(IndexPage {
            entries: found.items.unwrap_or_default(),
            last: found.last_evaluated_key,
        })
    }

    /// The entry after which a cursor begins.
    pub(super) fn start(self, client: &ClientId, cursor: Option<&Cursor>) -> Option<Entry> {
        cursor.map(|cursor| cursor.key(client, self.key, client.as_str()))
    }

    /// The cursor that begins after an entry.
    pub(super) fn after(self, entry: Option<&Entry>) -> Option<Cursor> {
        Cursor::after(entry?, self.key)
    }
}
