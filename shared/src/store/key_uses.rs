//! The table of the days on which API keys were last used.
//!
//! A table of its own, so that a function that merely notes a use may not change a key. A key costs one write for each
//! day and instance that meets it; on the same day further instances' writes change nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_items, to_item};

use crate::domain::client::Caller;
use crate::domain::text::ClientId;
use crate::store::failure::StoreFailure;

/// A key that nobody used for so long is shown as one that nobody used.
const KEPT_DAYS: i64 = 400;
/// More keys than one instance meets in a day; beyond them the days are noted once more.
const MOST_REMEMBERED: usize = 1024;

/// The table.
#[derive(Debug)]
pub struct KeyUses {
    client: Client,
    table: String,
    /// By key id: the day that was noted last.
    noted: Mutex<HashMap<String, Date>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    client_id: ClientId,
    key_id: String,
    /// In UTC.
    last_used_on: Date,
    /// In epoch seconds; the table's time to live removes it then.
    expires_at: i64,
}

impl KeyUses {
    /// The table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self {
            client,
            table,
            noted: Mutex::default(),
        }
    }

    /// Notes that a key was used on this day, unless this instance did so before.
    pub(super) async fn note(&self, caller: &Caller, now: Timestamp) -> Result<(), StoreFailure> {
        let today = now.to_zoned(TimeZone::UTC).date();
        if !self.is_new(&caller.key_id, today) {
            return Ok(());
        }
        let end = now.checked_add((KEPT_DAYS * 24).hours());
        let item = Item {
            client_id: caller.client_id.clone(),
            key_id: caller.key_id.clone(),
            last_used_on: today,
            expires_at: end.unwrap_or(Timestamp::MAX).as_second(),
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression("attribute_not_exists(lastUsedOn) OR lastUsedOn < :today")
            .expression_attribute_values(":today", AttributeValue::S(today.to_string()));
        match put.send().await.map_err(SdkError::into_service_error) {
            Ok(_) | Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }

    fn is_new(&self, key_id: &str, today: Date) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= MOST_REMEMBERED {
            noted.clear();
        }
        noted.insert(key_id.to_owned(), today) != Some(today)
    }

    /// When each key of a client was last used, by its id.
    pub async fn of_client(
        &self,
        client_id: &ClientId,
    ) -> Result<HashMap<String, Date>, StoreFailure> {
        let found: Vec<_> = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .into_paginator()
            .items()
            .send()
            .collect::<Result<_, _>>()
            .await?;
        let items: Vec<Item> = from_items(found)?;
        let used = |item: Item| (item.key_id, item.last_used_on);
        Ok(items.into_iter().map(used).collect())
    }
}
