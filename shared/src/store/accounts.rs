//! The table of logistic accounts.

mod configured;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, CourierId, WarehouseCode};
use crate::store::cached::Cached;
use crate::store::failure::StoreFailure;

/// The table.
#[derive(Debug)]
pub struct Accounts {
    client: Client,
    table: String,
    known: Cached<(ClientId, AccountAlias), Arc<LogisticAccount>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    client_id: ClientId,
    alias: AccountAlias,
    aggregator: AggregatorName,
    region: Region,
    credentials: BTreeMap<String, String>,
    urls: BTreeMap<String, Url>,
    settings: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_courier: Option<CourierId>,
    notifications_enabled: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    warehouses: BTreeMap<WarehouseCode, BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    push_name: Option<String>,
}

impl Accounts {
    /// The table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self {
            client,
            table,
            known: Cached::default(),
        }
    }

    /// The client's account with that alias.
    pub async fn find(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
    ) -> Result<Option<Arc<LogisticAccount>>, StoreFailure> {
        let key = (client_id.clone(), alias.clone());
        if let Some(account) = self.known.get(&key) {
            return Ok(Some(account));
        }
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(client_id.to_string()))
            .key("alias", AttributeValue::S(alias.to_string()))
            .send()
            .await?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        let account = Arc::new(LogisticAccount::from(from_item::<_, Item>(item)?));
        self.known.put(key, account.clone());
        Ok(Some(account))
    }

    /// The client's only account; `None` when it has none or several.
    pub async fn only(
        &self,
        client_id: &ClientId,
    ) -> Result<Option<Arc<LogisticAccount>>, StoreFailure> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .limit(2)
            .send()
            .await?;
        let mut items: Vec<Item> = from_items(found.items.unwrap_or_default())?;
        let only = items.pop().filter(|_| items.is_empty());
        Ok(only.map(|item| Arc::new(item.into())))
    }

    /// Stores a new account.
    pub async fn add(&self, account: &LogisticAccount) -> Result<(), StoreFailure> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(Item::from(account))?))
            .condition_expression("attribute_not_exists(clientId)")
            .send()
            .await?;
        Ok(())
    }

    fn forget(&self, client_id: &ClientId, alias: &AccountAlias) {
        self.known.forget(&(client_id.clone(), alias.clone()));
    }
}

impl From<Item> for LogisticAccount {
    fn from(item: Item) -> Self {
        Self {
            client_id: item.client_id,
            alias: item.alias,
            aggregator: item.aggregator,
            region: item.region,
            credentials: item
                .credentials
                .into_iter()
                .map(|(name, value)| (name, SecretString::from(value)))
                .collect(),
            urls: item.urls,
            settings: item.settings,
            default_courier: item.default_courier,
            notifications_enabled: item.notifications_enabled,
            warehouses: item.warehouses,
            webhook_key: item.webhook_key.map(SecretString::from),
            push_name: item.push_name.map(SecretString::from),
        }
    }
}

impl From<&LogisticAccount> for Item {
    fn from(account: &LogisticAccount) -> Self {
        let exposed = |(name, value): (&String, &SecretString)| {
            (name.clone(), value.expose_secret().to_owned())
        };
        Self {
            client_id: account.client_id.clone(),
            alias: account.alias.clone(),
            aggregator: account.aggregator.clone(),
            region: account.region,
            credentials: account.credentials.iter().map(exposed).collect(),
            urls: account.urls.clone(),
            settings: account.settings.clone(),
            default_courier: account.default_courier.clone(),
            notifications_enabled: account.notifications_enabled,
            warehouses: account.warehouses.clone(),
            webhook_key: account
                .webhook_key
                .as_ref()
                .map(|key| key.expose_secret().to_owned()),
            push_name: account
                .push_name
                .as_ref()
                .map(|name| name.expose_secret().to_owned()),
        }
    }
}
