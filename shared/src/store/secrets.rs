//! The secrets of an item: sealed when they are written to a table, opened when they are read.
//!
//! A table that was created without a vault leaves secrets out: a function cannot see or store secrets that it may not
//! open.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::SecretString;

use crate::sealing::failure::SealingFailure;
use crate::sealing::keyring::Keyring;
use crate::sealing::place::{SecretKind, SecretOwner};
use crate::sealing::sealed::Sealed;
use crate::sealing::vault::Vault;
use crate::store::failure::StoreFailure;

/// The field of an account's credentials and of headers, each with its name.
pub(super) const CREDENTIALS: &str = "credentials";
pub(super) const HEADERS: &str = "headers";
/// The field of the name that finds an account's pushes.
pub(super) const PUSH_NAME: &str = "pushName";
/// The field of the token that finds the webhooks of a channel account.
pub(super) const HOOK_TOKEN: &str = "hookToken";
/// The field of all signing secrets: they replace each other.
pub(super) const SIGNING_SECRET: &str = "signingSecret";
/// The field of a session's token.
pub(super) const TOKEN: &str = "token";

/// The secrets of a table's items.
#[derive(Debug, Clone)]
pub(super) struct Secrets {
    vault: Option<Arc<Vault>>,
    kind: SecretKind,
}

impl Secrets {
    /// Secrets that are sealed and opened with this vault.
    pub(super) fn of(kind: SecretKind, vault: Arc<Vault>) -> Self {
        let vault = Some(vault);
        Self { vault, kind }
    }

    /// Secrets that stay sealed.
    pub(super) fn closed(kind: SecretKind) -> Self {
        Self { vault: None, kind }
    }

    /// Opens the secrets of an item; `None` if they stay sealed.
    pub(super) async fn opener<'a>(
        &'a self,
        client: &'a str,
        id: &'a str,
    ) -> Result<Option<Hand<'a>>, StoreFailure> {
        match &self.vault {
            Some(vault) => Ok(Some(self.hand(vault.keyring().await?, client, id))),
            None => Ok(None),
        }
    }

    /// Seals the secrets of an item.
    pub(super) async fn sealer<'a>(
        &'a self,
        client: &'a str,
        id: &'a str,
    ) -> Result<Hand<'a>, StoreFailure> {
        let opener = self.opener(client, id).await?;
        opener.ok_or_else(|| {
            StoreFailure::Sealed(SealingFailure::NoKeyring("this function has none"))
        })
    }

    fn hand<'a>(&self, keyring: &'a Keyring, client: &'a str, id: &'a str) -> Hand<'a> {
        let kind = self.kind;
        Hand {
            keyring,
            owner: SecretOwner { client, kind, id },
        }
    }
}

/// Seals and opens the secrets of an item.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    keyring: &'a Keyring,
    owner: SecretOwner<'a>,
}

impl Hand<'_> {
    pub(super) fn seal(
        &self,
        field: &str,
        secret: &SecretString,
    ) -> Result<Sealed, SealingFailure> {
        self.keyring.seal(self.owner.field(field), secret)
    }

    pub(super) fn open(
        &self,
        field: &str,
        sealed: &Sealed,
    ) -> Result<SecretString, SealingFailure> {
        self.keyring.open(self.owner.field(field), sealed)
    }

    /// Seals named secrets, each bound to its name.
    pub(super) fn seal_named(
        &self,
        field: &str,
        secrets: &BTreeMap<String, SecretString>,
    ) -> Result<BTreeMap<String, Sealed>, SealingFailure> {
        let seal = |(name, secret): (&String, _)| {
            Ok((name.clone(), self.seal(&named(field, name), secret)?))
        };
        secrets.iter().map(seal).collect()
    }

    pub(super) fn open_named(
        &self,
        field: &str,
        sealed: &BTreeMap<String, Sealed>,
    ) -> Result<BTreeMap<String, SecretString>, SealingFailure> {
        let open = |(name, sealed): (&String, _)| {
            Ok((name.clone(), self.open(&named(field, name), sealed)?))
        };
        sealed.iter().map(open).collect()
    }
}

