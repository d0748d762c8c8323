//! Authenticates a channel's webhook before anything in it is read.

use std::sync::Arc;

use http::HeaderMap;

use crate::channels::{ReadHook, SendsHooks, find_sending};
use crate::contract::fields::Unreadable;
use crate::domain::account::ChannelAccount;
use crate::flows::channelling::dependencies::HookDependencies;
use crate::store::configuring::push_credentials::PushName;
use crate::store::failure::StoreFailure;
use crate::telemetry::set_field;

/// An authenticated webhook. Only this file creates one, so no unauthenticated webhook is read.
#[derive(Debug)]
pub struct ProvedHook<'a> {
    account: Arc<ChannelAccount>,
    channel: &'static dyn SendsHooks,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

/// Authenticates a webhook: the token in its URL names the account, and the account's channel checks the rest. `None` if any of
/// it is invalid. Token and account are read from their tables each time, so a new secret is valid at once.
pub async fn prove<'a>(
    dependencies: &HookDependencies,
    token: &str,
    headers: &'a HeaderMap,
    body: &'a [u8],
) -> Result<Option<ProvedHook<'a>>, StoreFailure> {
    let credentials = &dependencies.credentials;
    let Some(credential) = credentials.read(PushName::Hook(token)).await? else {
        return Ok(None);
    };
    let (client, alias) = (&credential.client_id, &credential.alias);
    let Some(account) = dependencies.accounts.present(client, alias).await? else {
        return Ok(None);
    };
    let channel = find_sending(&account.channel);
    let channel = channel.filter(|channel| channel.is_authentic(&account, headers, body));
    Ok(channel.map(|channel| {
        set_field("client_id", &account.client_id);
        set_field("alias", &account.alias);
        set_field("partner", &account.channel);
        ProvedHook {
            account,
            channel,
            headers,
            body,
        }
    }))
}

impl ProvedHook<'_> {
    /// The account for which it was authenticated.
    pub(in crate::flows::channelling) fn account(&self) -> &ChannelAccount {
        &self.account
    }

    /// Its content.
    pub(in crate::flows::channelling) fn read(&self) -> Result<ReadHook, Unreadable> {
        self.channel
            .read_hook(&self.account, self.headers, self.body)
    }
}
