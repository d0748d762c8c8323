//! `key`: the API keys of a client, for an operator who has none of them.

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use logistics::config::{API_KEYS_TABLE, AUDIT_TABLE, KEY_USES_TABLE};
use logistics::contract::api_key::KeyRequest;
use logistics::domain::client::{ApiKey, Caller, Scope};
use logistics::domain::text::{ClientId, KeyId};
use logistics::flows::configuring::mint_api_key::{mint_api_key, revoke_api_key};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::configuring::audit::AuditLog;
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::stack::StackArguments;
use crate::text_table::{or_dash, table};

/// Who changed a key, in the audit log.
const OPERATOR: &str = "operator";

/// What to do with the API keys of a client.
#[derive(Debug, Clone, Subcommand)]
pub enum KeyCommand {
    /// List the keys of a client, without the keys themselves.
    List {
        /// The client's id.
        client: ClientId,
        /// Which stack.
        #[command(flatten)]
        stack: StackArguments,
    },
    /// Create a key and print it: the only time that it can be seen.
    Create(CreateArguments),
    /// Revoke a key; effective within a minute.
    Revoke {
        /// The client's id.
        client: ClientId,
        /// The key's id, from `list`.
        key_id: String,
        /// Which stack.
        #[command(flatten)]
        stack: StackArguments,
    },
}

/// The new key.
#[derive(Debug, Clone, Args)]
pub struct CreateArguments {
    /// The client's id.
    client: ClientId,
    /// What the key is for.
    #[arg(long)]
    label: String,
    /// What it may do; all scopes if none is given. May be repeated.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// After how many days it expires; without this, never.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3650))]
    days: Option<i64>,
    /// Which stack.
    #[command(flatten)]
    stack: StackArguments,
}

/// A key without the key itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownKey {
    key_id: String,
    label: String,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_on: Option<String>,
}

/// A new key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewKey {
    key_id: String,
    api_key: String,
}

/// Runs the command and returns the text to print.
pub async fn run(command: KeyCommand, published_at: &Path) -> anyhow::Result<String> {
    match command {
        KeyCommand::List { client, stack } => {
            let (keys, _) = open(&stack, published_at).await?;
            stack.said(&all(&keys, &client).await?, |keys| text(keys))
        }
        KeyCommand::Create(arguments) => create(arguments, published_at).await,
        KeyCommand::Revoke {
            client,
            key_id,
            stack,
        } => {
            let (keys, audit) = open(&stack, published_at).await?;
            let operator = operator(client);
            revoke_api_key(&keys, &audit, &operator, &key_id, Timestamp::now()).await?;
            stack.said(&serde_json::json!({ "revoked": key_id }), |_| {
                format!("The key {key_id} is revoked; it stops working within a minute.")
            })
        }
    }
}

async fn create(arguments: CreateArguments, published_at: &Path) -> anyhow::Result<String> {
    let (keys, audit) = open(&arguments.stack, published_at).await?;
    let now = Timestamp::now();
    let wanted = KeyRequest {
        label: arguments.label,
        scopes: if arguments.scopes.is_empty() {
            Scope::all().collect()
        } else {
            arguments.scopes
        },
        expires_at: arguments
            .days
            .map(|days| now + SignedDuration::from_hours(24 * days)),
    };
    let operator = operator(arguments.client);
    let minted = mint_api_key(&keys, &audit, &operator, wanted, now).await?;
    let new = NewKey {
        key_id: minted.described.id,
        api_key: minted.api_key.expose_secret().to_owned(),
    };
    arguments.stack.said(&new, |new| {
        format!("Key      {}\nAPI key  {}", new.key_id, new.api_key)
    })
}

async fn open(
    arguments: &StackArguments,
    published_at: &Path,
) -> anyhow::Result<(ApiKeys, AuditLog)> {
    let stack = arguments.stack(published_at)?;
    let start = stack.start(&[API_KEYS_TABLE, KEY_USES_TABLE, AUDIT_TABLE]);
    let start = start.await?;
    Ok((start.api_keys()?, start.audit()?))
}

/// All keys of a client, the oldest first.
async fn all(keys: &ApiKeys, client: &ClientId) -> anyhow::Result<Vec<ShownKey>> {
    let mut shown = Vec::new();
    let mut after: Option<KeyId> = None;
    loop {
        let page = keys.page(client, after.as_ref()).await?;
        shown.extend(page.keys.into_iter().map(ShownKey::from));
        match page.next {
            Some(next) => after = Some(next.parse()?),
            None => return Ok(shown),
        }
    }
}

/// An operator may grant every scope, and has no key that would end.
fn operator(client: ClientId) -> Caller {
    Caller {
        client_id: client,
        key_id: OPERATOR.to_owned(),
        scopes: Scope::all().collect(),
        expires_at: None,
    }
}

fn text(keys: &[ShownKey]) -> String {
    let row = |key: &ShownKey| {
        let scopes: Vec<String> = key.scopes.iter().map(ToString::to_string).collect();
        [
            key.key_id.clone(),
            key.label.clone(),
            key.created_at.to_string(),
            or_dash(key.expires_at),
            or_dash(key.last_used_on.as_ref()),
            scopes.join(","),
        ]
    };
    table(
        ["KEY", "LABEL", "CREATED", "EXPIRES", "LAST USED", "SCOPES"],
        keys.iter().map(row),
        "The client has no key, or does not exist.",
    )
}

impl From<ApiKey> for ShownKey {
    fn from(key: ApiKey) -> Self {
        Self {
            key_id: key.id,
            label: key.label,
            scopes: key.scopes,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_on: key.last_used_on.map(|day| day.to_string()),
        }
    }
}
