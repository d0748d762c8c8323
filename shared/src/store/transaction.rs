//! Several writes that happen completely or not at all.

use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update,
};
use tokio::time::sleep;
use uuid::Uuid;

use crate::aws::DynamoDb;
use crate::store::failure::StoreFailure;

/// The cancellation reason if a condition failed because of another writer.
pub(super) const UNEXPECTED: &str = "ConditionalCheckFailed";
/// The cancellation reason if another transaction is writing the item. Every change of a client's configuration writes its
/// version, so two concurrent changes conflict, whatever they change: one of them waits.
const CONFLICT: &str = "TransactionConflict";
/// The maximum number of writes of a transaction.
pub(super) const MOST_WRITES: usize = 100;
/// How often a transaction is tried at most while it conflicts with others.
const MOST_TRIES: u32 = 6;
/// The maximum of the first wait; each further maximum is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(20);

/// One write of a transaction. Each table creates its own; the owner of the main table writes them together.
#[derive(Debug, Clone)]
pub struct Part(TransactWriteItem);

impl From<Put> for Part {
    fn from(put: Put) -> Self {
        Self(TransactWriteItem::builder().put(put).build())
    }
}

impl From<ConditionCheck> for Part {
    fn from(check: ConditionCheck) -> Self {
        let item = TransactWriteItem::builder().condition_check(check);
        Self(item.build())
    }
}

impl From<Delete> for Part {
    fn from(delete: Delete) -> Self {
        Self(TransactWriteItem::builder().delete(delete).build())
    }
}

impl From<Update> for Part {
    fn from(update: Update) -> Self {
        Self(TransactWriteItem::builder().update(update).build())
    }
}

/// Writes all parts; `false` if another writer was faster with any of them.
pub(super) async fn write(
    client: &DynamoDb,
    parts: impl IntoIterator<Item = Part>,
) -> Result<bool, StoreFailure> {
    let cancelled = write_or_say_why(client, parts).await?;
    Ok(cancelled.is_none())
}

/// Writes all parts; otherwise the reasons, one per part: a condition failed, or others kept writing the same items.
pub(super) async fn write_or_say_why(
    client: &DynamoDb,
    parts: impl IntoIterator<Item = Part>,
) -> Result<Option<Vec<CancellationReason>>, StoreFailure> {
    let items: Vec<TransactWriteItem> = parts.into_iter().map(|part| part.0).collect();
    let mut wait = FIRST_WAIT;
    let mut tried = 1;
    loop {
        let write = client.transact_write_items();
        let write = write
            .set_transact_items(Some(items.clone()))
            // A repeat of a write whose answer was lost is not a second write.
            .client_request_token(Uuid::now_v7().to_string());
        let cancelled = match client
            .send(write)
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(_) => return Ok(None),
            Err(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled,
            Err(error) => return Err(StoreFailure::unavailable(error)),
        };
        let is_because = |reason: &str| is_because(&cancelled, reason);
        let is_unexpected = is_because(UNEXPECTED);
        if !is_unexpected && !is_because(CONFLICT) {
            return Err(StoreFailure::unavailable(cancelled));
        }
        if is_unexpected || tried == MOST_TRIES {
            return Ok(Some(cancelled.cancellation_reasons.unwrap_or_default()));
        }
        sleep(wait.mul_f64(fastrand::f64())).await;
        wait *= 2;
        tried += 1;
    }
}

fn is_because(cancelled: &TransactionCanceledException, reason: &str) -> bool {
    let reasons = cancelled.cancellation_reasons().iter();
    reasons
        .filter_map(|found| found.code())
        .any(|found| found == reason)
}
