//! `cargo local reseal`: seals every secret of the tables with the keyring's newest key, so that older keys can go.
//!
//! It may be ended and repeated at any moment, beside the running functions: each item is changed by one write that
//! demands that its secrets are still those that were read. What does not open is left as it is and reported.

mod item;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::Args;
use logistics::sealing::keyring::Keyring;
use logistics::sealing::place::SecretKind;
use logistics::sealing::vault::Vault;
use serde::Serialize;

use crate::in_aws;
use crate::running_stack::RunningStack;
use crate::tables::{Place, Tables};
use item::{Outcome, reseal_item};

/// The tables that hold secrets, with the attribute that names an item within its client.
const SEALED: [(SecretKind, &str, &str); 3] = [
    (SecretKind::Account, "AccountsTable", "alias"),
    (SecretKind::Endpoint, "EndpointsTable", "endpointId"),
    (SecretKind::Session, "SessionsTable", "alias"),
];

/// Where; without any of these in the running local stack.
#[derive(Debug, Clone, Args)]
pub struct ResealArguments {
    /// In AWS, with the credentials and the region of the environment: they need DynamoDB, and kms:Decrypt on the key.
    #[arg(long, requires = "keyring")]
    aws: bool,
    /// In AWS: the name of the deployed stack.
    #[arg(long, value_name = "NAME", default_value = in_aws::STACK_NAME)]
    stack_name: String,
    /// In AWS: the stack's parameter `SealingKeyring`.
    #[arg(long, value_name = "WRAPPED")]
    keyring: Option<String>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resealed {
    /// Items that hold secrets.
    pub items: usize,
    /// Secrets that were sealed anew.
    pub resealed: usize,
    /// Items with a secret that does not open: an altered or moved one, or one of a key that is gone.
    pub refused: Vec<String>,
}

/// Does it, and answers what to print. It fails when something is left that does not open.
pub async fn run(arguments: ResealArguments, published_at: &Path) -> anyhow::Result<String> {
    let (place, vault) = arguments.place(published_at)?;
    let done = reseal(&place, &vault).await?;
    ensure!(
        done.refused.is_empty(),
        "{} secrets were sealed anew; those of {} do not open",
        done.resealed,
        done.refused.join(", ")
    );
    Ok(if arguments.json {
        serde_json::to_string(&done)?
    } else {
        format!(
            "{} secrets of {} items were sealed anew.",
            done.resealed, done.items
        )
    })
}

/// Seals everything anew.
pub async fn reseal(place: &Place, vault: &Vault) -> anyhow::Result<Resealed> {
    let tables = Tables::find(place)?;
    let keyring = vault.keyring().await?;
    let mut done = Resealed::default();
    for (kind, logical_id, id) in SEALED {
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

/// A table that holds secrets.
#[derive(Debug, Clone, Copy)]
struct Table<'a> {
    client: &'a aws_sdk_dynamodb::Client,
    name: &'a str,
    kind: SecretKind,
    /// The attribute that names an item within its client.
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
            let vault = Vault::new(&in_aws::configuration()?, keyring);
            return Ok((Place::Deployed(self.stack_name.clone()), vault));
        }
        let stack = RunningStack::read(published_at)?;
        let vault = Vault::wrapped_by(stack.kms(), stack.sealing_keyring);
        Ok((Place::RunningStack(published_at.to_owned()), vault))
    }
}
