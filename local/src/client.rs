//! `cargo local client create NAME`: makes a client and its first API key in the running stack.

use std::path::Path;

use anyhow::bail;
use serde::Serialize;

use crate::stack::Published;

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

#[expect(
    clippy::unused_async,
    reason = "it writes to the store, as soon as there is one"
)]
async fn store_first_key(name: &str, published: &Published) -> anyhow::Result<CreatedClient> {
    bail!(
        "cannot make the client {name}: there is no store of API keys at {} yet",
        published.dynamodb_url
    )
}
