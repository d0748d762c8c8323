//! `cargo local reseal`: encrypts every stored secret again with the keyring's newest key, so that older keys can be removed.
//!
//! It can be stopped and repeated at any time while the functions run: each item is changed by one conditional write, which
//! requires that its secrets have not changed since they were read. A secret that cannot be decrypted is left unchanged and
//! reported.

mod item;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Args;
use logistics::aws::DynamoDb;
use logistics::sealing::keyring::Keyring;
use logistics::sealing::place::SecretKind;
use logistics::sealing::vault::Vault;
use serde::Serialize;

use crate::in_aws;
use crate::number::number;
use crate::running_stack::RunningStack;
use crate::tables::{Place, Tables};
use item::{Outcome, reseal_item};

/// The table with the secrets of this kind, and the attribute that identifies an item within its client; `None` if no table
/// has them.
pub fn sealed_in(kind: SecretKind) -> Option<(&'static str, &'static str)> {
    match kind {
        SecretKind::Account => Some(("AccountsTable", "alias")),
        SecretKind::Endpoint => Some(("EndpointsTable", "endpointId")),
        SecretKind::Session => Some(("SessionsTable", "alias")),
        SecretKind::ChannelAccount => Some(("ChannelAccountsTable", "alias")),
        SecretKind::Console => None,
    }
}

/// Which stack; without any of these options, the running local stack.
#[derive(Debug, Clone, Args)]
pub struct ResealArguments {
    /// Use AWS, with the credentials and region of the environment. They need access to DynamoDB and kms:Decrypt on the key.
    #[arg(long, requires = "keyring")]
    aws: bool,
    /// In AWS: name of the deployed stack.
    #[arg(long, value_name = "NAME", default_value = in_aws::STACK_NAME)]
    stack_name: String,
    /// In AWS: value of the stack's parameter `SealingKeyring`.
    #[arg(long, value_name = "WRAPPED")]
    keyring: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The result of a reseal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resealed {
    /// Items with secrets.
    pub items: usize,
    /// Secrets that were resealed.
    pub resealed: usize,
    /// Items with a secret that cannot be decrypted: it was altered or moved, or its key was removed.
    pub refused: Vec<String>,
}

/// Runs the command and returns the text to print. Fails when a secret could not be decrypted.
pub async fn run(arguments: ResealArguments, published_at: &Path) -> anyhow::Result<String> {
    let (place, vault) = arguments.place(published_at)?;
    let done = reseal(&place, &vault).await?;
    ensure!(
        done.refused.is_empty(),
        "{} resealed; secrets of these items could not be decrypted: {}",
        number(done.resealed, ["secret was", "secrets were"]),
        done.refused.join(", ")
    );
    Ok(if arguments.json {
        serde_json::to_string(&done)?
    } else {
        format!(
            "{} resealed, of {}.",
            number(done.resealed, ["secret was", "secrets were"]),
            number(done.items, ["item", "items"])
        )
    })
}

/// Reseals every secret.
pub async fn reseal(place: &Place, vault: &Vault) -> anyhow::Result<Resealed> {
    let tables = Tables::find(place)?;
    let keyring = vault.keyring().await?;
    let mut done = Resealed::default();
    for kind in SecretKind::all() {
        let Some((logical_id, id)) = sealed_in(kind) else {
            continue;
        };
        let table = tables.name(logical_id).await?;
        let table = Table {
            client: &tables.client,
            name: &table,
            kind,
            id,
        };
        done.add(&table, keyring)
            .await
            .with_context(|| format!("in {logical_id}"))?;
    }
    Ok(done)
}

/// A table with secrets.
#[derive(Debug, Clone, Copy)]
struct Table<'a> {
    client: &'a DynamoDb,
    name: &'a str,
    kind: SecretKind,
    /// The attribute that identifies an item within its client.
    id: &'a str,
}

impl Resealed {
    async fn add(&mut self, table: &Table<'_>, keyring: &Keyring) -> anyhow::Result<()> {
        let scan = table.client.scan().table_name(table.name);
        let scan = scan.consistent_read(true).into_paginator().items();
        let mut items = scan.send();
        while let Some(item) = items.next().await {
            match reseal_item(table, item?, keyring).await? {
                Outcome::Nothing => {}
                Outcome::Resealed(count) => {
                    self.items += 1;
                    self.resealed += count;
                }
                Outcome::Refused(item) => {
                    self.items += 1;
                    self.refused.push(item);
                }
            }
        }
        Ok(())
    }
}

impl ResealArguments {
    fn place(&self, published_at: &Path) -> anyhow::Result<(Place, Arc<Vault>)> {
        if self.aws {
            let keyring = self.keyring.clone().unwrap_or_default();
            let vault = Vault::new(&in_aws::configuration()?.sdk, keyring);
            return Ok((Place::Deployed(self.stack_name.clone()), vault));
        }
        let stack = RunningStack::read(published_at)?;
        let vault = Vault::wrapped_by(stack.kms(), stack.sealing_keyring);
        Ok((Place::RunningStack(published_at.to_owned()), vault))
    }
}
