//! The table of API keys: the hash of a key leads to its client and scopes.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, to_item};

use crate::domain::client::{Caller, Scope};
use crate::domain::text::ClientId;
use crate::store::cached::Cached;
use crate::store::failure::StoreFailure;
use crate::store::keys::api_key_hash;

/// The table.
#[derive(Debug)]
pub struct ApiKeys {
    client: Client,
    table: String,
    known: Cached<String, Caller>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
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
    /// The table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self {
            client,
            table,
            known: Cached::default(),
        }
    }

    /// Who calls with this key.
    pub async fn caller(
        &self,
        api_key: &str,
        now: Timestamp,
    ) -> Result<Option<Caller>, StoreFailure> {
        let key_hash = api_key_hash(api_key);
        if let Some(caller) = self.known.get(&key_hash) {
            return Ok(Some(caller));
        }
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("keyHash", AttributeValue::S(key_hash.clone()))
            .send()
            .await?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        let item: Item = from_item(item)?;
        if item.expires_at.is_some_and(|expiry| expiry <= now) {
            return Ok(None);
        }
        let caller = Caller {
            client_id: item.client_id,
            key_id: item.key_id,
            scopes: item.scopes,
        };
        self.known.put(key_hash, caller.clone());
        Ok(Some(caller))
    }

    /// Stores a new key of a client. The key itself is not kept.
    pub async fn add(
        &self,
        api_key: &str,
        label: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), StoreFailure> {
        let item = Item {
            key_hash: api_key_hash(api_key),
            key_id: caller.key_id.clone(),
            client_id: caller.client_id.clone(),
            label: label.to_owned(),
            scopes: caller.scopes.clone(),
            created_at: now,
            expires_at: None,
        };
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression("attribute_not_exists(keyHash)")
            .send()
            .await?;
        Ok(())
    }
}
