//! `cargo local client create NAME`: makes a client and its first API key in the running stack.

use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use logistics::domain::client::{Caller, Scope};
use logistics::store::api_keys::ApiKeys;
use serde::Serialize;
use uuid::Uuid;

use crate::backends::dynamodb_client;
use crate::secret;
use crate::stack::Published;
use crate::template::Template;

/// A client that was made; its key is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedClient {
    /// The new client.
    pub client_id: String,
    /// Its first key, with all scopes.
    pub api_key: String,
}

/// Finds the running stack by what it published at `published_at`, and makes a client of this name there.
pub async fn create(name: &str, published_at: &Path) -> anyhow::Result<CreatedClient> {
    let published = Published::read(published_at)?;
    store_first_key(name, &published).await
}

async fn store_first_key(name: &str, published: &Published) -> anyhow::Result<CreatedClient> {
    let created = CreatedClient {
        client_id: format!("{}-{}", slug(name), secret::short()),
        api_key: secret::api_key(),
    };
    let caller = Caller {
        client_id: created.client_id.parse()?,
        key_id: format!("key_{}", Uuid::now_v7().simple()),
        scopes: Scope::all().collect(),
    };
    let template = Template::of_workspace()?;
    let table = template
        .tables
        .iter()
        .find(|table| table.logical_id == "ApiKeysTable");
    let table = table
        .context("the template has no ApiKeysTable")?
        .name
        .clone();
    let keys = ApiKeys::new(dynamodb_client(&published.dynamodb_url), table);
    keys.add(&created.api_key, name, &caller, Timestamp::now())
        .await?;
    Ok(created)
}

/// The name as the readable part of an id.
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
