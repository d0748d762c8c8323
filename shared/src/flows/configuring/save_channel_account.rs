//! Creates or changes a channel account.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use crate::channels::{self, ConfiguresChannel};
use crate::domain::account::ChannelAccount;
use crate::domain::audit::AuditSubject;
use crate::domain::channel_account_request::ChannelAccountRequest;
use crate::domain::client::Caller;
use crate::domain::draft::Draft;
use crate::domain::text::{AccountAlias, ClientId};
use crate::domain::version::{Precondition, Versioned};
use crate::flows::configuring::endpoint_desk::MOST_TRIES;
use crate::flows::configuring::partner_desk::{PartnerDesk, vet_urls};
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::random;
use crate::store::booking::sessions::Sessions;
use crate::store::channelling::order_polls::OrderPolls;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::store::configuring::push_credentials::{PushCredential, PushCredentials};

/// The dependencies of configuring channel accounts.
#[derive(Debug)]
pub struct ChannelAccountDependencies {
    /// The accounts.
    pub accounts: ChannelAccounts,
    /// The versions of clients' configurations; every change of an account raises one.
    pub versions: ConfigurationVersions,
    /// The credentials of their webhooks.
    pub push_credentials: PushCredentials,
    /// The sessions with channels, for checking an account.
    pub sessions: Sessions,
    /// The audit log.
    pub audit: AuditLog,
    /// The transport.
    pub outbound: Outbound,
    /// How far the accounts' orders were polled.
    pub polls: OrderPolls,
}

/// A saved channel account.
#[derive(Debug)]
pub struct SavedChannelAccount {
    /// The account and its version.
    pub account: Versioned<ChannelAccount>,
    /// Whether this request created it.
    pub made: bool,
}

impl ChannelAccountDependencies {
    /// The desk for changes by this caller.
    pub(super) fn desk<'a>(
        &'a self,
        caller: &'a Caller,
        now: Timestamp,
    ) -> PartnerDesk<'a, ChannelAccount> {
        PartnerDesk {
            accounts: &self.accounts,
            versions: &self.versions,
            push_credentials: &self.push_credentials,
            audit: &self.audit,
            subject: AuditSubject::ChannelAccount,
            caller,
            now,
        }
    }
}

/// Creates or changes a channel account. A request without changes writes nothing.
pub async fn save_channel_account(
    dependencies: &ChannelAccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
    request: &ChannelAccountRequest,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<SavedChannelAccount, FlowFailure> {
    vet_urls(&dependencies.outbound, &request.urls).await?;
    let desk = dependencies.desk(caller, now);
    for _ in 0..MOST_TRIES {
        let present = desk.expected(alias, precondition).await?;
        let before = present.as_ref().map(|present| &present.value);
        let (draft, credential) = draft((&caller.client_id, alias), before, request, now)?;
        if let Some(written) = desk.write(present, draft, credential.as_ref()).await? {
            return Ok(SavedChannelAccount {
                account: written.account,
                made: written.made,
            });
        }
    }
    Err(FlowFailure::Contended)
}

/// The requested account, with the credential of its webhooks if that is new.
fn draft(
    of: (&ClientId, &AccountAlias),
    present: Option<&ChannelAccount>,
    request: &ChannelAccountRequest,
    now: Timestamp,
) -> Result<(Draft<ChannelAccount>, Option<PushCredential>), FlowFailure> {
    let adapter = channels::find_configured(&request.channel).ok_or_else(|| {
        FlowFailure::of_field("/channel", format!("{} is not known", request.channel))
    })?;
    request.check_channel(present)?;
    let stored = present.and_then(|present| present.hook_token.clone());
    let token = new_token(adapter, stored.as_ref())?;
    let credential = token.as_ref().map(|token| {
        let (client_id, alias) = of;
        PushCredential::hook(token.expose_secret(), client_id.clone(), alias.clone())
    });
    let mut draft = request.draft(of, adapter.form(), present, stored.or(token))?;
    if adapter.polls_orders(&draft.value) {
        draft.value.polled_since = match present {
            Some(present) if adapter.polls_orders(present) => present.polled_since,
            Some(_) | None => Some(now),
        };
    }
    let wrong = adapter.wrong_fields(&draft.value);
    if wrong.is_empty() {
        Ok((draft, credential))
    } else {
        Err(wrong.into())
    }
}

/// A new token for the account's webhook URL, if its channel sends webhooks and it has none.
fn new_token(
    adapter: &dyn ConfiguresChannel,
    stored: Option<&SecretString>,
) -> Result<Option<SecretString>, FlowFailure> {
    if stored.is_some() || !adapter.sends_hooks() {
        return Ok(None);
    }
    Ok(Some(random::secret_hex()?.into()))
}
