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
    let mut after = None;
    let mut only = None;
    let mut is_any = false;
    loop {
        let page = accounts.page(client_id, after.as_ref()).await?;
        for account in page.items {
            is_any = true;
            let fit = chosen(Arc::new(account.value)).ok().filter(&fits);
            if fit.is_some() && only.is_some() {
                return Err(FlowFailure::UnknownAlias(
                    "logisticAccountAlias is required: several of the client's accounts can do this",
                ));
            }
            only = only.or(fit);
        }
        after = page.next.and_then(|next| next.parse().ok());
        if after.is_none() {
            break;
        }
    }
    match only {
        Some(only) => {
            name_account(&only.account);
            Ok(only)
        }
        None if is_any => Err(FlowFailure::NotSupported(lacking)),
        None => Err(FlowFailure::UnknownAlias("the client has no account")),
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
    let aggregator = aggregators::find(&account.aggregator).ok_or(FlowFailure::NotSupported(
        "the account's aggregator is not supported by this version",
    ))?;
    Ok(Chosen {
        account,
        aggregator,
    })
}
