//! Reads all that a query finds: one call for each page of 1 MB.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Select};

use crate::aws::DynamoDb;
use crate::store::failure::StoreFailure;

/// The pages of a query.
pub(super) struct Pages<'c> {
    client: &'c DynamoDb,
    /// `None` after the last page.
    query: Option<QueryFluentBuilder>,
}

impl<'c> Pages<'c> {
    pub(super) fn of(client: &'c DynamoDb, query: QueryFluentBuilder) -> Self {
        let query = Some(query);
        Self { client, query }
    }

    /// The next page; `None` after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<QueryOutput>, StoreFailure> {
        let Some(query) = self.query.take() else {
            return Ok(None);
        };
        let mut page = self.client.send(query.clone()).await?;
        let end = page.last_evaluated_key.take();
        self.query = end.map(|end| query.set_exclusive_start_key(Some(end)));
        Ok(Some(page))
    }
}

/// All items of a query, in order.
pub(super) async fn all_items(
    client: &DynamoDb,
    query: QueryFluentBuilder,
) -> Result<Vec<HashMap<String, AttributeValue>>, StoreFailure> {
    let mut pages = Pages::of(client, query);
    let mut items = Vec::new();
    while let Some(page) = pages.next().await? {
        items.extend(page.items.unwrap_or_default());
    }
    Ok(items)
}

/// How many items a query has, and at most this many. The table counts them: it takes a read unit for 4 KB of them.
pub(super) async fn count_items(
    client: &DynamoDb,
    query: QueryFluentBuilder,
    most: u64,
) -> Result<u64, StoreFailure> {
    let mut pages = Pages::of(client, query.select(Select::Count));
    let mut count = 0;
    while count < most
        && let Some(page) = pages.next().await?
    {
        count += u64::try_from(page.count).unwrap_or_default();
    }
    Ok(count.min(most))
}

/// All items of a partition of a table with two key attributes, in the order of their sort keys. The caller may have just
/// written one.
pub(super) async fn whole_partition(
    client: &DynamoDb,
    table: &str,
    partition: String,
) -> Result<Vec<HashMap<String, AttributeValue>>, StoreFailure> {
    let query = client
        .query()
        .table_name(table)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", AttributeValue::S(partition))
        .consistent_read(true);
    all_items(client, query).await
}
