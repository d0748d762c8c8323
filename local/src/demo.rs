//! What a newcomer finds in a fresh stack: a client with a key, a logistic account per simulator and a webhook endpoint
//! that leads to the sink.
//!
//! With a data directory the client, its key and its secrets are those of the last run. Where things listen changes from
//! run to run, so the account and the endpoint are written anew each time.

mod vendors;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::signing::SigningSecrets;
use logistics::store::configuring::accounts::Accounts;
use logistics::store::configuring::api_keys::add_first;
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::configuring::push_credentials::PushCredentials;
use operator::client;
use serde::{Deserialize, Serialize};
use simulators::{PushTarget, Simulators};

use crate::backends::Backends;
use crate::private_file;
use crate::resources::Resources;
use crate::secret;
use vendors::Vendor;

const ENDPOINT: &str = "demo-sink";

/// What was seeded, and what is needed to use it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    /// The demo client.
    pub client_id: String,
    /// A key of that client with all scopes.
    pub api_key: String,
    /// The endpoint that leads to the sink.
    pub endpoint_id: String,
    /// With which deliveries to that endpoint are signed.
    pub signing_secret: String,
    /// By alias.
    pub accounts: BTreeMap<String, DemoAccount>,
}

/// A logistic account of the demo client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// The aggregator's name.
    pub aggregator: String,
    /// With what the account logs in at the simulator, beside its user name or e-mail address.
    #[serde(default)]
    pub password: String,
    /// Where this aggregator pushes.
    pub push_url: String,
    /// The proofs that a push carries.
    pub headers: BTreeMap<String, String>,
}

/// Where the parts of the stack are, which the seeded accounts and endpoints point to.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    /// Of the API.
    pub base_url: &'a str,
    /// Of the aggregator simulators.
    pub simulator_url: &'a str,
    /// Of the client sink.
    pub sink_url: &'a str,
}

/// What stays the same from run to run.
#[derive(Debug, Serialize, Deserialize)]
struct Secrets {
    client_id: String,
    api_key: String,
    signing_secret: String,
    /// What the endpoint's deliveries carry as `authorization`.
    endpoint_token: String,
    /// By alias: with what the account is logged in at the aggregator.
    #[serde(default)]
    passwords: BTreeMap<String, String>,
    /// By alias: what its pushes prove.
    #[serde(default)]
    pushes: BTreeMap<String, PushSecret>,
}

/// What an account's pushes prove.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PushSecret {
    /// The user name, or the token in the URL.
    name: String,
    /// The password, or the key in a header.
    key: String,
}

/// Seeds the demo, and makes the simulators that its accounts lead to.
pub async fn seed(
    backends: &Backends,
    resources: &Resources,
    places: &Places<'_>,
    data: Option<&Path>,
) -> anyhow::Result<(Demo, Simulators)> {
    let secrets = secrets(data)?;
    let store = Seeder {
        backends,
        resources,
    };
    let mut demo = Demo::default();
    if store.has_a_place() {
        store.client(&secrets).await?;
        for vendor in vendors::ALL {
            store.account(vendor, &secrets, places).await?;
        }
        store.endpoint(&secrets, places).await?;
        demo = demo_of(&secrets, places);
    }
    let simulators = simulators(&secrets, &demo, places)?;
    Ok((demo, simulators))
}

fn secrets(data: Option<&Path>) -> anyhow::Result<Secrets> {
    let file = data.map(|data| data.join("demo.json"));
    let mut secrets = match file.as_ref().filter(|file| file.exists()) {
        Some(known) => serde_json::from_slice(&std::fs::read(known)?)
            .with_context(|| format!("in {}", known.display()))?,
        None => new_secrets(),
    };
    for vendor in vendors::ALL {
        vendor.add_secrets(&mut secrets);
    }
    if let Some(file) = file {
        private_file::write(&file, &serde_json::to_vec_pretty(&secrets)?)?;
    }
    Ok(secrets)
}

