//! Several writes that happen completely or not at all.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};

use crate::store::failure::StoreFailure;

/// Cancellation reasons that another writer causes: the condition failed, or the item is being written.
const OTHERS: [&str; 2] = ["ConditionalCheckFailed", "TransactionConflict"];

/// One write of a transaction. Each table creates its own; the owner of the main table writes them together.
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

/// Writes all parts; `false` if another writer was faster with any of them.
pub(super) async fn write(
    client: &Client,
    parts: impl IntoIterator<Item = Part>,
) -> Result<bool, StoreFailure> {
    let items: Vec<TransactWriteItem> = parts.into_iter().map(|part| part.0).collect();
    let written = client
        .transact_write_items()
        .set_transact_items(Some(items))
        .send()
        .await;
    match written.map_err(SdkError::into_service_error) {
        Ok(_) => Ok(true),
        Err(TransactWriteItemsError::TransactionCanceledException(cancelled))
            if cancelled
                .cancellation_reasons()
                .iter()
                .filter_map(|reason| reason.code())
                .any(|code| OTHERS.contains(&code)) =>
        {
            Ok(false)
        }
        Err(error) => Err(StoreFailure::Unavailable(error.into())),
    }
}
