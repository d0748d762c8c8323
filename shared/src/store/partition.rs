//! Reads whole partitions of a table with two key attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::DynamoDb;
use crate::store::failure::StoreFailure;

/// All items of a partition, in the order of their sort keys. The caller may have just written one.
pub(super) async fn whole_partition(
    client: &DynamoDb,
    table: &str,
    partition: String,
) -> Result<Vec<HashMap<String, AttributeValue>>, StoreFailure> {
    let mut items = Vec::new();
    let mut start = None;
    loop {
        let page = client
            .query()
            .table_name(table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition.clone()))
            .consistent_read(true)
            .set_exclusive_start_key(start)
            .send()
            .await?;
        items.extend(page.items.unwrap_or_default());
        start = page.last_evaluated_key;
        if start.is_none() {
            return Ok(items);
        }
    }
}
