//! The owner of a push: its credential and the credential's account.
//!
//! An instance caches both together with a version of the client's configuration, so neither is used after the account
//! was changed or removed.

use std::sync::Arc;

use crate::domain::account::LogisticAccount;
use crate::domain::credential::Credential;
use crate::domain::version::{Version, Versioned};
use crate::store::cached::Cached;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::push_credentials::{PushCredential, PushCredentials, PushName};
use crate::store::failure::StoreFailure;

/// The tables of credentials and accounts.
#[derive(Debug)]
pub struct PushOwners {
    credentials: PushCredentials,
    accounts: Accounts,
    known: Cached<String, Arc<PushOwner>>,
}

/// A credential with its account.
#[derive(Debug)]
pub struct PushOwner {
    credential: PushCredential,
    /// The account.
    pub account: Versioned<LogisticAccount>,
    as_of: Option<Version>,
}

impl PushOwners {
    /// The owners in these tables.
    pub fn new(credentials: PushCredentials, accounts: Accounts) -> Self {
        Self {
            credentials,
            accounts,
            known: Cached::default(),
        }
    }

    /// The owner, as cached by this instance.
    pub async fn remembered(
        &self,
        name: PushName<'_>,
    ) -> Result<Option<Arc<PushOwner>>, StoreFailure> {
        let hash = name.hash();
        let read = async || Box::pin(self.read(name, None)).await;
        self.known.find(&hash, read).await
    }

    /// The owner: the cached one if it has this version of the client's configuration, otherwise it is read.
    pub async fn as_of(
        &self,
        name: PushName<'_>,
        version: &Version,
    ) -> Result<Option<Arc<PushOwner>>, StoreFailure> {
        let hash = name.hash();
        let read = async || Box::pin(self.read(name, Some(version))).await;
        let fit = |owner: &Arc<PushOwner>| owner.is_as_of(version);
        self.known.find_where(&hash, fit, read).await
    }

    /// The current owner.
    pub async fn now(&self, name: PushName<'_>) -> Result<Option<Arc<PushOwner>>, StoreFailure> {
        Box::pin(self.read(name, None)).await
    }

    /// `as_of` was the version before this read, so the result is at least as new. The future is boxed, because this
    /// read is rare and the future of each push should stay small.
    async fn read(
        &self,
        name: PushName<'_>,
        as_of: Option<&Version>,
    ) -> Result<Option<Arc<PushOwner>>, StoreFailure> {
        let Some(credential) = self.credentials.read(name).await? else {
            return Ok(None);
        };
        let (client_id, alias) = (&credential.client_id, &credential.alias);
        let account = self.accounts.read(client_id, alias).await?;
        Ok(account.map(|account| {
            Arc::new(PushOwner {
                credential,
                account,
                as_of: as_of.cloned(),
            })
        }))
    }
}

impl PushOwner {
    /// Whether the secret of a user name is the credential's.
    pub fn is_proved_by(&self, proof: &Credential) -> bool {
        self.credential.is_proved_by(proof)
    }

    /// Whether it has this version of its client's configuration.
    pub fn is_as_of(&self, version: &Version) -> bool {
        self.as_of.as_ref() == Some(version)
    }
}
