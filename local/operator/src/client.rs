//! `cargo local client create NAME`: creates a client and its first API key, in the running stack or in AWS.
//!
//! In AWS it needs permissions for DynamoDB only: `PutItem` on the table of API keys, and `ListTables` to find that table
//! unless `--table` names it.

use std::path::Path;

use clap::Args;
use jiff::Timestamp;
use logistics::domain::client::{ApiKey, Scope};
use logistics::domain::text::ClientId;
use logistics::flows::configuring::mint_api_key::{new_id, new_key};
use logistics::store::configuring::api_keys::add_first;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use uuid::Uuid;

use crate::in_aws;
use crate::tables::{Place, Tables};

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
