//! Reads all that a query finds: one call for each page of 1 MB.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Select};

use crate::aws::DynamoDb;
use crate::store::failure::StoreFailure;

/// The pages of a query.
pub(super) struct Pages<'c> {
    client: &'c DynamoDb,
    /// `None` after the last page.
    query: Option<QueryInputBuilder>,
}

impl<'c> Pages<'c> {
    pub(super) fn of(client: &'c DynamoDb, query: QueryInputBuilder) -> Self {
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
    query: QueryInputBuilder,
) -> Result<Vec<HashMap<String, AttributeValue>>, StoreFailure> {
    let mut pages = Pages::of(client, query);
    let mut items = Vec::new();
    while let Some(page) = pages.next().await? {
        items.extend(page.items.unwrap_or_default());
    }
    Ok(items)
}

/// How many items a query finds; no more than `most`. The table counts them: it takes a read unit for 4 KB of them.
pub(super) async fn count_items(
    client: &DynamoDb,
    query: QueryInputBuilder,
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, Request, ResponseTemplate};

    use super::*;
    use crate::aws::configuration_at;

    /// A table with three pages of two items each; page `n` begins after the key `n`.
    async fn three_pages() -> MockServer {
        let server = MockServer::start().await;
        let page = |request: &Request| {
            let asked: Value = request.body_json().unwrap();
            let start = asked["ExclusiveStartKey"]["sk"]["N"].as_str();
            let number: i32 = start.unwrap_or("0").parse().unwrap();
            let mut page = json!({ "Count": 2 });
            if asked["Select"] != "COUNT" {
                let item = |place: i32| json!({ "sk": { "N": (number * 2 + place).to_string() } });
                page["Items"] = json!([item(0), item(1)]);
            }
            if number < 2 {
                page["LastEvaluatedKey"] = json!({ "sk": { "N": (number + 1).to_string() } });
            }
            ResponseTemplate::new(200).set_body_json(page)
        };
        let answering = Mock::given(any()).respond_with(page);
        answering.mount(&server).await;
        server
    }

    async fn calls(server: &MockServer) -> usize {
        server.received_requests().await.unwrap().len()
    }

    #[tokio::test]
    async fn all_pages_are_read_in_order() {
        let server = three_pages().await;
        let client = DynamoDb::new(&configuration_at(&server.uri()));
        let items = all_items(&client, client.query().table_name("table")).await;
        let numbers: Vec<_> = items
            .unwrap()
            .iter()
            .map(|item| item["sk"].clone())
            .collect();
        let expected: Vec<_> = (0..6).map(|n| AttributeValue::N(n.to_string())).collect();
        assert_eq!(numbers, expected);
        assert_eq!(calls(&server).await, 3);
    }

    #[tokio::test]
    async fn no_more_pages_are_counted_than_are_wanted() {
        for (most, count, pages) in [(u64::MAX, 6, 3), (4, 4, 2), (3, 3, 2), (0, 0, 0)] {
            let server = three_pages().await;
            let client = DynamoDb::new(&configuration_at(&server.uri()));
            let query = client.query().table_name("table");
            assert_eq!(count_items(&client, query, most).await.unwrap(), count);
            assert_eq!(calls(&server).await, pages, "{most}");
        }
    }
}
