//! The table of API keys: the hash of a key gives its client and scopes; the index `ofClient` gives the keys of a
//! client.
//!
//! A revoked or expired key stops working within a minute, which is how long an instance caches what it read. Missing
//! keys are cached too, but separately: a repeated key costs no read whether it exists or not, so response times do not
//! reveal which keys exist.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_dynamo::to_item;

use crate::aws::DynamoDb;
use crate::domain::client::{ApiKey, Caller, Scope};
use crate::domain::text::{ClientId, KeyId};
use crate::domain::throttle::{Buckets, Rate};
use crate::store::cached::Cached;
use crate::store::configuring::key_uses::KeyUses;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, from_items};
use crate::store::keys::api_key_hash;
use crate::store::transaction::{self, Part};

const OF_CLIENT: &str = "ofClient";
const ABSENT: &str = "attribute_not_exists(keyHash)";
/// The maximum number of keys per page.
const PAGE: i32 = 50;

/// A page of a client's keys.
#[derive(Debug)]
pub struct KeyPage {
    /// The keys.
    pub keys: Vec<ApiKey>,
    /// The id of the last one, if there may be more after it.
    pub next: Option<String>,
}

/// The table, the table of last uses, and this instance's rate limit of each client.
#[derive(Debug)]
pub struct ApiKeys {
    client: DynamoDb,
    table: String,
    uses: KeyUses,
    known: Cached<String, Caller>,
    /// Callers by client and key id, for sessions of the console.
    named: Cached<(ClientId, String), Caller>,
    /// Hashes without a key. Separate, so that a flood of invented keys does not displace real ones.
    unknown: Cached<String, ()>,
    buckets: Mutex<Buckets>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct ApiKeyItem {
    key_hash: String,
    key_id: String,
    client_id: ClientId,
    label: String,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

impl ApiKeys {
    /// The table with this name, the table of uses, and the rate limit of a client at this instance.
    pub fn new(client: DynamoDb, table: String, uses_table: String, rate: Rate) -> Self {
        Self {
            uses: KeyUses::new(client.clone(), uses_table),
            client,
            table,
            known: Cached::default(),
            named: Cached::default(),
            unknown: Cached::default(),
            buckets: Mutex::new(Buckets::new(rate)),
        }
    }

    /// The caller with this key. Records the use.
    pub async fn caller(
        &self,
        api_key: &str,
        now: Timestamp,
    ) -> Result<Option<Caller>, StoreFailure> {
        let key_hash = api_key_hash(api_key);
        if self.unknown.get(&key_hash).is_some() {
            return Ok(None);
        }
        let read = async || self.read(&key_hash).await;
        let known = self.known.find(&key_hash, read).await?;
        let Some(caller) = known.filter(|caller| !is_expired(caller, now)) else {
            self.unknown.put(key_hash, ());
            return Ok(None);
        };
        self.note_use(&caller, now).await;
        Ok(Some(caller))
    }

    /// The caller whose key has this id; a session of the console names it so. Revoked and expired keys end as for
    /// [`Self::caller`]. Records the use.
    pub async fn caller_named(
        &self,
        client_id: &ClientId,
        key_id: &str,
        now: Timestamp,
    ) -> Result<Option<Caller>, StoreFailure> {
        let name = (client_id.clone(), key_id.to_owned());
        let read = async || {
            let item = self.item_named(client_id, key_id).await;
            item.map(|item| item.map(Caller::from))
        };
        let known = self.named.find(&name, read).await?;
        let Some(caller) = known.filter(|caller| !is_expired(caller, now)) else {
            return Ok(None);
        };
        self.note_use(&caller, now).await;
        Ok(Some(caller))
    }

    /// Takes one request from the client's rate limit for this class of routes; the error says how long to wait.
    pub fn admit(&self, caller: &Caller, class: Scope) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(&caller.client_id, class, Instant::now())
    }

    async fn read(&self, key_hash: &str) -> Result<Option<Caller>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("keyHash", AttributeValue::S(key_hash.to_owned()));
        let found = self.client.send(read).await?;
        let item: Option<ApiKeyItem> = found.item.map(from_item).transpose()?;
        Ok(item.map(Caller::from))
    }

    async fn item_named(
        &self,
        client_id: &ClientId,
        key_id: &str,
    ) -> Result<Option<ApiKeyItem>, StoreFailure> {
        let query = self
            .query(client_id, "clientId = :client AND keyId = :key")
            .expression_attribute_values(":key", AttributeValue::S(key_id.to_owned()));
        let found = self.client.send(query).await?;
        let mut items: Vec<ApiKeyItem> = from_items(found.items.unwrap_or_default())?;
        Ok(items.pop())
    }

