//! Removes a logistic account and its push credential.

use jiff::Timestamp;
use secrecy::ExposeSecret;

use crate::aggregators::{self, PushProof};
use crate::domain::account::LogisticAccount;
use crate::domain::client::Caller;
use crate::domain::credential::Credential;
use crate::domain::text::AccountAlias;
use crate::domain::version::Precondition;
use crate::flows::configuring::endpoint_desk::MOST_TRIES;
use crate::flows::configuring::live_shipments::live_shipments;
use crate::flows::configuring::save_account::AccountDependencies;
use crate::flows::failure::FlowFailure;
use crate::store::configuring::push_credentials::PushCredential;

/// Removes an account. If it has live shipments, `force` is required: their notifications are then refused, and they
/// can be neither read nor cancelled.
pub async fn remove_account(
    dependencies: &AccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
    precondition: &Precondition,
    force: bool,
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
        if !force {
            let AccountDependencies {
                shipments, history, ..
            } = dependencies;
            let live = live_shipments(shipments, history, &caller.client_id, alias);
            live.await?.refuse_any()?;
        }
        let credential = push_credential(&present.value);
        if desk.remove(&present, credential.as_ref()).await? {
            return Ok(());
        }
    }
    Err(FlowFailure::Contended)
}

/// The account's push credential, as far as needed for its removal.
fn push_credential(account: &LogisticAccount) -> Option<PushCredential> {
    let name = account.push_name.as_ref()?.expose_secret();
    let (client_id, alias) = (account.client_id.clone(), account.alias.clone());
    let pushing = aggregators::find_configured(&account.aggregator)?;
    Some(match pushing.push_proof() {
        PushProof::Token { .. } => PushCredential::token(name, client_id, alias),
        PushProof::Credential => {
            let credential = Credential {
                user_name: name.to_owned(),
                secret: String::new(),
                domain_name: None,
            };
            PushCredential::new(&credential, client_id, alias)
        }
    })
}
