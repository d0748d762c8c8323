//! Finds the requests for returns that no webhook named: lists those of each channel account, and has those read that show
//! something new.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::channels::call::ChannelCall;
use crate::channels::{KeepsReturns, RegistersChannel, ReturnsPage, all_keeping, find_keeping};
use crate::clock;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_return::ReadReturn;
use crate::domain::return_walk::{ReturnWalk, needs_reading};
use crate::domain::returning::channel_news::ReturnSoFar;
use crate::domain::text::{AccountAlias, ClientId, RequestId};
use crate::flows::account_standing::noted;
use crate::flows::channelling::dependencies::PollDependencies;
use crate::flows::channelling::polled_accounts::{count_lag, poll_each};
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::queue::return_reading::ReturnReading;
use crate::queue::sender::NotSent;
use crate::store::channelling::return_polls::PollLease;
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::Metric;

/// How many accounts are polled at once.
const ACCOUNTS_AT_ONCE: usize = 8;
/// How many requests of a page are judged at once.
const REQUESTS_AT_ONCE: usize = 8;
/// How long the channel may take for a page.
const PATIENCE: Duration = Duration::from_secs(10);
/// A lease lasts longer than a page can take, and is extended by each.
const LEASE: Duration = Duration::from_secs(30);

/// Why the walk of an account ended early. The next run continues it.
#[derive(Debug, thiserror::Error)]
enum PollFailure {
    #[error("the requests were not listed")]
    Channel(#[from] PartnerFailure),
    #[error("storage failed")]
    Store(#[from] StoreFailure),
    #[error("a request was not queued")]
    NotQueued(#[from] NotSent),
}

/// Polls the channel accounts of all clients until `end`.
pub async fn poll_returns(
    dependencies: &PollDependencies,
    end: Instant,
) -> Result<(), StoreFailure> {
    let channels = all_keeping().map(RegistersChannel::name);
    let poll = async |client: &ClientId, alias: &AccountAlias, run: &RequestId| {
        poll(dependencies, (client, alias), run, end).await
    };
    poll_each(&dependencies.accounts, channels, ACCOUNTS_AT_ONCE, poll).await
}

async fn poll(
    dependencies: &PollDependencies,
    (client, alias): (&ClientId, &AccountAlias),
    run: &RequestId,
    end: Instant,
) -> Result<(), PollFailure> {
    let account = dependencies.accounts.present(client, alias).await?;
    let Some(account) = account.filter(|account| account.enabled) else {
        return Ok(());
    };
    let Some(channel) = find_keeping(&account.channel) else {
        return Ok(());
    };
    let now = clock::now();
    let polls = &dependencies.polls;
    let Some(lease) = polls.lease(client, alias, now, LEASE).await? else {
        return Ok(());
    };
    let walking = Walking {
        dependencies,
        account: &account,
        channel,
        lease: &lease,
        run,
        end,
    };
    if let Some(walked_at) = lease.walked_at {
        count_lag(account.channel.as_str(), Metric::ReturnsLag, walked_at);
    }
    let walk = ReturnWalk::next(lease.walk, lease.walked_at, now);
    match walking.walk(walk).await {
        Ok(Some(complete)) => Ok(polls.complete(&lease, &complete).await?),
        Ok(None) => Ok(polls.release(&lease).await?),
        Err(failure) => {
            polls.release(&lease).await?;
            Err(failure)
        }
    }
}

/// A run's walk through the requests of an account.
struct Walking<'a> {
    dependencies: &'a PollDependencies,
    account: &'a ChannelAccount,
    channel: &'static dyn KeepsReturns,
    lease: &'a PollLease,
    run: &'a RequestId,
    end: Instant,
}

impl Walking<'_> {
    /// Lists page after page; `None` if the time ended, or another run took over.
    async fn walk(&self, mut walk: ReturnWalk) -> Result<Option<ReturnWalk>, PollFailure> {
        let mut seen = BTreeSet::new();
        loop {
            if Instant::now() + PATIENCE > self.end {
                return Ok(None);
            }
            let page = self.list(walk).await?;
            let mut fresh = page.returns;
            fresh.retain(|listed| seen.insert(listed.id.clone()));
            // A page after the last one repeats it.
            let is_last = fresh.is_empty() || !page.has_next;
            self.have_read(fresh).await?;
            if is_last {
                return Ok(Some(walk));
            }
            walk.page = walk.page.saturating_add(1);
            let polls = &self.dependencies.polls;
            if !polls.reach(self.lease, &walk, clock::now(), LEASE).await? {
                return Ok(None);
            }
        }
    }

    async fn list(&self, walk: ReturnWalk) -> Result<ReturnsPage, PartnerFailure> {
        let dependencies = self.dependencies;
        let call = ChannelCall::new(
            self.account,
            &dependencies.outbound,
            &dependencies.sessions,
            Deadline::after(PATIENCE),
            clock::now(),
        );
        let listing = self.channel.list_returns(call, walk.since, walk.page);
        noted(&dependencies.sessions, self.account.as_partner(), listing).await
    }

    /// Queues the requests that show something new.
    async fn have_read(&self, listed: Vec<ReadReturn>) -> Result<(), PollFailure> {
        let now = clock::now();
        let judging = stream::iter(listed).map(|listed| self.judge(listed, now));
        let mut judged = judging.buffer_unordered(REQUESTS_AT_ONCE);
        while let Some(outcome) = judged.next().await {
            outcome?;
        }
        Ok(())
    }

    async fn judge(&self, listed: ReadReturn, now: Timestamp) -> Result<(), PollFailure> {
        let client = &self.account.client_id;
        let stored = match &listed.content {
            Ok(request) => {
                let code = &request.order.return_order_code;
                self.dependencies.returns.read(client, code).await?
            }
            Err(_) => None,
        };
        let known = stored.as_ref().map(|stored| ReturnSoFar {
            order: &stored.order,
            events: &stored.events,
            has_learned_awb: false,
        });
        if !needs_reading(&listed, known, now) {
            return Ok(());
        }
        let reading = ReturnReading {
            client_id: client.clone(),
            alias: self.account.alias.clone(),
            return_id: listed.id,
            request_id: self.run.clone(),
        };
        Ok(self.dependencies.readings.send(&reading).await?)
    }
}