fn new_secrets() -> Secrets {
    Secrets {
        client_id: "demo".to_owned(),
        api_key: secret::api_key(),
        signing_secret: format!("whsec_{}", STANDARD.encode(secret::bytes())),
        endpoint_token: secret::hex(),
        passwords: BTreeMap::new(),
        pushes: BTreeMap::new(),
    }
}

fn demo_of(secrets: &Secrets, places: &Places<'_>) -> Demo {
    Demo {
        client_id: secrets.client_id.clone(),
        api_key: secrets.api_key.clone(),
        endpoint_id: ENDPOINT.to_owned(),
        signing_secret: secrets.signing_secret.clone(),
        accounts: vendors::ALL
            .iter()
            .map(|vendor| {
                (
                    vendor.alias.to_owned(),
                    vendor.demo_account(secrets, places),
                )
            })
            .collect(),
    }
}

fn simulators(secrets: &Secrets, demo: &Demo, places: &Places<'_>) -> anyhow::Result<Simulators> {
    let simulators = Simulators::new(vendors::simulators(secrets, places))?;
    for (alias, account) in &demo.accounts {
        let target = PushTarget {
            url: account.push_url.clone(),
            headers: account.headers.clone(),
        };
        simulators.set_push_target(alias, target)?;
    }
    Ok(simulators)
}

/// Writes the demo with the code that the functions read it by.
struct Seeder<'a> {
    backends: &'a Backends,
    resources: &'a Resources,
}

impl Seeder<'_> {
    /// Whether the template is the product's: another one, such as a test's, has no tables for a demo.
    fn has_a_place(&self) -> bool {
        self.resources.tables.contains_key("ApiKeysTable")
    }

    async fn client(&self, secrets: &Secrets) -> anyhow::Result<()> {
        let table = self.table("ApiKeysTable")?;
        let hash = logistics::store::keys::api_key_hash(&secrets.api_key);
        self.remove(&table, &[("keyHash", &hash)]).await?;
        let described = client::first_key("key_demo".to_owned(), "demo");
        let client_id = secrets.client_id.parse()?;
        let api_key = secrets.api_key.clone().into();
        let dynamodb = self.backends.dynamodb_client();
        Ok(add_first(&dynamodb, &table, &api_key, &client_id, &described).await?)
    }

    async fn account(
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

        let table = self.table("PushCredentialsTable")?;
        let (hash, credential) = vendor.push_credential(secrets)?;
        self.remove(&table, &[("credentialHash", &hash)]).await?;
        Ok(PushCredentials::new(self.backends.dynamodb_client(), table)
            .add(&credential)
            .await?)
    }

    async fn endpoint(&self, secrets: &Secrets, places: &Places<'_>) -> anyhow::Result<()> {
        let table = self.table("EndpointsTable")?;
        self.remove(
            &table,
            &[("clientId", &secrets.client_id), ("endpointId", ENDPOINT)],
        )
        .await?;
        let token = format!("Bearer {}", secrets.endpoint_token);
        let endpoint = WebhookEndpoint {
            headers: [("authorization".to_owned(), token.into())].into(),
            ..WebhookEndpoint::new(
                secrets.client_id.parse()?,
                ENDPOINT.parse()?,
                format!("{}/webhooks/rms", places.sink_url).parse()?,
                SigningSecrets::new(secrets.signing_secret.clone().into()),
            )
        };
        Ok(Endpoints::new(
            self.backends.dynamodb_client(),
            table,
            self.backends.vault(),
        )
        .add(&endpoint)
        .await?)
    }

    fn table(&self, logical_id: &str) -> anyhow::Result<String> {
        let table = self.resources.tables.get(logical_id);
        Ok(table
            .with_context(|| format!("the template has no {logical_id}"))?
            .clone())
    }

    /// Makes way for what is written anew.
    async fn remove(&self, table: &str, key: &[(&str, &str)]) -> anyhow::Result<()> {
        let key = key
            .iter()
            .map(|(name, value)| ((*name).to_owned(), AttributeValue::S((*value).to_owned())));
        let delete = self
            .backends
            .dynamodb_client()
            .delete_item()
            .table_name(table);
        delete.set_key(Some(key.collect())).send().await?;
        Ok(())
    }
}
