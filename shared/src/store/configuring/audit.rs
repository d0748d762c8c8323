//! The table of configuration changes, by client and time. A change and its audit entry are written in one transaction,
//! so that no change lacks an entry.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, Put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::to_item;

use crate::aws::DynamoDb;
use crate::domain::audit::{AuditEntry, Change};
use crate::domain::client::Caller;
use crate::domain::delivery::instant;
use crate::domain::text::ClientId;
use crate::store::cursor::NotACursor;
use crate::store::failure::StoreFailure;
use crate::store::items::from_items;
use crate::store::transaction::{self, Part};

/// A year and a day, so that a full year can always be read.
const KEPT: Duration = Duration::from_hours(366 * 24);
/// The maximum number of changes per page.
const PAGE: i32 = 50;
/// Digits of a time in a key: enough until the year 2286, and sorted correctly until then.
const TIME_DIGITS: usize = 13;

/// The table.
#[derive(Debug, Clone)]
pub struct AuditLog {
    client: DynamoDb,
    table: String,
}

/// A page of the log, newest change first.
#[derive(Debug)]
pub struct AuditPage {
    /// The changes.
    pub entries: Vec<AuditEntry>,
    /// The cursor of the next page; absent at the end.
    pub cursor: Option<AuditCursor>,
}

/// The end of a page: the key of its last change, without the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCursor(String);

impl std::str::FromStr for AuditCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        if text.len() > TIME_DIGITS && text.len() < 64 && text.bytes().all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotACursor)
        }
    }
}

impl std::fmt::Display for AuditCursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct AuditItem {
    client_id: ClientId,
    change_id: String,
    /// In epoch milliseconds.
    at: i64,
    key_id: String,
    #[serde(flatten)]
    change: Change,
    /// In epoch seconds.
    expires_at: i64,
}

impl AuditLog {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The audit entry of a caller's change. It is written together with the change.
    pub fn record(
        &self,
        caller: &Caller,
        change: Change,
        now: Timestamp,
    ) -> Result<Part, StoreFailure> {
        let at = now.as_millisecond();
        let item = AuditItem {
            client_id: caller.client_id.clone(),
            change_id: format!("{}-{:016x}", time_key(at), fastrand::u64(..)),
            at,
            key_id: caller.key_id.clone(),
            change,
            expires_at: now.as_second().saturating_add_unsigned(KEPT.as_secs()),
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression("attribute_not_exists(changeId)")
            .build()?;
        Ok(put.into())
    }

    /// Writes an entry about something that changes nothing else.
    pub async fn keep(&self, entry: Part) -> Result<(), StoreFailure> {
        transaction::write(&self.client, [entry]).await?;
        Ok(())
    }

    /// A client's changes since a time, newest first.
    pub async fn of(
        &self,
        client_id: &ClientId,
        since: Option<Timestamp>,
        cursor: Option<&AuditCursor>,
    ) -> Result<AuditPage, StoreFailure> {
        let since = since.map_or(0, Timestamp::as_millisecond);
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let start = cursor.map(|cursor| {
            HashMap::from([
                ("clientId".to_owned(), text(client_id.as_str())),
                ("changeId".to_owned(), text(&cursor.0)),
            ])
        });
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client AND changeId >= :since")
            .expression_attribute_values(":client", text(client_id.as_str()))
            .expression_attribute_values(":since", AttributeValue::S(time_key(since)))
            .scan_index_forward(false)
            .limit(PAGE)
            .set_exclusive_start_key(start);
        let found = self.client.send(query).await?;
        let is_last = found.last_evaluated_key.is_none();
        let items: Vec<AuditItem> = from_items(found.items.unwrap_or_default())?;
        let last = items.last().map(|item| AuditCursor(item.change_id.clone()));
        Ok(AuditPage {
            cursor: last.filter(|_| !is_last),
            entries: items.into_iter().map(AuditEntry::from).collect(),
        })
    }
}

impl From<AuditItem> for AuditEntry {
    fn from(item: AuditItem) -> Self {
        Self {
            at: instant(item.at),
            key_id: item.key_id,
            change: item.change,
        }
    }
}

/// A time whose text sorts like the number.
fn time_key(at: i64) -> String {
    format!("{:0TIME_DIGITS$}", at.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_text() {
        let times = [0, 1, 999, 1_800_000_000_000, 9_999_999_999_999];
        let keys: Vec<String> = times.into_iter().map(time_key).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(time_key(-5), time_key(0));
    }

    #[test]
    fn a_cursor_is_the_key_of_the_last_change() {
        let cursor = "1800000000000-00000000000000ff";
        assert_eq!(cursor.parse::<AuditCursor>().unwrap().to_string(), cursor);
        for wrong in ["", "1", "1800000000000-x", &"1".repeat(64)] {
            assert_eq!(wrong.parse::<AuditCursor>(), Err(NotACursor), "{wrong}");
        }
    }
}
