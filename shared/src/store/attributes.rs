//! Times and numbers as attributes, and updates that hold only on a condition.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::aws::DynamoDb;
use crate::store::failure::StoreFailure;

/// A time, to the millisecond.
pub(super) fn millisecond(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_millisecond().to_string())
}

/// A number.
pub(super) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The time of a stored millisecond.
pub(super) fn instant(millisecond: i64) -> Result<Timestamp, StoreFailure> {
    let instant = Timestamp::from_millisecond(millisecond);
    instant.map_err(|error| StoreFailure::CorruptBody(error.into()))
}

/// Updates; `false` if the condition fails.
pub(super) async fn written(
    client: &DynamoDb,
    update: UpdateItemInputBuilder,
) -> Result<bool, StoreFailure> {
    match client
        .send(update)
        .await
        .map_err(SdkError::into_service_error)
    {
        Ok(_) => Ok(true),
        Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
        Err(error) => Err(StoreFailure::unavailable(error)),
    }
}
