//! Reads of items from several tables. Each table creates its own request and takes its own items; the owner of the main
//! table reads.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use futures::future::ready;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::time::sleep;

use crate::aws::DynamoDb;
use crate::store::failure::StoreFailure;
use crate::store::items::attributes;
use crate::store::keys::Key;

/// The maximum number of keys of a read.
pub(super) const MOST_KEYS: usize = 100;
/// How many reads are made at once.
const READS_AT_ONCE: usize = 8;
/// The pauses before a read asks for the keys that DynamoDB did not process: it leaves some out under load.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
];

type Item = HashMap<String, AttributeValue>;

/// The read request of one table.
#[derive(Debug)]
pub struct Wanted {
    pub(super) table: String,
    pub(super) keys: KeysAndAttributes,
}

impl Wanted {
    /// The request for these different keys of a table, with all attributes or those of a projection.
    pub(super) fn new(
        table: &str,
        keys: &[Key],
        projection: Option<&str>,
        consistently: bool,
    ) -> Result<Self, StoreFailure> {
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys.iter().map(attributes).collect()))
            .set_projection_expression(projection.map(ToOwned::to_owned))
            .set_consistent_read(consistently.then_some(true))
            .build()?;
        Ok(Self {
            table: table.to_owned(),
            keys,
        })
    }
}

/// The items of a read.
#[derive(Debug, Default)]
pub struct Found {
    tables: HashMap<String, Vec<Item>>,
}

impl Found {
    /// The items of a table, in no particular order.
    pub(super) fn of(&mut self, table: &str) -> Vec<Item> {
        self.tables.remove(table).unwrap_or_default()
    }

    fn add(&mut self, tables: HashMap<String, Vec<Item>>) {
        if self.tables.is_empty() {
            self.tables = tables;
            return;
        }
        for (table, items) in tables {
            self.tables.entry(table).or_default().extend(items);
        }
    }
}

/// Reads all items, or fails.
pub(super) async fn read(
    client: &DynamoDb,
    wanted: impl IntoIterator<Item = Wanted>,
) -> Result<Found, StoreFailure> {
    let wanted = wanted.into_iter();
    let mut wanted: HashMap<_, _> = wanted.map(|Wanted { table, keys }| (table, keys)).collect();
    let mut found = Found::default();
    let mut pauses = PAUSES.iter();
    loop {
        let read = client.batch_get_item().set_request_items(Some(wanted));
        let answer = client.send(read).await?;
        found.add(answer.responses.unwrap_or_default());
        wanted = answer.unprocessed_keys.unwrap_or_default();
        if wanted.is_empty() {
            return Ok(found);
        }
        let pause = pauses.next().ok_or(StoreFailure::Incomplete)?;
        sleep(*pause).await;
    }
}

/// Makes several reads, and returns the items of all.
pub(super) async fn read_each(
    client: &DynamoDb,
    reads: Vec<Vec<Wanted>>,
) -> Result<Found, StoreFailure> {
    stream::iter(reads)
        .map(|wanted| read(client, wanted))
        .buffer_unordered(READS_AT_ONCE)
        .try_fold(Found::default(), |mut all, found| {
            all.add(found.tables);
            ready(Ok(all))
        })
        .await
}

/// Reads the items of one table under any number of different keys.
pub(super) async fn read_all(
    client: &DynamoDb,
    table: &str,
    keys: &[Key],
    projection: Option<&str>,
    consistently: bool,
) -> Result<Vec<Item>, StoreFailure> {
    let reads = keys.chunks(MOST_KEYS).map(|keys| {
        let wanted = Wanted::new(table, keys, projection, consistently)?;
        Ok(vec![wanted])
    });
    let reads = reads.collect::<Result<_, StoreFailure>>()?;
    Ok(read_each(client, reads).await?.of(table))
}

#[cfg(test)]
mod tests;
