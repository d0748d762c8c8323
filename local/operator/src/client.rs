//! `client`: creates a client and its first API key, and lists clients, in the running stack or in AWS.
//!
//! In AWS, creating one needs permissions for DynamoDB only: `PutItem` on the table of API keys, and `ListTables` to find that table
//! unless `--table` names it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use logistics::domain::client::{ApiKey, Scope};
use logistics::domain::text::ClientId;
use logistics::flows::configuring::mint_api_key::{new_id, new_key};
use logistics::store::configuring::api_keys::add_first;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use uuid::Uuid;

use crate::in_aws;
use crate::stack::{Stack, StackArguments};
use crate::tables::{Place, Tables};
use crate::text_table::table;

const TABLE: &str = "ApiKeysTable";

/// A new client. Its key is shown only once.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedClient {
    /// The client's id.
    pub client_id: String,
    /// Its first key, with all scopes.
    pub api_key: String,
}

/// What to do with clients.
#[derive(Debug, Clone, Subcommand)]
pub enum ClientCommand {
    /// Create a client and its first API key.
    Create {
        /// Readable name of the client.
        name: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Which stack.
        #[command(flatten)]
        place: ClientPlace,
    },
    /// List the clients that have API keys.
    List {
        /// Which stack.
        #[command(flatten)]
        stack: StackArguments,
    },
}

/// A client in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedClient {
    client_id: String,
    api_keys: usize,
}

/// Runs the command and returns the text to print.
pub async fn run(command: ClientCommand, published_at: &Path) -> anyhow::Result<String> {
    match command {
        ClientCommand::Create { name, json, place } => {
            let created = create_at(&name, place, published_at).await?;
            if json {
                return Ok(serde_json::to_string(&created)?);
            }
            let CreatedClient { client_id, api_key } = created;
            Ok(format!("Client   {client_id}\nAPI key  {api_key}"))
        }
        ClientCommand::List { stack } => {
            let counts = key_counts(&stack.stack(published_at)?).await?;
            let clients = counts.into_iter().map(|(client, api_keys)| ListedClient {
                client_id: client.to_string(),
                api_keys,
            });
            let clients: Vec<_> = clients.collect();
            stack.said(&clients, |clients| {
                let row =
                    |client: &ListedClient| [client.client_id.clone(), client.api_keys.to_string()];
                table(
                    ["CLIENT", "API KEYS"],
                    clients.iter().map(row),
                    "There are no clients.",
                )
            })
        }
    }
}

/// The clients of a stack: those that have API keys.
pub(crate) async fn ids(stack: &Stack) -> anyhow::Result<Vec<ClientId>> {
    Ok(key_counts(stack).await?.into_keys().collect())
}

/// Reads the whole table of keys, which no function may: only an operator needs all clients.
async fn key_counts(stack: &Stack) -> anyhow::Result<BTreeMap<ClientId, usize>> {
    let name = stack.tables.name(TABLE).await?;
    let scan = stack.tables.client.scan().table_name(name);
    let scan = scan.projection_expression("clientId").into_paginator();
    let mut items = scan.items().send();
    let mut counts = BTreeMap::new();
    while let Some(item) = items.next().await {
        let item = item.context("cannot read the API keys")?;
        let client = item.get("clientId").and_then(|client| client.as_s().ok());
        if let Some(client) = client.and_then(|client| client.parse().ok()) {
            *counts.entry(client).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Which stack; without any of these options, the running local stack.
#[derive(Debug, Clone, Args)]
pub struct ClientPlace {
    /// Use AWS, with the credentials and region of the environment.
    #[arg(long)]
    aws: bool,
    /// In AWS: name of the deployed stack.
    #[arg(long, value_name = "NAME", default_value = in_aws::STACK_NAME)]
    stack_name: String,
    /// In AWS: name of the table of API keys.
    #[arg(long, value_name = "TABLE", requires = "aws")]
    table: Option<String>,
}

/// Creates a client with this name in that stack.
pub async fn create_at(
    name: &str,
    place: ClientPlace,
    published_at: &Path,
) -> anyhow::Result<CreatedClient> {
    if !place.aws {
        return create(name, published_at).await;
    }
    let tables = Tables::find(&Place::Deployed(place.stack_name))?;
    match place.table {
        Some(table) => store_first_key(name, &tables, &table).await,
        None => store_first_key(name, &tables, &tables.name(TABLE).await?).await,
    }
}

/// Creates a client with this name in the running stack that published itself at `published_at`.
pub async fn create(name: &str, published_at: &Path) -> anyhow::Result<CreatedClient> {
    let tables = Tables::find(&Place::RunningStack(published_at.to_owned()))?;
    store_first_key(name, &tables, &tables.name(TABLE).await?).await
}

async fn store_first_key(
    name: &str,
    tables: &Tables,
    table: &str,
) -> anyhow::Result<CreatedClient> {
    let client_id: ClientId = format!("{}-{}", slug(name), suffix()).parse()?;
    let api_key = new_key()?;
    let described = first_key(new_id(), name);
    add_first(&tables.client, table, &api_key, &client_id, &described).await?;
    Ok(CreatedClient {
        client_id: client_id.to_string(),
        api_key: api_key.expose_secret().to_owned(),
    })
}

/// A key with all scopes.
pub fn first_key(id: String, label: &str) -> ApiKey {
    ApiKey {
        id,
        label: label.to_owned(),
        scopes: Scope::all().collect(),
        created_at: Timestamp::now(),
        expires_at: None,
        last_used_on: None,
    }
}

/// Distinguishes clients with the same name.
fn suffix() -> String {
    let random = Uuid::new_v4().simple().to_string();
    random.chars().take(8).collect()
}

/// The readable part of an id, from the name.
fn slug(name: &str) -> String {
    let letters = name.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let slug: String = letters.take(40).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        "client".to_owned()
    } else {
        slug.to_owned()
    }
}
