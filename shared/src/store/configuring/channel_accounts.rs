//! The table of channel accounts.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::account::ChannelAccount;
use crate::domain::text::{AccountAlias, AccountAliasRule, ChannelName, ClientId};
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::SecretKind;
use crate::sealing::sealed::Sealed;
use crate::store::configuring::configured::{Configured, ConfiguredTable};
use crate::store::failure::StoreFailure;
use crate::store::items::from_items;
use crate::store::pages::all_items;
use crate::store::secrets::{CREDENTIALS, HOOK_TOKEN, Hand};

/// The table.
pub type ChannelAccounts = ConfiguredTable<ChannelAccount>;

/// The stored form of a channel account.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelAccountItem {
    client_id: ClientId,
    alias: AccountAlias,
    channel: ChannelName,
    credentials: BTreeMap<String, Sealed>,
    urls: BTreeMap<String, Url>,
    settings: BTreeMap<String, String>,
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hook_token: Option<Sealed>,
    /// In epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    polled_since: Option<i64>,
}

impl Configured for ChannelAccount {
    type NameRule = AccountAliasRule;
    type Item = ChannelAccountItem;
    const KIND: SecretKind = SecretKind::ChannelAccount;
    const NAMED_BY: &'static str = "alias";

    fn key(&self) -> (&ClientId, &AccountAlias) {
        (&self.client_id, &self.alias)
    }

    fn key_of(item: &ChannelAccountItem) -> (&ClientId, &AccountAlias) {
        (&item.client_id, &item.alias)
    }

    fn to_item(&self, sealer: Hand<'_>) -> Result<ChannelAccountItem, SealingFailure> {
        let token = self.hook_token.as_ref();
        let token = token.map(|token| sealer.seal(HOOK_TOKEN, token));
        Ok(ChannelAccountItem {
            client_id: self.client_id.clone(),
            alias: self.alias.clone(),
            channel: self.channel.clone(),
            credentials: sealer.seal_named(CREDENTIALS, &self.credentials)?,
            urls: self.urls.clone(),
            settings: self.settings.clone(),
            enabled: self.enabled,
            hook_token: token.transpose()?,
            polled_since: self.polled_since.map(Timestamp::as_millisecond),
        })
    }

    fn of_item(item: ChannelAccountItem, opener: Option<Hand<'_>>) -> Result<Self, SealingFailure> {
        let (credentials, hook_token) = match opener {
            Some(opener) => {
                let token = item.hook_token.as_ref();
                let token = token.map(|token| opener.open(HOOK_TOKEN, token));
                let credentials = opener.open_named(CREDENTIALS, &item.credentials)?;
                (credentials, token.transpose()?)
            }
            None => (BTreeMap::new(), None),
        };
        Ok(Self {
            client_id: item.client_id,
            alias: item.alias,
            channel: item.channel,
            credentials,
            urls: item.urls,
            settings: item.settings,
            enabled: item.enabled,
            hook_token,
            polled_since: item
                .polled_since
                .and_then(|at| Timestamp::from_millisecond(at).ok()),
        })
    }
}

/// The index of accounts by channel.
const OF_CHANNEL: &str = "ofChannel";

impl ChannelAccounts {
    /// The accounts of all clients at a channel. Like the look-ups that lead to a client, it is not limited to one; only the
    /// schedule reads it.
    pub async fn of_channel(
        &self,
        channel: &str,
    ) -> Result<Vec<(ClientId, AccountAlias)>, StoreFailure> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct AccountKey {
            client_id: ClientId,
            alias: AccountAlias,
        }
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(OF_CHANNEL)
            .key_condition_expression("#channel = :channel")
            .expression_attribute_names("#channel", "channel")
            .expression_attribute_values(":channel", AttributeValue::S(channel.to_owned()));
        let found = all_items(&self.client, query).await?;
        let keys: Vec<AccountKey> = from_items(found)?;
        let keys = keys.into_iter();
        Ok(keys.map(|key| (key.client_id, key.alias)).collect())
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

    /// The table without DynamoDB: for converting items only.
    fn table(keyring: Keyring) -> ChannelAccounts {
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest();
        let secrets = Secrets::of(SecretKind::ChannelAccount, Vault::of(keyring));
        ChannelAccounts::with(
            Client::from_conf(config.build()).into(),
            String::new(),
            secrets,
        )
    }

    async fn stored(keyring: Keyring) -> HashMap<String, AttributeValue> {
        let account = ChannelAccount {
            client_id: "demo".parse().unwrap(),
            alias: "shop".parse().unwrap(),
            channel: "ONE".parse().unwrap(),
            credentials: [("key".to_owned(), "the key".into())].into(),
            urls: BTreeMap::new(),
            settings: BTreeMap::new(),
            enabled: true,
            hook_token: Some("the token".into()),
            polled_since: Timestamp::from_millisecond(1_795_000_000_123).ok(),
        };
        to_item(table(keyring).sealed(&account).await.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn the_secrets_of_a_channel_account_are_sealed_and_opened_again() {
        let keyring = Keyring::generate().unwrap();
        let item = stored(Keyring::from_bytes(&keyring.to_bytes()).unwrap()).await;
        let text = format!("{item:?}");
        assert!(!text.contains("the token") && !text.contains("the key"));
        let back = table(keyring).opened(from_item(item).unwrap()).await;
        let back = back.unwrap();
        assert_eq!(back.hook_token.unwrap().expose_secret(), "the token");
        assert_eq!(back.credentials["key"].expose_secret(), "the key");
        let since = back.polled_since.unwrap();
        assert_eq!(since.as_millisecond(), 1_795_000_000_123);
    }

    #[tokio::test]
    async fn every_secret_of_an_item_is_found_and_can_be_resealed() {
        let old = Keyring::generate().unwrap();
        let keyring = Keyring::from_bytes(&old.to_bytes());
        let keyring = keyring.unwrap().with_new_key().unwrap();
        let item = stored(old).await;
        let owner = SecretOwner {
            client: "demo",
            kind: SecretKind::ChannelAccount,
            id: "shop",
        };
        let kept = kept_in(SecretKind::ChannelAccount, &item);
        assert_eq!(kept.len(), 2);
        for kept in kept {
            let resealed = kept.resealed(&keyring, owner).unwrap().unwrap();
            assert!(keyring.is_of_newest(&resealed), "{:?}", kept.path);
        }
    }
}
