//! The table of sessions with partners that require a login: one token per account, shared by all instances.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_dynamo::to_item;

use crate::aws::DynamoDb;
use crate::digest::{Sha256, hex};
use crate::domain::account::{PartnerAccount, PartnerKind};
use crate::domain::account_standing::AccountStanding;
use crate::sealing::place::SecretKind;
use crate::sealing::sealed::Sealed;
use crate::sealing::vault::Vault;
use crate::store::cached::Cached;
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;
use crate::store::secrets::{CREDENTIALS, Secrets, TOKEN};

/// The prefix of a channel account's alias.
pub(super) const OF_CHANNEL: &str = "channel#";

/// The table.
#[derive(Debug)]
pub struct Sessions {
    pub(super) client: DynamoDb,
    pub(super) table: String,
    secrets: Secrets,
    known: Cached<String, Session>,
    /// The standings of accounts, by the keys of their items; `None` of an account that was never refused.
    pub(super) standings: Cached<(String, String), Option<AccountStanding>>,
}

/// A token with its expiry.
#[derive(Debug, Clone)]
pub struct Session {
    /// The token.
    pub token: SecretString,
    /// When it expires.
    pub ends_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct SessionItem {
    client_id: String,
    alias: String,
    /// Digest of the credentials that were used: other credentials need another session. It is sealed too, so that it
    /// cannot be used to guess passwords.
    credentials: Sealed,
    token: Sealed,
    /// In epoch seconds; DynamoDB removes the item then.
    expires_at: i64,
}

impl Sessions {
    /// The table with this name; the vault seals and opens its tokens.
    pub fn new(client: DynamoDb, table: String, vault: Arc<Vault>) -> Self {
        Self {
            client,
            table,
            secrets: Secrets::of(SecretKind::Session, vault),
            known: Cached::default(),
            standings: Cached::default(),
        }
    }

    /// The account's session, as cached by this instance.
    pub fn remembered(&self, account: PartnerAccount<'_>, now: Timestamp) -> Option<Session> {
        let session = self.known.get(&name(account))?;
        (session.ends_at > now).then_some(session)
    }

    /// The account's stored session.
    pub async fn read(
        &self,
        account: PartnerAccount<'_>,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(account.client_id.to_string()))
            .key("alias", AttributeValue::S(stored_alias(account)))
            .consistent_read(true);
        let found = self.client.send(read).await?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        let item: SessionItem = from_item(item)?;
        let opener = self.secrets.sealer(&item.client_id, &item.alias).await?;
        let session = Session {
            token: opener.open(TOKEN, &item.token)?,
            ends_at: Timestamp::from_second(item.expires_at).unwrap_or(now),
        };
        let got_with = opener.open(CREDENTIALS, &item.credentials)?;
        let is_usable = got_with.expose_secret() == credentials(account) && session.ends_at > now;
        if is_usable {
            self.known.put(name(account), session.clone());
        }
        Ok(is_usable.then_some(session))
    }

    /// Stores a session. It replaces any other: the newest login is right.
    pub async fn keep(
        &self,
        account: PartnerAccount<'_>,
        session: &Session,
    ) -> Result<(), StoreFailure> {
        self.known.put(name(account), session.clone());
        let (client, alias) = (account.client_id.as_str(), stored_alias(account));
        let sealer = self.secrets.sealer(client, &alias).await?;
        let item = SessionItem {
            client_id: client.to_owned(),
            credentials: sealer.seal(CREDENTIALS, &credentials(account).into())?,
            token: sealer.seal(TOKEN, &session.token)?,
            expires_at: session.ends_at.as_second(),
            alias,
        };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?));
        self.client.send(put).await?;
        Ok(())
    }
}

/// The stored alias of an account. Accounts of different kinds may have the same one; that of a channel account has a
/// prefix that no alias can have.
pub(super) fn stored_alias(account: PartnerAccount<'_>) -> String {
    match account.kind {
        PartnerKind::Aggregator => account.alias.to_string(),
        PartnerKind::Channel => format!("{OF_CHANNEL}{}", account.alias),
    }
}

/// The cache key of a session.
fn name(account: PartnerAccount<'_>) -> String {
    format!(
        "{}#{}#{}",
        account.client_id,
        stored_alias(account),
        credentials(account)
    )
}

fn credentials(account: PartnerAccount<'_>) -> String {
    let mut digest = Sha256::new();
    for (name, value) in account.credentials {
        digest.update(name);
        digest.update([0]);
        digest.update(value.expose_secret());
        digest.update([0]);
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn accounts_of_different_kinds_with_one_alias_have_sessions_of_their_own() {
        let (client_id, alias) = ("demo".parse().unwrap(), "shop".parse().unwrap());
        let of = |kind| {
            name(PartnerAccount {
                client_id: &client_id,
                alias: &alias,
                kind,
                partner: "ONE",
                credentials: &BTreeMap::new(),
                urls: &BTreeMap::new(),
            })
        };
        assert_ne!(of(PartnerKind::Aggregator), of(PartnerKind::Channel));
    }
}
