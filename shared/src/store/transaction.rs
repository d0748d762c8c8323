//! Several writes that happen all or not at all.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use tokio::time::sleep;

use crate::store::failure::StoreFailure;

/// Why a transaction is cancelled because of another writer: what it expects is not there.
const UNEXPECTED: &str = "ConditionalCheckFailed";
/// Or it is being written. The version of a client's configuration is in every change of it, so that two changes at once
/// meet, whatever they change: one of them waits.
const CONFLICT: &str = "TransactionConflict";
/// So often a transaction is tried while others are under way.
const MOST_TRIES: u32 = 6;
/// Its first wait is at most so long, each further one at most twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_millis(20);

/// One write of several. Each table makes its own; who owns the main one writes them together.
#[derive(Debug, Clone)]
pub struct Part(TransactWriteItem);

impl From<Put> for Part {
    fn from(put: Put) -> Self {
        Self(TransactWriteItem::builder().put(put).build())
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

/// Writes all of it; `false` if another writer was faster with any of it.
pub(super) async fn write(
    client: &Client,
    parts: impl IntoIterator<Item = Part>,
) -> Result<bool, StoreFailure> {
    let items: Vec<TransactWriteItem> = parts.into_iter().map(|part| part.0).collect();
    let mut wait = FIRST_WAIT;
    for tried in 1..=MOST_TRIES {
        let written = client
            .transact_write_items()
            .set_transact_items(Some(items.clone()))
            .send()
            .await;
        let cancelled = match written.map_err(SdkError::into_service_error) {
            Ok(_) => return Ok(true),
            Err(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled,
            Err(error) => return Err(StoreFailure::Unavailable(error.into())),
        };
        let is_because = |reason: &str| is_because(&cancelled, reason);
        if is_because(UNEXPECTED) {
            return Ok(false);
        }
        if !is_because(CONFLICT) {
            return Err(StoreFailure::Unavailable(cancelled.into()));
        }
        if tried < MOST_TRIES {
            sleep(wait.mul_f64(fastrand::f64())).await;
            wait *= 2;
        }
    }
    Ok(false)
}

fn is_because(cancelled: &TransactionCanceledException, reason: &str) -> bool {
    let reasons = cancelled.cancellation_reasons().iter();
    reasons
        .filter_map(|found| found.code())
        .any(|found| found == reason)
}
