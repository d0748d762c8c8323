//! Removes a channel account and the credential of its webhooks.

use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use crate::domain::account::ChannelAccount;
use crate::domain::client::Caller;
use crate::domain::text::AccountAlias;
use crate::domain::version::Precondition;
use crate::flows::configuring::endpoint_desk::MOST_TRIES;
use crate::flows::configuring::save_channel_account::ChannelAccountDependencies;
use crate::flows::failure::FlowFailure;
use crate::store::configuring::push_credentials::PushCredential;

/// Removes a channel account. Its webhooks are refused from then on.
pub async fn remove_channel_account(
    dependencies: &ChannelAccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let desk = dependencies.desk(caller, now);
    for _ in 0..MOST_TRIES {
        // A missing account is not found, whatever version the caller expects.
        let present = desk.expected(alias, &Precondition::None).await?;
        let present = present.ok_or(FlowFailure::NotFound("account not found"))?;
        if !precondition.holds(Some(&present.version)) {
            return Err(FlowFailure::Stale);
        }
        let credential = credential(&present.value);
        if desk.remove(&present, credential.as_ref()).await? {
            return Ok(());
        }
    }
    Err(FlowFailure::Contended)
}

fn credential(account: &ChannelAccount) -> Option<PushCredential> {
    let token = account.hook_token.as_ref()?.expose_secret();
    let (client_id, alias) = (account.client_id.clone(), account.alias.clone());
    Some(PushCredential::hook(token, client_id, alias))
}
