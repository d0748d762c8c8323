//! The table of logistic accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::domain::proof::{KnownSecret, PushProofs};
use crate::domain::status_mappings::StatusMappings;
use crate::domain::text::{
    AccountAlias, AccountAliasRule, AggregatorName, ClientId, CourierId, WarehouseCode,
};
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::SecretKind;
use crate::sealing::sealed::Sealed;
use crate::store::configuring::configured::{Configured, ConfiguredTable};
use crate::store::failure::StoreFailure;
use crate::store::items::from_items;
use crate::store::pages::all_items;
use crate::store::secrets::{CREDENTIALS, Hand, PUSH_NAME};

/// The table.
pub type Accounts = ConfiguredTable<LogisticAccount>;

/// The stored form of an account.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountItem {
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
    #[serde(default, skip_serializing_if = "StatusMappings::is_empty")]
    status_mappings: StatusMappings,
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
    /// All accounts of the client, without their secrets.
    pub async fn all(&self, client_id: &ClientId) -> Result<Vec<LogisticAccount>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .consistent_read(true);
        let found = all_items(&self.client, query).await?;
        let items: Vec<AccountItem> = from_items(found)?;
        let accounts = items.into_iter();
        accounts
            .map(|item| Ok(LogisticAccount::of_item(item, None)?))
            .collect()
    }

    /// The client's only account; `None` if it has none or several.
    pub async fn only(
        &self,
        client_id: &ClientId,
    ) -> Result<Option<Arc<LogisticAccount>>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .limit(2)
            .consistent_read(true);
        let found = self.client.send(query).await?;
        let mut items: Vec<AccountItem> = from_items(found.items.unwrap_or_default())?;
        match items.pop().filter(|_| items.is_empty()) {
            Some(only) => Ok(Some(Arc::new(self.opened(only).await?))),
            None => Ok(None),
        }
    }
}

impl Configured for LogisticAccount {
    type NameRule = AccountAliasRule;
    type Item = AccountItem;
    const KIND: SecretKind = SecretKind::Account;
    const NAMED_BY: &'static str = "alias";

    fn key(&self) -> (&ClientId, &AccountAlias) {
        (&self.client_id, &self.alias)
    }

    fn key_of(item: &AccountItem) -> (&ClientId, &AccountAlias) {
        (&item.client_id, &item.alias)
    }

    fn to_item(&self, sealer: Hand<'_>) -> Result<AccountItem, SealingFailure> {
        let push_name = self.push_name.as_ref();
        let push_name = push_name.map(|name| sealer.seal(PUSH_NAME, name));
        Ok(AccountItem {
            client_id: self.client_id.clone(),
            alias: self.alias.clone(),
            aggregator: self.aggregator.clone(),
            region: self.region,
            credentials: sealer.seal_named(CREDENTIALS, &self.credentials)?,
            urls: self.urls.clone(),
            settings: self.settings.clone(),
            default_courier: self.default_courier.clone(),
            notifications_enabled: self.notifications_enabled,
            status_mappings: self.status_mappings.clone(),
            warehouses: self.warehouses.clone(),
            webhook_key: self.proofs.webhook_key.clone(),
            body_proof: self.proofs.body.clone(),
            push_name: push_name.transpose()?,
        })
    }

    fn of_item(item: AccountItem, opener: Option<Hand<'_>>) -> Result<Self, SealingFailure> {
        let (credentials, push_name) = match opener {
            Some(opener) => {
                let push_name = item.push_name.as_ref();
                let push_name = push_name.map(|name| opener.open(PUSH_NAME, name));
                let credentials = opener.open_named(CREDENTIALS, &item.credentials)?;
                (credentials, push_name.transpose()?)
            }
            None => (BTreeMap::new(), None),
        };
        Ok(Self {
            client_id: item.client_id,
            alias: item.alias,
            aggregator: item.aggregator,
            region: item.region,
            credentials,
            urls: item.urls,
            settings: item.settings,
            default_courier: item.default_courier,
            notifications_enabled: item.notifications_enabled,
            status_mappings: item.status_mappings,
            warehouses: item.warehouses,
            proofs: PushProofs {
                webhook_key: item.webhook_key,
                body: item.body_proof,
            },
            push_name,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::Client;
    use secrecy::ExposeSecret as _;
    use serde_dynamo::to_item;

    use super::*;
    use crate::sealing::keyring::Keyring;
    use crate::sealing::place::SecretOwner;
    use crate::sealing::vault::Vault;
    use crate::store::items::from_item;
    use crate::store::secrets::{Secrets, kept_in};

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
            status_mappings: StatusMappings::default(),
            proofs: PushProofs::default(),
            push_name: Some("the token".into()),
        }
    }

    /// The table without DynamoDB: for converting items only.
    fn table(secrets: Secrets) -> Accounts {
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest();
        Accounts::with(
            Client::from_conf(config.build()).into(),
            String::new(),
            secrets,
        )
    }

    async fn stored(keyring: Keyring) -> HashMap<String, AttributeValue> {
        let table = table(Secrets::of(SecretKind::Account, Vault::of(keyring)));
        to_item(table.sealed(&account()).await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn the_push_name_of_an_account_is_sealed_with_its_credentials() {
        let keyring = Keyring::generate().unwrap();
        let item = stored(Keyring::from_bytes(&keyring.to_bytes()).unwrap()).await;
        let text = format!("{item:?}");
        assert!(!text.contains("the token") && !text.contains("the licence"));
        let open = table(Secrets::of(SecretKind::Account, Vault::of(keyring)));
        let back = open.opened(from_item(item.clone()).unwrap()).await.unwrap();
        assert_eq!(back.push_name.unwrap().expose_secret(), "the token");
        assert_eq!(
            back.credentials["licenseKey"].expose_secret(),
            "the licence"
        );
        let closed = table(Secrets::closed(SecretKind::Account));
        let back = closed.opened(from_item(item).unwrap()).await.unwrap();
        assert!(back.push_name.is_none() && back.credentials.is_empty());
    }

    #[tokio::test]
    async fn every_secret_of_an_item_is_found_and_can_be_resealed() {
        let old = Keyring::generate().unwrap();
        let keyring = Keyring::from_bytes(&old.to_bytes());
        let keyring = keyring.unwrap().with_new_key().unwrap();
        let item = stored(old).await;
        let owner = SecretOwner {
            client: "demo",
            kind: SecretKind::Account,
            id: "north",
        };
        let kept = kept_in(SecretKind::Account, &item);
        assert_eq!(kept.len(), 2);
        for kept in kept {
            let resealed = kept.resealed(&keyring, owner).unwrap().unwrap();
            assert!(keyring.is_of_newest(&resealed), "{:?}", kept.path);
        }
    }
}
