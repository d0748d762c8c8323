//! Selects the account of a request, and its adapter.

use std::sync::Arc;

use crate::aggregators::{self, Aggregator};
use crate::domain::account::LogisticAccount;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::booking::traced::name_account;
use crate::flows::failure::FlowFailure;
use crate::store::configuring::accounts::Accounts;

/// An account and its adapter.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The account.
    pub account: Arc<LogisticAccount>,
    /// The adapter.
    pub aggregator: &'static dyn Aggregator,
}

/// Selects the account with an alias, or the client's only account. It is read directly, because a purchase with it cannot
/// be undone.
pub async fn choose(
    accounts: &Accounts,
    client_id: &ClientId,
    alias: Option<&AccountAlias>,
) -> Result<Chosen, FlowFailure> {
    let account = match alias {
        Some(alias) => accounts
            .present(client_id, alias)
            .await?
            .ok_or(FlowFailure::UnknownAlias("account not found"))?,
        None => accounts
            .only(client_id)
            .await?
            .ok_or(FlowFailure::UnknownAlias(
                "logisticAccountAlias is required: the client has no account or several",
            ))?,
    };
    chosen(account)
}

/// Selects the account with an alias, or the client's only one that `fits`; `lacking` says what the others do not do.
pub(super) async fn choose_fitting(
    accounts: &Accounts,
    client_id: &ClientId,
    alias: Option<&AccountAlias>,
    fits: impl Fn(&Chosen) -> bool,
    lacking: &'static str,
) -> Result<Chosen, FlowFailure> {
    if let Some(alias) = alias {
        let chosen = choose(accounts, client_id, Some(alias)).await?;
        return fitting(chosen, fits, lacking);
    }
    let is_fit = |account: &Arc<LogisticAccount>| {
        let chosen = with_adapter(Arc::clone(account));
        chosen.is_ok_and(|chosen| fits(&chosen))
    };
    let (mut found, count) = accounts.fitting(client_id, is_fit).await?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => chosen(only),
        (Some(_), false) => Err(FlowFailure::UnknownAlias(
            "logisticAccountAlias is required: several of the client's accounts can do this",
        )),
        (None, _) if count > 0 => Err(FlowFailure::NotSupported(lacking)),
        (None, _) => Err(FlowFailure::UnknownAlias("the client has no account")),
    }
}

fn fitting(
    chosen: Chosen,
    fits: impl Fn(&Chosen) -> bool,
    lacking: &'static str,
) -> Result<Chosen, FlowFailure> {
    if fits(&chosen) {
        Ok(chosen)
    } else {
        Err(FlowFailure::NotSupported(lacking))
    }
}

fn chosen(account: Arc<LogisticAccount>) -> Result<Chosen, FlowFailure> {
    name_account(&account);
    with_adapter(account)
}

fn with_adapter(account: Arc<LogisticAccount>) -> Result<Chosen, FlowFailure> {
    let aggregator = aggregators::find(&account.aggregator).ok_or(FlowFailure::NotSupported(
        "the account's aggregator is not supported by this version",
    ))?;
    Ok(Chosen {
        account,
        aggregator,
    })
}
