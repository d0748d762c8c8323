//! The table of the days on which API keys were last used.
//!
//! This is a separate table, so that a function that only records uses cannot change keys. A key costs one write per
//! day and instance; on the same day, writes of further instances change nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_dynamo::to_item;

use crate::aws::DynamoDb;
use crate::domain::client::Caller;
use crate::domain::text::ClientId;
use crate::store::failure::StoreFailure;
use crate::store::items::from_items;
use crate::store::pages::all_items;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;
/// A key that was not used for this many days is shown as unused.
const KEPT_DAYS: i64 = 400;
/// More keys than an instance meets in a day. Above this limit, days are recorded again.
const MOST_REMEMBERED: usize = 1024;

/// The table.
#[derive(Debug)]
pub struct KeyUses {
    client: DynamoDb,
    table: String,
    /// By key id: the last recorded day.
    noted: Mutex<HashMap<String, i64>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct KeyUseItem {
    client_id: ClientId,
    key_id: String,
    /// Days since 1970, in UTC: a number, so that recording it needs no calendar.
    last_used_day: i64,
    /// In epoch seconds; DynamoDB removes the item then.
    expires_at: i64,
}

impl KeyUses {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self {
            client,
            table,
            noted: Mutex::default(),
        }
    }

    /// Records that a key was used on this day, unless this instance already did.
    pub(in crate::store) async fn note(
        &self,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), StoreFailure> {
        let today = now.as_second().div_euclid(SECONDS_OF_A_DAY);
        if !self.is_new(&caller.key_id, today) {
            return Ok(());
        }
        let item = KeyUseItem {
            client_id: caller.client_id.clone(),
            key_id: caller.key_id.clone(),
            last_used_day: today,
            expires_at: (today + KEPT_DAYS) * SECONDS_OF_A_DAY,
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression("attribute_not_exists(lastUsedDay) OR lastUsedDay < :today")
            .expression_attribute_values(":today", AttributeValue::N(today.to_string()));
        match self
            .client
            .send(put)
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(_) | Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    fn is_new(&self, key_id: &str, today: i64) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= MOST_REMEMBERED {
            noted.clear();
        }
        noted.insert(key_id.to_owned(), today) != Some(today)
    }

    /// The last use of each key of a client, by key id.
    pub async fn of_client(
        &self,
        client_id: &ClientId,
    ) -> Result<HashMap<String, Date>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()));
        let found = all_items(&self.client, query).await?;
        let items: Vec<KeyUseItem> = from_items(found)?;
        let used = |item: KeyUseItem| Some((item.key_id, date(item.last_used_day)?));
        Ok(items.into_iter().filter_map(used).collect())
    }
}

/// The date of a day since 1970; `None` if it is outside the calendar.
fn date(day: i64) -> Option<Date> {
    let begin = day.checked_mul(SECONDS_OF_A_DAY)?;
    let begin = Timestamp::from_second(begin).ok()?;
    Some(begin.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_date_in_utc() {
        let told = |day| date(day).map(|date| date.to_string());
        assert_eq!(told(0).unwrap(), "1970-01-01");
        assert_eq!(told(-1).unwrap(), "1969-12-31");
        assert_eq!(told(20_778).unwrap(), "2026-11-21");
        assert_eq!(told(i64::MAX), None);
    }
}
