//! What changing an account is, whatever its partner: the URLs are checked, the stored account is read, the difference is
//! written with its audit entry, a new version of the client's configuration and the credential of its pushes.

use jiff::Timestamp;
use url::Url;

use crate::contract::fields::Violation;
use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::client::Caller;
use crate::domain::draft::Draft;
use crate::domain::text::{AccountAlias, AccountAliasRule};
use crate::domain::version::{Precondition, Versioned};
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::configured::{Configured, ConfiguredTable};
use crate::store::configuring::push_credentials::{PushCredential, PushCredentials};

/// The tables of a change, and who makes it when.
pub(super) struct PartnerDesk<'a, T: Configured> {
    pub(super) accounts: &'a ConfiguredTable<T>,
    pub(super) versions: &'a ConfigurationVersions,
    pub(super) push_credentials: &'a PushCredentials,
    pub(super) audit: &'a AuditLog,
    /// The kind of the accounts in the audit.
    pub(super) subject: AuditSubject,
    pub(super) caller: &'a Caller,
    pub(super) now: Timestamp,
}

/// An account as it is stored now.
pub(super) struct Written<T> {
    pub(super) account: Versioned<T>,
    /// Whether this request created it.
    pub(super) made: bool,
}

impl<T: Configured<NameRule = AccountAliasRule>> PartnerDesk<'_, T> {
    /// The stored account, if it is as the caller expects.
    pub(super) async fn expected(
        &self,
        alias: &AccountAlias,
        precondition: &Precondition,
    ) -> Result<Option<Versioned<T>>, FlowFailure> {
        let present = self.accounts.read(&self.caller.client_id, alias).await?;
        if precondition.holds(present.as_ref().map(|present| &present.version)) {
            Ok(present)
        } else {
            Err(FlowFailure::Stale)
        }
    }

    /// Writes a draft, with the credential of its pushes if that is new. A draft without changes writes nothing. `None`:
    /// another writer was faster.
    pub(super) async fn write(
        &self,
        present: Option<Versioned<T>>,
        draft: Draft<T>,
        credential: Option<&PushCredential>,
    ) -> Result<Option<Written<T>>, FlowFailure> {
        let made = present.is_none();
        let (client_id, alias) = draft.value.key();
        let change = draft.change(self.subject, alias.to_string(), made);
        let raised = self.versions.raised(client_id)?;
        let seen = match present {
            Some(account) if draft.fields.is_empty() => {
                return Ok(Some(Written { account, made }));
            }
            present => present.map(|present| present.version),
        };
        let mut others = vec![self.audit.record(self.caller, change, self.now)?, raised];
        if let Some(credential) = credential {
            others.push(self.push_credentials.adding(credential)?);
        }
        let written = self.accounts.save(&draft.value, seen.as_ref(), others);
        Ok(written.await?.map(|version| Written {
            account: Versioned {
                value: draft.value,
                version,
            },
            made,
        }))
    }

    /// Removes an account with the credential of its pushes. `false`: another writer was faster.
    pub(super) async fn remove(
        &self,
        present: &Versioned<T>,
        credential: Option<&PushCredential>,
    ) -> Result<bool, FlowFailure> {
        let (client_id, alias) = present.value.key();
        let change = Change::of(self.subject, alias.to_string(), Action::Deleted);
        let mut others = vec![self.audit.record(self.caller, change, self.now)?];
        if let Some(credential) = credential {
            others.push(self.push_credentials.removing(credential)?);
        }
        let (seen, versions) = (&present.version, self.versions);
        let removed = self
            .accounts
            .remove(client_id, alias, seen, versions, others);
        Ok(removed.await?)
    }
}

/// Checks that each URL of an account may be called and that its name resolves.
pub(super) async fn vet_urls<'a>(
    outbound: &Outbound,
    urls: impl IntoIterator<Item = (&'a String, &'a Url)>,
) -> Result<(), FlowFailure> {
    let mut unfit = Vec::new();
    for (name, url) in urls {
        if let Err(error) = outbound.vet(url).await {
            unfit.push(Violation {
                pointer: format!("/urls/{name}"),
                detail: error.to_string(),
            });
        }
    }
    if unfit.is_empty() {
        Ok(())
    } else {
        Err(FlowFailure::Invalid(unfit))
    }
}
