//! Where a sealed secret stands.

/// The kinds of items that hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum SecretKind {
    /// A logistic account; its id is the alias.
    Account,
    /// A webhook endpoint.
    Endpoint,
    /// The session of a logistic account; its id is the alias.
    Session,
}

/// The item that a secret belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretOwner<'a> {
    /// The client's id.
    pub client: &'a str,
    /// What it is.
    pub kind: SecretKind,
    /// Its id within the client.
    pub id: &'a str,
}

/// One secret's place: its item and the field in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretPlace<'a> {
    /// The item.
    pub owner: SecretOwner<'a>,
    /// The field; of several that take each other's place, such as signing secrets, one name for all.
    pub field: &'a str,
}

impl<'a> SecretOwner<'a> {
    /// The place of a field.
    pub fn field(self, field: &'a str) -> SecretPlace<'a> {
        SecretPlace { owner: self, field }
    }
}

impl SecretPlace<'_> {
    /// What a ciphertext is bound to. Every part goes with its length, so that no two places are the same bytes.
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
