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
    name_account(&account);
    let aggregator = aggregators::find(&account.aggregator).ok_or(FlowFailure::NotSupported(
        "the account's aggregator is not supported by this version",
    ))?;
    Ok(Chosen {
        account,
        aggregator,
    })
}
