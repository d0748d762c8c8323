//! The table of push credentials: a user name or a token gives an account and the proof that it requires. Pushes of
//! aggregators and webhooks of channels have separate names, so one can never be used for the other.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put};
use serde::{Deserialize, Serialize};
use serde_dynamo::to_item;
use subtle::ConstantTimeEq;

use crate::aws::DynamoDb;
use crate::domain::credential::Credential;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;
use crate::store::keys::{api_key_hash, hook_token_hash, push_token_hash, push_user_hash};
use crate::store::transaction::Part;

/// The table.
#[derive(Debug)]
pub struct PushCredentials {
    client: DynamoDb,
    table: String,
}

/// The name by which a push's credential is found.
#[derive(Debug, Clone, Copy)]
pub enum PushName<'a> {
    /// A user name.
    User(&'a str),
    /// The token in the push's URL.
    Token(&'a str),
    /// The token in the URL of a channel's webhooks.
    Hook(&'a str),
}

/// The proof that pushes of an account require, and the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushCredential {
    credential_hash: String,
    /// Absent for a token in a push URL, which is itself the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain_name: Option<String>,
    /// The account's client.
    pub client_id: ClientId,
    /// The account.
    pub alias: AccountAlias,
}

impl PushName<'_> {
    pub(super) fn hash(self) -> String {
        match self {
            Self::User(name) => push_user_hash(name),
            Self::Token(token) => push_token_hash(token),
            Self::Hook(token) => hook_token_hash(token),
        }
    }
}

impl PushCredential {
    /// The credential for the token in an account's push URL. Only its hash is stored.
    pub fn token(token: &str, client_id: ClientId, alias: AccountAlias) -> Self {
        Self {
            credential_hash: push_token_hash(token),
            secret_hash: None,
            domain_name: None,
            client_id,
            alias,
        }
    }

    /// The credential for the token in a channel account's webhook URL. Only its hash is stored.
    pub fn hook(token: &str, client_id: ClientId, alias: AccountAlias) -> Self {
        Self {
            credential_hash: hook_token_hash(token),
            ..Self::token(token, client_id, alias)
        }
    }

    /// The credential of an account. Only hashes of the user name and the secret are stored.
    pub fn new(proof: &Credential, client_id: ClientId, alias: AccountAlias) -> Self {
        Self {
            credential_hash: push_user_hash(&proof.user_name),
            secret_hash: Some(api_key_hash(&proof.secret)),
            domain_name: proof.domain_name.clone(),
            client_id,
            alias,
        }
    }

    /// Whether the secret of its user name matches.
    pub fn is_proved_by(&self, proof: &Credential) -> bool {
        let Some(wanted) = &self.secret_hash else {
            return false;
        };
        let secret = api_key_hash(&proof.secret);
        let same_secret: bool = wanted.as_bytes().ct_eq(secret.as_bytes()).into();
        let same_domain = match (&self.domain_name, &proof.domain_name) {
            (Some(wanted), Some(given)) => wanted == given,
            (Some(_) | None, None) | (None, Some(_)) => true,
        };
        same_secret && same_domain
    }
}

impl PushCredentials {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The credential with that name, read directly.
    pub async fn read(&self, name: PushName<'_>) -> Result<Option<PushCredential>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("credentialHash", AttributeValue::S(name.hash()))
            // A credential that was just created is valid at once.
            .consistent_read(true);
        let found = self.client.send(read).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// The write of a new credential, for the transaction that writes its account.
    pub fn adding(&self, credential: &PushCredential) -> Result<Part, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(credential)?))
            .condition_expression("attribute_not_exists(credentialHash)")
            .build()?;
        Ok(put.into())
    }

    /// The removal of a credential, for the transaction that removes its account.
    pub fn removing(&self, credential: &PushCredential) -> Result<Part, StoreFailure> {
        let hash = AttributeValue::S(credential.credential_hash.clone());
        let delete = Delete::builder()
            .table_name(&self.table)
            .key("credentialHash", hash)
            .condition_expression("attribute_not_exists(credentialHash) OR clientId = :client")
            .expression_attribute_values(
                ":client",
                AttributeValue::S(credential.client_id.to_string()),
            )
            .build()?;
        Ok(delete.into())
    }

    /// Stores a new credential.
    pub async fn add(&self, credential: &PushCredential) -> Result<(), StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(credential)?))
            .condition_expression("attribute_not_exists(credentialHash)");
        self.client.send(put).await?;
        Ok(())
    }
}