fn named(field: &str, name: &str) -> String {
    format!("{field}.{name}")
}

/// A step of the path from an item to an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the attribute with this name.
    Name(String),
    /// To the list element with this index.
    Index(usize),
}

/// A sealed secret within an item.
#[derive(Debug, Clone)]
pub struct SealedSecret {
    /// Its path.
    pub path: Vec<Step>,
    /// Its value.
    pub sealed: Sealed,
    field: String,
}

impl SealedSecret {
    /// The same secret, sealed with the keyring's newest key; `None` if it already is.
    pub fn resealed(
        &self,
        keyring: &Keyring,
        owner: SecretOwner<'_>,
    ) -> Result<Option<Sealed>, SealingFailure> {
        if keyring.is_of_newest(&self.sealed) {
            return Ok(None);
        }
        let place = owner.field(&self.field);
        let secret = keyring.open(place, &self.sealed)?;
        keyring.seal(place, &secret).map(Some)
    }
}

/// All sealed secrets of an item.
pub fn kept_in<S: BuildHasher>(
    kind: SecretKind,
    item: &HashMap<String, AttributeValue, S>,
) -> Vec<SealedSecret> {
    match kind {
        SecretKind::Account => all_named(item, CREDENTIALS)
            .into_iter()
            .chain(plain(item, PUSH_NAME))
            .collect(),
        SecretKind::ChannelAccount => all_named(item, CREDENTIALS)
            .into_iter()
            .chain(plain(item, HOOK_TOKEN))
            .collect(),
        SecretKind::Endpoint => all_named(item, HEADERS)
            .into_iter()
            .chain(signing_secrets(item))
            .collect(),
        SecretKind::Session => [TOKEN, CREDENTIALS]
            .iter()
            .filter_map(|name| plain(item, name))
            .collect(),
        SecretKind::Console => Vec::new(),
    }
}

/// A secret that is an attribute of the item itself.
fn plain<S: BuildHasher>(
    item: &HashMap<String, AttributeValue, S>,
    name: &str,
) -> Option<SealedSecret> {
    let path = vec![Step::Name(name.to_owned())];
    kept(path, name.to_owned(), item.get(name)?)
}

fn all_named<S: BuildHasher>(
    item: &HashMap<String, AttributeValue, S>,
    field: &str,
) -> Vec<SealedSecret> {
    let values = item.get(field).and_then(|value| value.as_m().ok());
    let one = |(name, value): (&String, &AttributeValue)| {
        let path = vec![Step::Name(field.to_owned()), Step::Name(name.clone())];
        kept(path, named(field, name), value)
    };
    values.into_iter().flatten().filter_map(one).collect()
}

fn signing_secrets<S: BuildHasher>(item: &HashMap<String, AttributeValue, S>) -> Vec<SealedSecret> {
    let list = |name: &str| {
        let list = item.get(name).and_then(|value| value.as_l().ok());
        list.map_or(&[][..], Vec::as_slice).iter().enumerate()
    };
    let step = |name: &str, index| vec![Step::Name(name.to_owned()), Step::Index(index)];
    let lasting = list("signingSecrets").filter_map(|(index, value)| {
        kept(
            step("signingSecrets", index),
            SIGNING_SECRET.to_owned(),
            value,
        )
    });
    let replaced = list("replacedSecrets").filter_map(|(index, value)| {
        let mut path = step("replacedSecrets", index);
        path.push(Step::Name("secret".to_owned()));
        kept(
            path,
            SIGNING_SECRET.to_owned(),
            value.as_m().ok()?.get("secret")?,
        )
    });
    lasting.chain(replaced).collect()
}

fn kept(path: Vec<Step>, field: String, value: &AttributeValue) -> Option<SealedSecret> {
    let sealed = Sealed::stored(value.as_s().ok()?.clone());
    Some(SealedSecret {
        path,
        sealed,
        field,
    })
}
