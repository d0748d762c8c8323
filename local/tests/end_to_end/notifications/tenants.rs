//! Additional accounts, push credentials and endpoints, written with the store's own code.

use std::collections::BTreeMap;

use logistics::domain::account::{LogisticAccount, Region};
use logistics::domain::credential::Credential;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::proof::PushProofs;
use logistics::domain::signing::SigningSecrets;
use logistics::domain::status_mappings::StatusMappings;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::configuring::push_credentials::{PushCredential, PushCredentials};

use crate::notifications::world::World;

/// The signing secret of the endpoints created here.
pub(crate) const SIGNING_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// An account of any client. Its credential's user name is its alias, the secret is `secret`.
pub(crate) struct Account<'a> {
    pub(crate) client: &'a str,
    pub(crate) alias: &'a str,
    pub(crate) domain: Option<&'a str>,
    pub(crate) notifications: bool,
}

impl World {
    pub(crate) async fn add_account(&self, account: &Account<'_>) {
        let vault = self.stack.backends().vault();
        let table = self.table("AccountsTable").to_owned();
        Accounts::new(self.dynamodb(), table, vault)
            .add(&LogisticAccount {
                client_id: account.client.parse().unwrap(),
                alias: account.alias.parse().unwrap(),
                aggregator: "RMS_MAGIC".parse().unwrap(),
                region: Region::Domestic,
                credentials: BTreeMap::new(),
                urls: BTreeMap::new(),
                settings: BTreeMap::new(),
                warehouses: BTreeMap::new(),
                default_courier: None,
                notifications_enabled: account.notifications,
                status_mappings: StatusMappings::default(),
                proofs: PushProofs::default(),
                push_name: None,
            })
            .await
            .unwrap();
        let proof = Credential {
            user_name: account.alias.to_owned(),
            secret: "secret".to_owned(),
            domain_name: account.domain.map(str::to_owned),
        };
        let credential = PushCredential::new(
            &proof,
            account.client.parse().unwrap(),
            account.alias.parse().unwrap(),
        );
        let table = self.table("PushCredentialsTable").to_owned();
        PushCredentials::new(self.dynamodb(), table)
            .add(&credential)
            .await
            .unwrap();
    }

    /// Adds an endpoint without filters.
    pub(crate) async fn add_endpoint(&self, client: &str, id: &str, url: &str) {
        let endpoint = WebhookEndpoint {
            headers: [("x-token".to_owned(), format!("token-of-{id}").into())].into(),
            ..WebhookEndpoint::new(
                client.parse().unwrap(),
                id.parse().unwrap(),
                url.parse().unwrap(),
                SigningSecrets::new(SIGNING_SECRET.into()),
            )
        };
        self.endpoints().add(&endpoint).await.unwrap();
    }

    /// A path of the sink.
    pub(crate) fn sink_path(&self, path: &str) -> String {
        format!("{}{path}", self.stack.sink_url())
    }
}
