//! The table of logistic accounts.

mod configured;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::domain::proof::{KnownSecret, PushProofs};
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, CourierId, WarehouseCode};
use crate::sealing::place::Kind;
use crate::sealing::sealed::Sealed;
use crate::sealing::vault::Vault;
use crate::store::cached::Cached;
use crate::store::failure::StoreFailure;
use crate::store::secrets::{CREDENTIALS, PUSH_NAME, Secrets};

/// The table.
#[derive(Debug)]
pub struct Accounts {
    client: Client,
    table: String,
    secrets: Secrets,
    known: Cached<(ClientId, AccountAlias), Arc<LogisticAccount>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    client_id: ClientId,
    alias: AccountAlias,
    aggregator: AggregatorName,
    region: Region,
    credentials: BTreeMap<String, Sealed>,
    urls: BTreeMap<String, Url>,
    settings: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_courier: Option<CourierId>,
    notifications_enabled: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    warehouses: BTreeMap<WarehouseCode, BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook_key: Option<KnownSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_proof: Option<KnownSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    push_name: Option<Sealed>,
}

impl Accounts {
    /// The table of that name, whose credentials this vault seals and opens.
    pub fn new(client: Client, table: String, vault: Arc<Vault>) -> Self {
        Self::with(client, table, Secrets::of(Kind::Account, vault))
    }

    /// The table of that name for who needs no credentials: its accounts have none.
    pub fn without_secrets(client: Client, table: String) -> Self {
        Self::with(client, table, Secrets::closed(Kind::Account))
    }

    fn with(client: Client, table: String, secrets: Secrets) -> Self {
        Self {
            client,
            table,
            secrets,
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
        self.known
            .find(&key, async || self.fetch(client_id, alias).await)
            .await
    }

    async fn fetch(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
    ) -> Result<Option<Arc<LogisticAccount>>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(client_id.to_string()))
            .key("alias", AttributeValue::S(alias.to_string()))
            .send()
            .await?;
        match found.item {
            Some(item) => Ok(Some(Arc::new(self.account(from_item(item)?).await?))),
            None => Ok(None),
        }
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
        match items.pop().filter(|_| items.is_empty()) {
            Some(only) => Ok(Some(Arc::new(self.account(only).await?))),
            None => Ok(None),
        }
    }

    /// Stores a new account.
    pub async fn add(&self, account: &LogisticAccount) -> Result<(), StoreFailure> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(self.item(account).await?)?))
            .condition_expression("attribute_not_exists(clientId)")
            .send()
            .await?;
        Ok(())
    }

    fn forget(&self, client_id: &ClientId, alias: &AccountAlias) {
        self.known.forget(&(client_id.clone(), alias.clone()));
    }

    async fn account(&self, item: Item) -> Result<LogisticAccount, StoreFailure> {
        let (client, alias) = (item.client_id.as_str(), item.alias.as_str());
        let opener = self.secrets.opener(client, alias).await?;
        let (credentials, push_name) = match opener {
            Some(opener) => {
                let push_name = item.push_name.as_ref();
                let push_name = push_name.map(|name| opener.open(PUSH_NAME, name));
                let credentials = opener.open_named(CREDENTIALS, &item.credentials)?;
                (credentials, push_name.transpose()?)
            }
            None => (BTreeMap::new(), None),
        };
        Ok(LogisticAccount {
            client_id: item.client_id,
            alias: item.alias,
            aggregator: item.aggregator,
            region: item.region,
            credentials,
            urls: item.urls,
            settings: item.settings,
            default_courier: item.default_courier,
            notifications_enabled: item.notifications_enabled,
            warehouses: item.warehouses,
            proofs: PushProofs {
                webhook_key: item.webhook_key,
                body: item.body_proof,
            },
            push_name,
        })
    }

    async fn item(&self, account: &LogisticAccount) -> Result<Item, StoreFailure> {
        let (client, alias) = (account.client_id.as_str(), account.alias.as_str());
        let sealer = self.secrets.sealer(client, alias).await?;
        let push_name = account.push_name.as_ref();
        let push_name = push_name.map(|name| sealer.seal(PUSH_NAME, name));
        Ok(Item {
            client_id: account.client_id.clone(),
            alias: account.alias.clone(),
            aggregator: account.aggregator.clone(),
            region: account.region,
            credentials: sealer.seal_named(CREDENTIALS, &account.credentials)?,
            urls: account.urls.clone(),
            settings: account.settings.clone(),
            default_courier: account.default_courier.clone(),
            notifications_enabled: account.notifications_enabled,
            warehouses: account.warehouses.clone(),
            webhook_key: account.proofs.webhook_key.clone(),
            body_proof: account.proofs.body.clone(),
            push_name: push_name.transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::sealing::keyring::Keyring;
    use crate::sealing::place::Owner;
    use crate::store::secrets::kept_in;

    fn account() -> LogisticAccount {
        LogisticAccount {
            client_id: "demo".parse().unwrap(),
            alias: "north".parse().unwrap(),
            aggregator: "SHIPWAY".parse().unwrap(),
            region: Region::Domestic,
            credentials: [("licenseKey".to_owned(), "the licence".into())].into(),
            urls: BTreeMap::new(),
            settings: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
            proofs: PushProofs::default(),
            push_name: Some("the token".into()),
        }
    }

    /// The table without DynamoDB: items go in and out.
    fn table(secrets: Secrets) -> Accounts {
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest();
        Accounts::with(Client::from_conf(config.build()), String::new(), secrets)
    }

    async fn stored(keyring: Keyring) -> HashMap<String, AttributeValue> {
        let table = table(Secrets::of(Kind::Account, Vault::of(keyring)));
        to_item(table.item(&account()).await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn what_finds_an_account_s_pushes_is_sealed_and_opened_with_its_credentials() {
        let keyring = Keyring::generate().unwrap();
        let item = stored(Keyring::from_bytes(&keyring.to_bytes()).unwrap()).await;
        let text = format!("{item:?}");
        assert!(!text.contains("the token") && !text.contains("the licence"));
        let open = table(Secrets::of(Kind::Account, Vault::of(keyring)));
        let back = open
            .account(from_item(item.clone()).unwrap())
            .await
            .unwrap();
        assert_eq!(back.push_name.unwrap().expose_secret(), "the token");
        assert_eq!(
            back.credentials["licenseKey"].expose_secret(),
            "the licence"
        );
        let closed = table(Secrets::closed(Kind::Account));
        let back = closed.account(from_item(item).unwrap()).await.unwrap();
        assert!(back.push_name.is_none() && back.credentials.is_empty());
    }

    #[tokio::test]
    async fn every_secret_of_an_item_is_found_and_can_be_sealed_anew() {
        let old = Keyring::generate().unwrap();
        let keyring = Keyring::from_bytes(&old.to_bytes());
        let keyring = keyring.unwrap().with_new_key().unwrap();
        let item = stored(old).await;
        let owner = Owner {
            client: "demo",
            kind: Kind::Account,
            id: "north",
        };
        let kept = kept_in(Kind::Account, &item);
        assert_eq!(kept.len(), 2);
        for kept in kept {
            let resealed = kept.resealed(&keyring, owner).unwrap().unwrap();
            assert!(keyring.is_of_newest(&resealed), "{:?}", kept.path);
        }
    }
}
