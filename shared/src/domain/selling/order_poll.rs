//! How far the changed orders of a channel account were read and told: what a run of the schedule leaves to the next one.
//!
//! A walk reads all orders that changed since a time, those that changed first before the others. It begins some time before
//! the latest change that is known, because a shop may be behind, and stores a change a moment after its time. What was told
//! of an order has a record of its own, so that nothing is told again because of this overlap.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::selling::left_out::{LeftOut, doubled};
use crate::domain::selling::listing::{OrderPage, OrderPosition, OrderQuery, SkippedOrder};
use crate::domain::text::ChannelOrderId;

/// How far a walk goes back: a shop may be ten minutes behind.
const OVERLAP: Duration = Duration::from_mins(11);
/// How many orders a page has, unless the channel failed.
const PAGE: usize = 100;
/// The wait after the second failure in a row, which doubles with each further one. After the first, the next run tries again.
const FIRST_WAIT: Duration = Duration::from_mins(1);
/// The longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// The longest wait that a channel can ask for.
const LONGEST_ASKED_WAIT: Duration = Duration::from_hours(1);

/// What is known about the poll of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPoll {
    /// When the poll was switched on that this belongs to.
    pub switched_on: Option<Timestamp>,
    /// The latest change that was read, in the shop's time; at first when the poll was switched on.
    pub reached: Timestamp,
    /// All changes up to this time were read.
    pub caught_up_at: Timestamp,
    /// A walk that is not complete.
    #[serde(default)]
    pub walk: Option<OrderWalk>,
    /// The messages that are being stored and sent: if the run was killed, the next one sends those that are stored.
    #[serde(default)]
    pub telling: Vec<Telling>,
    /// The orders that lists leave out.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// How often in a row the channel failed.
    #[serde(default)]
    pub failures: u32,
    /// The channel is not called before this time.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
    /// When the last run began.
    #[serde(default)]
    pub last_run_at: Option<Timestamp>,
    /// Why the last run failed, or left something out.
    #[serde(default)]
    pub last_error: Option<String>,
}

/// A walk through the changed orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderWalk {
    /// When its last page was asked for. If that is the end of the list, all changes up to then were read: an order that
    /// changes during a walk moves to the end.
    pub asked_at: Timestamp,
    /// It reads the orders that changed since then, in the shop's time.
    pub since: Timestamp,
    /// It has read all up to here.
    pub after: Option<OrderPosition>,
}

/// A message about an order that is being stored and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Telling {
    /// The order.
    pub id: ChannelOrderId,
    /// The number of the message, counted from 1 for each order.
    pub number: u64,
}

impl OrderPoll {
    /// The poll to go on with: the stored one, unless polling was switched on anew.
    pub fn next(stored: Option<Self>, switched_on: Option<Timestamp>, now: Timestamp) -> Self {
        let telling = match stored {
            Some(stored) if stored.switched_on == switched_on => return stored,
            // What an earlier run was telling may be stored without having been sent.
            Some(stored) => stored.telling,
            None => Vec::new(),
        };
        let begins = switched_on.unwrap_or(now);
        Self {
            switched_on,
            reached: begins,
            caught_up_at: begins,
            walk: None,
            telling,
            left_out: Vec::new(),
            failures: 0,
            not_before: None,
            last_run_at: None,
            last_error: None,
        }
    }

    /// Whether the channel may be called.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.not_before.is_none_or(|not_before| not_before <= now)
    }

    /// The next page to read, of the walk that is not complete or of a new one.
    pub fn next_page(&mut self, now: Timestamp) -> OrderQuery {
        let since = self.walk_since();
        let walk = self.walk.get_or_insert(OrderWalk {
            asked_at: now,
            since,
            after: None,
        });
        walk.asked_at = now;
        let breaking = self.left_out.iter().filter(|left| left.breaks_list);
        OrderQuery {
            updated_since: Some(walk.since),
            after: walk.after.clone(),
            without: breaking.map(|left| left.id.clone()).collect(),
            // A shop that failed may be too slow for a whole page.
            ..OrderQuery::first(PAGE >> self.failures.min(4))
        }
    }

    /// Where a new walk begins.
    fn walk_since(&self) -> Timestamp {
        let since = self.reached.checked_sub(OVERLAP);
        since.unwrap_or(Timestamp::MIN)
    }

    /// Lists leave an order out from now on. Returns one that is given up for it, because there are too many.
    pub fn leave_out(&mut self, skipped: SkippedOrder, now: Timestamp) -> Option<LeftOut> {
        LeftOut::add(&mut self.left_out, skipped, now)
    }

    /// A page was read, and its changes were told. Returns whether the walk goes on.
    pub fn read_page(&mut self, page: &OrderPage) -> bool {
        self.telling.clear();
        let is_shown = |id: &ChannelOrderId| page.orders.iter().any(|order| order.id == *id);
        self.left_out
            .retain(|left| left.breaks_list || !is_shown(&left.id));
        let goes_on = page.has_more && page.last.is_some();
        if let (Some(walk), Some(last)) = (&mut self.walk, &page.last) {
            // A time in the future would hide what changes until then.
            let changed_at = last.updated_at.min(walk.asked_at);
            self.reached = self.reached.max(changed_at);
            walk.after = Some(last.clone());
        }
        if !page.has_more
            && let Some(walk) = self.walk.take()
        {
            self.caught_up_at = walk.asked_at;
            let since = self.walk_since();
            self.left_out.retain(|left| !left.is_behind(since));
        }
        goes_on
    }

    /// A run ended without a failure.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.not_before = None;
        self.last_error = LeftOut::words(&self.left_out);
    }

    /// The channel failed: it is left alone for a while, at least as long as it asked for.
    pub fn channel_failed(&mut self, why: String, asked: Option<Duration>, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED_WAIT);
        // After the first failure, the next run tries again.
        let wait = doubled(FIRST_WAIT, self.failures - 1, LONGEST_WAIT);
        self.not_before = Some(now + wait.max(asked));
        self.last_error = Some(why);
    }

    /// For how many seconds changes may have been unread.
    pub fn lag_seconds(&self, now: Timestamp) -> u64 {
        let lag = now.duration_since(self.caught_up_at).as_secs();
        u64::try_from(lag).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
