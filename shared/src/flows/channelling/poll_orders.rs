//! Tells which orders changed in the channels whose accounts want that: reads the changed orders of each account page by page, and
//! sends every change as a message once.
//!
//! One run at a time works on an account, under a lease. What it is about to tell is written down first, then stored and sent,
//! and the place in the list only then: a run that is killed is continued by the next one without a gap, and what it told is
//! found and not told again.

mod failure;
mod run;
mod tell;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::channels::{RegistersChannel, all_with_orders, find_with_orders};
use crate::clock;
use crate::domain::selling::order_poll::OrderPoll;
use crate::domain::text::{AccountAlias, ClientId, RequestId};
use crate::flows::channelling::dependencies::OrderPollDependencies;
use crate::flows::channelling::poll_orders::failure::{OrderPollFailure, asked_wait, words};
use crate::flows::channelling::poll_orders::run::{Ended, LEASE, OrderRun};
use crate::flows::channelling::polled_accounts::{count_lag, poll_each};
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::Metric;

/// How many accounts are polled at once: a page of large orders takes a few MB.
const ACCOUNTS_AT_ONCE: usize = 4;

/// Polls the orders of the channel accounts of all clients until `end`.
pub async fn poll_orders(
    dependencies: &OrderPollDependencies,
    end: Instant,
) -> Result<(), StoreFailure> {
    let channels = all_with_orders().map(RegistersChannel::name);
    let poll = async |client: &ClientId, alias: &AccountAlias, run: &RequestId| {
        poll(dependencies, (client, alias), run, end).await
    };
    poll_each(&dependencies.accounts, channels, ACCOUNTS_AT_ONCE, poll).await
}

async fn poll(
    dependencies: &OrderPollDependencies,
    (client, alias): (&ClientId, &AccountAlias),
    run: &RequestId,
    end: Instant,
) -> Result<(), OrderPollFailure> {
    let account = dependencies.accounts.present(client, alias).await?;
    let Some(account) = account.filter(|account| account.enabled) else {
        return Ok(());
    };
    let channel = find_with_orders(&account.channel);
    let Some(channel) = channel.filter(|channel| channel.polls_orders(&account)) else {
        return Ok(());
    };
    let now = clock::now();
    let held_until = Instant::now() + LEASE;
    let polls = &dependencies.polls;
    let Some((lease, stored)) = polls.lease(client, alias, now, LEASE).await? else {
        return Ok(());
    };
    let poll = OrderPoll::next(stored, account.polled_since, now);
    let run = OrderRun {
        dependencies,
        account: &account,
        channel,
        lease: &lease,
        id: run,
        end,
        held_until,
    };
    run_and_release(run, poll, now).await
}

/// Works on an account, and returns its lease with what is left for the next run.
async fn run_and_release(
    mut run: OrderRun<'_>,
    mut poll: OrderPoll,
    now: Timestamp,
) -> Result<(), OrderPollFailure> {
    let (polls, lease) = (&run.dependencies.polls, run.lease);
    if !poll.is_due(now) {
        return Ok(polls.release(lease, &poll).await?);
    }
    poll.last_run_at = Some(now);
    let worked = run.work(&mut poll).await;
    count_lag(
        run.account.channel.as_str(),
        Metric::ChannelLag,
        poll.caught_up_at,
    );
    let failure = match worked {
        Ok(Ended::InOrder) => {
            poll.succeeded();
            return Ok(polls.release(lease, &poll).await?);
        }
        Ok(Ended::Outrun) => return Ok(()),
        Err(failure) => failure,
    };
    match &failure {
        OrderPollFailure::Channel(channel) => {
            poll.channel_failed(words(channel), asked_wait(channel), clock::now());
        }
        OrderPollFailure::Store(_) | OrderPollFailure::Publish(_) => {
            poll.last_error =
                Some("RMS could not store or send a change: the next run tries again".to_owned());
        }
    }
    polls.release(lease, &poll).await?;
    Err(failure)
}