    /// A use that cannot be recorded is no reason to refuse it.
    async fn note_use(&self, caller: &Caller, now: Timestamp) {
        if let Err(failure) = self.uses.note(caller, now).await {
            tracing::warn!(
                key_id = caller.key_id,
                error = crate::telemetry::chain(&failure),
                "use of an API key not recorded"
            );
        }
    }

    /// Stores a client's new key with its audit entry. The key itself is not stored.
    pub async fn save(
        &self,
        api_key: &SecretString,
        client_id: &ClientId,
        described: &ApiKey,
        recorded: Part,
    ) -> Result<(), StoreFailure> {
        let item = ApiKeyItem::new(api_key.expose_secret(), client_id, described);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression(ABSENT)
            .build()?;
        if transaction::write(&self.client, [put.into(), recorded]).await? {
            Ok(())
        } else {
            Err(StoreFailure::Contended)
        }
    }

    /// A client's keys after an id, oldest first, with the day of their last use. Expired keys are included.
    pub async fn page(
        &self,
        client_id: &ClientId,
        after: Option<&KeyId>,
    ) -> Result<KeyPage, StoreFailure> {
        let query = match after {
            None => self.query(client_id, "clientId = :client"),
            Some(after) => self
                .query(client_id, "clientId = :client AND keyId > :after")
                .expression_attribute_values(":after", AttributeValue::S(after.to_string())),
        };
        let found = self.client.send(query.limit(PAGE)).await?;
        let is_last = found.last_evaluated_key.is_none();
        let items: Vec<ApiKeyItem> = from_items(found.items.unwrap_or_default())?;
        let used = self.uses.of_client(client_id).await?;
        let key = |item| {
            let key = ApiKey::from(item);
            ApiKey {
                last_used_on: used.get(&key.id).copied(),
                ..key
            }
        };
        let keys: Vec<_> = items.into_iter().map(key).collect();
        let last = keys.last().map(|key| key.id.clone());
        Ok(KeyPage {
            next: last.filter(|_| !is_last),
            keys,
        })
    }

    /// Removes a client's key, with its audit entry; `false` if no key has that id.
    pub async fn revoke(
        &self,
        client_id: &ClientId,
        key_id: &str,
        recorded: Part,
    ) -> Result<bool, StoreFailure> {
        let Some(item) = self.item_named(client_id, key_id).await? else {
            return Ok(false);
        };
        let delete = Delete::builder()
            .table_name(&self.table)
            .key("keyHash", AttributeValue::S(item.key_hash.clone()))
            .condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .build()?;
        let deleted = transaction::write(&self.client, [delete.into(), recorded]).await;
        self.known.forget(&item.key_hash);
        self.named.forget(&(item.client_id, item.key_id));
        deleted
    }

    fn query(&self, client_id: &ClientId, condition: &str) -> QueryInputBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .index_name(OF_CLIENT)
            .key_condition_expression(condition)
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
    }
}

/// Stores a client's first key, which no other key created. The key itself is not stored.
pub async fn add_first(
    client: &DynamoDb,
    table: &str,
    api_key: &SecretString,
    client_id: &ClientId,
    described: &ApiKey,
) -> Result<(), StoreFailure> {
    let item = ApiKeyItem::new(api_key.expose_secret(), client_id, described);
    let put = client
        .put_item()
        .table_name(table)
        .set_item(Some(to_item(item)?))
        .condition_expression(ABSENT);
    client.send(put).await?;
    Ok(())
}

fn is_expired(caller: &Caller, now: Timestamp) -> bool {
    caller.expires_at.is_some_and(|expiry| expiry <= now)
}

impl From<ApiKeyItem> for Caller {
    fn from(item: ApiKeyItem) -> Self {
        Self {
            client_id: item.client_id,
            key_id: item.key_id,
            scopes: item.scopes,
            expires_at: item.expires_at,
        }
    }
}

impl ApiKeyItem {
    fn new(api_key: &str, client_id: &ClientId, described: &ApiKey) -> Self {
        Self {
            key_hash: api_key_hash(api_key),
            key_id: described.id.clone(),
            client_id: client_id.clone(),
            label: described.label.clone(),
            scopes: described.scopes.clone(),
            created_at: described.created_at,
            expires_at: described.expires_at,
        }
    }
}

impl From<ApiKeyItem> for ApiKey {
    fn from(item: ApiKeyItem) -> Self {
        Self {
            id: item.key_id,
            label: item.label,
            scopes: item.scopes,
            created_at: item.created_at,
            expires_at: item.expires_at,
            last_used_on: None,
        }
    }
}
