//! Reads how far the orders of channel accounts were polled.

use futures::future::try_join_all;
use jiff::Timestamp;

use crate::channels;
use crate::domain::account::ChannelAccount;
use crate::domain::selling::order_poll::OrderPoll;
use crate::flows::configuring::save_channel_account::ChannelAccountDependencies;
use crate::flows::failure::FlowFailure;

/// How far an account's orders were polled; `None` if polling is off.
pub async fn channel_poll(
    dependencies: &ChannelAccountDependencies,
    account: &ChannelAccount,
    now: Timestamp,
) -> Result<Option<OrderPoll>, FlowFailure> {
    let adapter = channels::find_configured(&account.channel);
    if !adapter.is_some_and(|adapter| adapter.polls_orders(account)) {
        return Ok(None);
    }
    let polls = &dependencies.polls;
    let stored = polls.read(&account.client_id, &account.alias).await?;
    Ok(Some(OrderPoll::next(stored, account.polled_since, now)))
}

/// The same of several accounts, in their order.
pub async fn channel_polls<'a>(
    dependencies: &ChannelAccountDependencies,
    accounts: impl Iterator<Item = &'a ChannelAccount>,
    now: Timestamp,
) -> Result<Vec<Option<OrderPoll>>, FlowFailure> {
    try_join_all(accounts.map(|account| channel_poll(dependencies, account, now))).await
}
