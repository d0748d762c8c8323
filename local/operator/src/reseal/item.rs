//! Reseals the secrets of one item, and writes them if they have not changed since they were read.

use std::collections::HashMap;

use anyhow::bail;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use logistics::sealing::failure::SealingFailure;
use logistics::sealing::keyring::Keyring;
use logistics::sealing::place::SecretOwner;
use logistics::sealing::sealed::Sealed;
use logistics::store::secrets::{SealedSecret, Step, kept_in};

use crate::reseal::Table;

/// Attempts per item. The functions do not change an item this often between a read and a write.
const MOST_TRIES: usize = 10;

type Item = HashMap<String, AttributeValue>;

/// The outcome for an item.
pub(super) enum Outcome {
    /// It has no secrets.
    Nothing,
    /// This many of its secrets were resealed.
    Resealed(usize),
    /// One of its secrets cannot be decrypted.
    Refused(String),
}

pub(super) async fn reseal_item(
    table: &Table<'_>,
    mut item: Item,
    keyring: &Keyring,
) -> anyhow::Result<Outcome> {
    for _ in 0..MOST_TRIES {
        let (client, id) = (text(&item, "clientId"), text(&item, table.id));
        let owner = SecretOwner {
            client: &client,
            kind: table.kind,
            id: &id,
        };
        let kept = kept_in(table.kind, &item);
        if kept.is_empty() {
            return Ok(Outcome::Nothing);
        }
        let Ok(changes) = changes(kept, keyring, owner) else {
            return Ok(Outcome::Refused(format!("{client}/{} {id}", table.kind)));
        };
        if changes.is_empty() || write(table, &item, &changes).await? {
            return Ok(Outcome::Resealed(changes.len()));
        }
        match read(table, &item).await? {
            Some(present) => item = present,
            None => return Ok(Outcome::Nothing),
        }
    }
    bail!("an item changed during each of {MOST_TRIES} attempts")
}

fn changes(
    kept: Vec<SealedSecret>,
    keyring: &Keyring,
    owner: SecretOwner<'_>,
) -> Result<Vec<(SealedSecret, Sealed)>, SealingFailure> {
    let resealed = kept.into_iter().map(|kept| {
        let sealed = kept.resealed(keyring, owner)?;
        Ok(sealed.map(|sealed| (kept, sealed)))
    });
    resealed.filter_map(Result::transpose).collect()
}

/// Returns whether the item was unchanged since it was read, and so was written.
async fn write(
    table: &Table<'_>,
    item: &Item,
    changes: &[(SealedSecret, Sealed)],
) -> anyhow::Result<bool> {
    let update = table.client.update_item().table_name(table.name);
    let mut update = update.set_key(Some(key(table, item)));
    let (mut sets, mut conditions) = (Vec::new(), Vec::new());
    for (number, (kept, sealed)) in changes.iter().enumerate() {
        let (named, path) = path(update, number, &kept.path);
        update = named
            .expression_attribute_values(format!(":new{number}"), string(sealed))
            .expression_attribute_values(format!(":old{number}"), string(&kept.sealed));
        sets.push(format!("{path} = :new{number}"));
        conditions.push(format!("{path} = :old{number}"));
    }
    let update = update
        .update_expression(format!("SET {}", sets.join(", ")))
        .condition_expression(conditions.join(" AND "));
    let update = table.client.send(update).await;
    match update.map_err(SdkError::into_service_error) {
        Ok(_) => Ok(true),
        Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The path to a secret as an expression; its names are added to the update.
fn path(
    mut update: UpdateItemInputBuilder,
    number: usize,
    steps: &[Step],
) -> (UpdateItemInputBuilder, String) {
    let mut path = String::new();
    for (depth, step) in steps.iter().enumerate() {
        match step {
            Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
            Step::Name(name) => {
                let placeholder = format!("#n{number}_{depth}");
                update = update.expression_attribute_names(&placeholder, name);
                let dot = if path.is_empty() { "" } else { "." };
                path.extend([dot, &placeholder]);
            }
        }
    }
    (update, path)
}

async fn read(table: &Table<'_>, item: &Item) -> anyhow::Result<Option<Item>> {
    let get = table.client.get_item().table_name(table.name);
    let get = get.set_key(Some(key(table, item))).consistent_read(true);
    Ok(table.client.send(get).await?.item)
}

fn key(table: &Table<'_>, item: &Item) -> Item {
    let part = |name: &str| (name.to_owned(), AttributeValue::S(text(item, name)));
    HashMap::from([part("clientId"), part(table.id)])
}

fn text(item: &Item, name: &str) -> String {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.cloned().unwrap_or_default()
}

fn string(sealed: &Sealed) -> AttributeValue {
    AttributeValue::S(sealed.as_str().to_owned())
}
