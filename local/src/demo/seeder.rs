//! Writes the demo into the tables.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::AttributeValue;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::configuring::api_keys::add_first;
use logistics::store::configuring::channel_accounts::ChannelAccounts;
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::configuring::push_credentials::{PushCredential, PushCredentials};
use operator::client;

use crate::backends::Backends;
use crate::demo::channels::Channel;
use crate::demo::endpoints::Receiver;
use crate::demo::vendors::Vendor;
use crate::demo::{Places, Secrets};
use crate::resources::Resources;

/// Writes the demo with the product's own store.
pub(super) struct Seeder<'a> {
    pub(super) backends: &'a Backends,
    pub(super) resources: &'a Resources,
}

impl Seeder<'_> {
    /// Whether the template has the product's tables; a test's template may not.
    pub(super) fn has_a_place(&self) -> bool {
        self.resources.tables.contains_key("ApiKeysTable")
    }

    pub(super) async fn client(&self, secrets: &Secrets) -> anyhow::Result<()> {
        let table = self.table("ApiKeysTable")?;
        let hash = logistics::store::keys::api_key_hash(&secrets.api_key);
        self.remove(&table, &[("keyHash", &hash)]).await?;
        let described = client::first_key("key_demo".to_owned(), "demo");
        let client_id = secrets.client_id.parse()?;
        let api_key = secrets.api_key.clone().into();
        let dynamodb = self.backends.dynamodb_client();
        Ok(add_first(&dynamodb, &table, &api_key, &client_id, &described).await?)
    }

    pub(super) async fn account(
        &self,
        vendor: &Vendor,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<()> {
        let table = self.table("AccountsTable")?;
        let key = [
            ("clientId", secrets.client_id.as_str()),
            ("alias", vendor.alias),
        ];
        self.remove(&table, &key).await?;
        Accounts::new(
            self.backends.dynamodb_client(),
            table,
            self.backends.vault(),
        )
        .add(&vendor.account(secrets, places)?)
        .await?;

        let (hash, credential) = vendor.push_credential(secrets)?;
        self.push_credential(&hash, &credential).await
    }

    pub(super) async fn channel(
        &self,
        channel: &Channel,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<()> {
        let table = self.table("ChannelAccountsTable")?;
        let key = [
            ("clientId", secrets.client_id.as_str()),
            ("alias", channel.alias),
        ];
        self.remove(&table, &key).await?;
        let (dynamodb, vault) = (self.backends.dynamodb_client(), self.backends.vault());
        ChannelAccounts::new(dynamodb, table, vault)
            .add(&channel.account(secrets, places)?)
            .await?;
        match channel.hook_credential(secrets)? {
            Some((hash, credential)) => self.push_credential(&hash, &credential).await,
            None => Ok(()),
        }
    }

    async fn push_credential(&self, hash: &str, credential: &PushCredential) -> anyhow::Result<()> {
        let table = self.table("PushCredentialsTable")?;
        self.remove(&table, &[("credentialHash", hash)]).await?;
        let credentials = PushCredentials::new(self.backends.dynamodb_client(), table);
        Ok(credentials.add(credential).await?)
    }

    pub(super) async fn endpoint(
        &self,
        receiver: &Receiver,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<()> {
        let table = self.table("EndpointsTable")?;
        let key = [
            ("clientId", secrets.client_id.as_str()),
            ("endpointId", receiver.id),
        ];
        self.remove(&table, &key).await?;
        let (dynamodb, vault) = (self.backends.dynamodb_client(), self.backends.vault());
        let endpoint = receiver.endpoint(secrets, places)?;
        Ok(Endpoints::new(dynamodb, table, vault)
            .add(&endpoint)
            .await?)
    }

    fn table(&self, logical_id: &str) -> anyhow::Result<String> {
        let table = self.resources.tables.get(logical_id);
        Ok(table
            .with_context(|| format!("the template has no {logical_id}"))?
            .clone())
    }

    /// Deletes the item of an earlier run, so that it can be added again.
    async fn remove(&self, table: &str, key: &[(&str, &str)]) -> anyhow::Result<()> {
        let key = key
            .iter()
            .map(|(name, value)| ((*name).to_owned(), AttributeValue::S((*value).to_owned())));
        let dynamodb = self.backends.dynamodb_client();
        let delete = dynamodb.delete_item().table_name(table);
        dynamodb.send(delete.set_key(Some(key.collect()))).await?;
        Ok(())
    }
}
