//! What notifications and other messages share in their table: each is stored once, with its deliveries next to it.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::aws::DynamoDb;
use crate::domain::text::EndpointId;
use crate::store::batch_read;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item, key_of};
use crate::store::keys::Key;
use crate::store::message_keys::MessageKey;

/// Puts an item unless its key exists; returns the existing item. `is_own` tells whether an existing item is the one
/// that this call wrote: the response to a write can get lost, and the SDK repeats the write.
pub(in crate::store) async fn put_once<T: Serialize + DeserializeOwned>(
    client: &DynamoDb,
    table: &str,
    key: &Key,
    value: &T,
    is_own: impl FnOnce(&T) -> bool,
) -> Result<Option<T>, StoreFailure> {
    let put = client
        .put_item()
        .table_name(table)
        .set_item(Some(item(key, value)?))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    match client
        .put_new(put)
        .await
        .map_err(SdkError::into_service_error)
    {
        Ok(_) => Ok(None),
        Err(PutItemError::ConditionalCheckFailedException(met)) => {
            let met = met.item.ok_or(StoreFailure::MissingItem)?;
            let met: T = from_item(met)?;
            Ok((!is_own(&met)).then_some(met))
        }
        Err(error) => Err(StoreFailure::unavailable(error)),
    }
}

/// Adds endpoints to those that a message was queued for. Two simultaneous repeats of its cause may both add them.
pub(in crate::store) async fn send_to_more(
    client: &DynamoDb,
    table: &str,
    key: &MessageKey,
    endpoints: &[EndpointId],
) -> Result<(), StoreFailure> {
    let ids = endpoints.iter().map(|id| AttributeValue::S(id.to_string()));
    let update = client
        .update_item()
        .table_name(table)
        .set_key(Some(attributes(&key.key())))
        .update_expression("SET sentTo = list_append(if_not_exists(sentTo, :none), :more)")
        // It may have expired meanwhile.
        .condition_expression("attribute_exists(pk)")
        .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
        .expression_attribute_values(":more", AttributeValue::L(ids.collect()));
    client.send(update).await?;
    Ok(())
}

/// The endpoints for which a delivery of a message has a record.
pub(in crate::store) async fn delivered_to(
    client: &DynamoDb,
    table: &str,
    key: &MessageKey,
) -> Result<Vec<String>, StoreFailure> {
    let deliveries = key.deliveries();
    let query = client
        .query()
        .table_name(table)
        .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
        .expression_attribute_values(":pk", AttributeValue::S(deliveries.pk))
        .expression_attribute_values(":sk", AttributeValue::S(deliveries.sk.clone()))
        .projection_expression("sk")
        .consistent_read(true);
    let found = client.send(query).await?;
    let endpoint = |item: &HashMap<String, AttributeValue>| {
        item.get("sk")?
            .as_s()
            .ok()?
            .strip_prefix(&deliveries.sk)
            .map(str::to_owned)
    };
    Ok(found.items().iter().filter_map(endpoint).collect())
}

/// Those of these different deliveries that have a record, with as few reads as possible.
pub(in crate::store) async fn recorded(
    client: &DynamoDb,
    table: &str,
    deliveries: &[Key],
) -> Result<BTreeSet<Key>, StoreFailure> {
    let found = batch_read::read_all(client, table, deliveries, Some("pk, sk"), true).await?;
    Ok(found.iter().map(key_of).collect())
}
