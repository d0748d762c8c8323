//! The place of a sealed secret.

use strum::IntoEnumIterator;

/// The kinds of items that hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "lowercase")]
pub enum SecretKind {
    /// A logistic account; its id is the alias.
    Account,
    /// A webhook endpoint.
    Endpoint,
    /// The session of an account; its id is the alias, of a channel account with a prefix.
    Session,
    /// A channel account; its id is the alias.
    ChannelAccount,
    /// A session or a one-time link of the console, in a cookie or a URL and in no table. The client and the id are empty:
    /// they are known only once it is open.
    Console,
}

impl SecretKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }
}

/// The item that contains a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretOwner<'a> {
    /// The client's id.
    pub client: &'a str,
    /// The kind of the item.
    pub kind: SecretKind,
    /// The item's id within the client.
    pub id: &'a str,
}

/// The place of a secret: its item and field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretPlace<'a> {
    /// The item.
    pub owner: SecretOwner<'a>,
    /// The field. Secrets that replace each other, such as signing secrets, share one name.
    pub field: &'a str,
}

impl<'a> SecretOwner<'a> {
    /// The place of a field.
    pub fn field(self, field: &'a str) -> SecretPlace<'a> {
        SecretPlace { owner: self, field }
    }
}

impl SecretPlace<'_> {
    /// The data that a ciphertext is bound to. Each part has a length prefix, so that two places never have the same
    /// bytes.
    pub(super) fn associated_data(&self, header: &str) -> Vec<u8> {
        let kind = self.owner.kind.to_string();
        let parts = [header, self.owner.client, &kind, self.owner.id, self.field];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&part.len().to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}
