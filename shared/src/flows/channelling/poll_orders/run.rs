//! A run's work on one account.

use std::time::Duration;

use tokio::time::Instant;

use crate::channels::KeepsOrders;
use crate::channels::call::ChannelCall;
use crate::clock;
use crate::domain::account::ChannelAccount;
use crate::domain::selling::left_out::{LeftOut, ReadAgain};
use crate::domain::selling::listing::{SkippedOrder, SourcePage};
use crate::domain::selling::order_poll::OrderPoll;
use crate::domain::text::RequestId;
use crate::flows::account_standing::noted;
use crate::flows::channelling::dependencies::OrderPollDependencies;
use crate::flows::channelling::poll_orders::failure::OrderPollFailure;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::store::channelling::order_polls::OrderPollLease;
use crate::store::failure::StoreFailure;

/// How long the channel may take for a page; longer after failures, because to find an order that breaks the list takes many calls.
const PATIENCE: Duration = Duration::from_secs(25);
/// The longest patience, in times the usual one.
const MOST_PATIENCE: u32 = 4;
/// How long the channel may take for a single order.
const PATIENCE_FOR_ONE: Duration = Duration::from_secs(3);
/// To tell a page takes less.
const TELLING: Duration = Duration::from_secs(15);
/// A lease lasts longer than a page takes, so that not every page extends it; and less than the minute until the next run,
/// which then continues the work of one that was killed.
pub(super) const LEASE: Duration = Duration::from_secs(55);

/// How the work ended without a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// All is read, or the rest is left to the next run.
    InOrder,
    /// Another run works on the account.
    Outrun,
}

/// A run's work on an account.
pub(super) struct OrderRun<'a> {
    pub(super) dependencies: &'a OrderPollDependencies,
    pub(super) account: &'a ChannelAccount,
    pub(super) channel: &'static dyn KeepsOrders,
    pub(super) lease: &'a OrderPollLease,
    /// The id that the messages name as their cause.
    pub(super) id: &'a RequestId,
    pub(super) end: Instant,
    /// The lease ends then; nothing is told after it.
    pub(super) held_until: Instant,
}

impl OrderRun<'_> {
    /// Sends what an earlier run stored, tells the changes, and reads again what could not be read.
    pub(super) async fn work(&mut self, poll: &mut OrderPoll) -> Result<Ended, OrderPollFailure> {
        self.send_left(poll).await?;
        let patience = PATIENCE * poll.failures.saturating_add(1).min(MOST_PATIENCE);
        loop {
            if Instant::now() + patience + TELLING > self.end {
                return Ok(Ended::InOrder);
            }
            if !self.hold(poll, patience + TELLING).await? {
                return Ok(Ended::Outrun);
            }
            let page = self.list(poll, patience).await?;
            let (ended, mut page) = self.tell_page(poll, page).await?;
            if ended == Ended::Outrun {
                return Ok(Ended::Outrun);
            }
            leave_out(poll, std::mem::take(&mut page.skipped));
            // What was told was written down before; pages without changes are read again if the run is killed.
            if !poll.read_page(&page) {
                return self.read_again(poll).await;
            }
        }
    }

    async fn list(
        &self,
        poll: &mut OrderPoll,
        patience: Duration,
    ) -> Result<SourcePage, PartnerFailure> {
        let query = poll.next_page(clock::now());
        let call = self.call(patience);
        let listing = self.channel.list_sources(call, &query);
        let sessions = &self.dependencies.sessions;
        noted(sessions, self.account.as_partner(), listing).await
    }

    fn call(&self, patience: Duration) -> ChannelCall<'_> {
        let dependencies = self.dependencies;
        ChannelCall::new(
            self.account,
            &dependencies.outbound,
            &dependencies.sessions,
            Deadline::after(patience),
            clock::now(),
        )
    }

    /// Extends the lease if less than this is left of it; `false` if another run has it.
    async fn hold(&mut self, poll: &OrderPoll, needed: Duration) -> Result<bool, StoreFailure> {
        if Instant::now() + needed <= self.held_until {
            return Ok(true);
        }
        self.keep(poll, needed.max(LEASE)).await
    }

    /// Writes how far the poll is, and extends the lease; `false` if another run has it.
    pub(super) async fn keep(
        &mut self,
        poll: &OrderPoll,
        lasts: Duration,
    ) -> Result<bool, StoreFailure> {
        let held_until = Instant::now() + lasts;
        let polls = &self.dependencies.polls;
        let kept = polls.keep(self.lease, poll, clock::now(), lasts).await?;
        self.held_until = held_until;
        Ok(kept)
    }

    /// Reads the orders by their ids that lists left out.
    async fn read_again(&mut self, poll: &mut OrderPoll) -> Result<Ended, OrderPollFailure> {
        let due = LeftOut::due(&poll.left_out, clock::now());
        let many = u32::try_from(due.len()).unwrap_or_default();
        let lasts = PATIENCE_FOR_ONE * many + TELLING;
        if due.is_empty() || Instant::now() + lasts > self.end {
            return Ok(Ended::InOrder);
        }
        if !self.keep(poll, lasts).await? {
            return Ok(Ended::Outrun);
        }
        let (mut shown, mut read) = (Vec::new(), Vec::new());
        for id in due {
            let call = self.call(PATIENCE_FOR_ONE);
            let came = match self.channel.read_order(call, &id).await {
                Ok(Some(order)) => {
                    let came = ReadAgain::Shown(order.updated_at);
                    shown.push(order);
                    came
                }
                Ok(None) => ReadAgain::Absent,
                // The call was logged.
                Err(_) => ReadAgain::Failed,
            };
            read.push((id, came));
        }
        if self.tell(poll, &shown).await? == Ended::Outrun {
            return Ok(Ended::Outrun);
        }
        poll.telling.clear();
        for (id, came) in read {
            LeftOut::read_again(&mut poll.left_out, &id, came, clock::now());
        }
        Ok(Ended::InOrder)
    }
}

/// The orders that lists leave out from now on.
fn leave_out(poll: &mut OrderPoll, skipped: Vec<SkippedOrder>) {
    for skipped in skipped {
        let (subject, error) = (skipped.id.to_string(), skipped.detail.clone());
        tracing::warn!(subject, error, "order of a channel skipped");
        if let Some(given_up) = poll.leave_out(skipped, clock::now()) {
            let (subject, error) = (given_up.id.as_str(), given_up.detail.as_str());
            tracing::error!(
                subject,
                error,
                "order of a channel given up until it changes"
            );
        }
    }
}
