//! The orders of a channel that a poll leaves out, because the channel cannot list them or RMS cannot read them.
//!
//! Each is read by its id now and then, at growing intervals, and told when it can be read. A channel may show an order by its id
//! that breaks every list: lists leave it out until they begin after it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::selling::listing::SkippedOrder;
use crate::domain::text::ChannelOrderId;

/// How many are kept: a query that leaves out more would be too long.
const MOST: usize = 100;
/// How many are read again in one run.
const READ_AT_ONCE: usize = 10;
/// How many an error names.
const MOST_NAMED: usize = 5;
/// The wait before an order is read the second time, which doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_mins(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// An order that lists leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The order.
    pub id: ChannelOrderId,
    /// Why.
    pub detail: String,
    /// Whether it breaks lists.
    pub breaks_list: bool,
    /// How often it was read by its id.
    pub tries: u32,
    /// When it is read again.
    pub due_at: Timestamp,
    /// When it was changed, if it could be read by its id.
    pub changed_at: Option<Timestamp>,
}

/// What came of reading such an order by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAgain {
    /// It can be read; it was last changed then.
    Shown(Timestamp),
    /// The channel has no such order any more.
    Absent,
    /// It still cannot be read.
    Failed,
}

impl LeftOut {
    /// Adds an order, if it is not known. If there are too many, the one that was tried most often is given up until it changes;
    /// that one is returned.
    pub fn add(all: &mut Vec<Self>, skipped: SkippedOrder, now: Timestamp) -> Option<Self> {
        if let Some(known) = all.iter_mut().find(|known| known.id == skipped.id) {
            known.breaks_list |= skipped.breaks_list;
            known.detail = skipped.detail;
            known.changed_at = None;
            return None;
        }
        // The channel may show an order by its id at once. What RMS cannot read in a list it cannot read by the id either.
        let tries = u32::from(!skipped.breaks_list);
        all.push(Self {
            id: skipped.id,
            detail: skipped.detail,
            breaks_list: skipped.breaks_list,
            tries,
            due_at: now + wait(tries),
            changed_at: None,
        });
        if all.len() <= MOST {
            return None;
        }
        let (place, _) = all.iter().enumerate().max_by_key(|(_, left)| left.tries)?;
        Some(all.remove(place))
    }

    /// The orders that are to be read again in this run.
    pub fn due(all: &[Self], now: Timestamp) -> Vec<ChannelOrderId> {
        let mut due: Vec<&Self> = all.iter().filter(|left| left.due_at <= now).collect();
        due.sort_by_key(|left| left.due_at);
        let due = due.into_iter().take(READ_AT_ONCE);
        due.map(|left| left.id.clone()).collect()
    }

    /// An order was read again.
    pub fn read_again(all: &mut Vec<Self>, id: &ChannelOrderId, came: ReadAgain, now: Timestamp) {
        all.retain_mut(|left| left.id != *id || left.stays(came, now));
    }

    fn stays(&mut self, came: ReadAgain, now: Timestamp) -> bool {
        self.changed_at = match came {
            ReadAgain::Absent => return false,
            ReadAgain::Shown(_) if !self.breaks_list => return false,
            ReadAgain::Shown(changed_at) => Some(changed_at),
            ReadAgain::Failed => None,
        };
        self.tries = self.tries.saturating_add(1);
        self.due_at = now + wait(self.tries);
        true
    }

    /// Whether it can be read, and lists that begin at `since` do not meet it unless it changes.
    pub fn is_behind(&self, since: Timestamp) -> bool {
        self.changed_at.is_some_and(|changed_at| changed_at < since)
    }

    /// What is wrong, in words; `None` if all orders can be read.
    pub fn words(all: &[Self]) -> Option<String> {
        let unread: Vec<&Self> = all
            .iter()
            .filter(|left| left.changed_at.is_none())
            .collect();
        let named = unread.iter().take(MOST_NAMED);
        let named: Vec<String> = named
            .map(|left| format!("{} ({})", left.id, left.detail))
            .collect();
        let begin = match unread.len() {
            0 => return None,
            1 => "1 order is left out until it can be read: ".to_owned(),
            many => format!("{many} orders are left out until they can be read: "),
        };
        let more = unread.len() - named.len();
        let end = if more == 0 {
            String::new()
        } else {
            format!(" and {more} more")
        };
        Some(format!("{begin}{}{end}", named.join(", ")))
    }
}

/// The wait after an order was read this many times.
fn wait(tries: u32) -> Duration {
    doubled(FIRST_WAIT, tries, LONGEST_WAIT)
}

/// A wait before another try: none before the first one, then this one, which doubles with each further try up to the longest.
pub(super) fn doubled(first: Duration, tries: u32, longest: Duration) -> Duration {
    match tries {
        0 => Duration::ZERO,
        more => first
            .saturating_mul(2_u32.saturating_pow(more - 1))
            .min(longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn id(number: usize) -> ChannelOrderId {
        number.to_string().parse().unwrap()
    }

    fn skipped(number: usize, breaks_list: bool) -> SkippedOrder {
        SkippedOrder {
            id: id(number),
            detail: "grand_total is missing".to_owned(),
            breaks_list,
        }
    }

    fn all(skipped: impl IntoIterator<Item = SkippedOrder>) -> Vec<LeftOut> {
        let mut all = Vec::new();
        for skipped in skipped {
            assert!(LeftOut::add(&mut all, skipped, at(0)).is_none());
        }
        all
    }

    #[test]
    fn an_order_that_breaks_lists_is_read_by_its_id_at_once_and_then_more_and_more_rarely() {
        let mut all = all([skipped(1, true), skipped(2, false)]);
        assert_eq!(LeftOut::due(&all, at(0)), [id(1)]);
        assert_eq!(LeftOut::due(&all, at(60)), [id(1), id(2)]);
        let mut waits = Vec::new();
        let mut now = at(0);
        for _ in 0..9 {
            LeftOut::read_again(&mut all, &id(1), ReadAgain::Failed, now);
            waits.push(all[0].due_at.duration_since(now).as_mins());
            now = all[0].due_at;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        // A list meets it again: that changes nothing.
        LeftOut::add(&mut all, skipped(1, true), now);
        assert_eq!((all.len(), all[0].tries), (2, 9));
    }

    #[test]
    fn an_order_that_can_be_read_goes_unless_it_still_breaks_lists() {
        let mut all = all([skipped(1, true), skipped(2, false), skipped(3, false)]);
        LeftOut::read_again(&mut all, &id(2), ReadAgain::Shown(at(5)), at(60));
        LeftOut::read_again(&mut all, &id(3), ReadAgain::Absent, at(60));
        LeftOut::read_again(&mut all, &id(1), ReadAgain::Shown(at(5)), at(60));
        assert_eq!(all.len(), 1);
        assert!(!all[0].is_behind(at(5)));
        assert!(all[0].is_behind(at(6)));
        assert_eq!(LeftOut::words(&all), None);
        LeftOut::read_again(&mut all, &id(1), ReadAgain::Failed, at(120));
        assert!(!all[0].is_behind(at(6)));
    }

    #[test]
    fn of_too_many_the_one_that_was_tried_most_often_is_given_up() {
        let mut all = all((0..MOST).map(|number| skipped(number, false)));
        LeftOut::read_again(&mut all, &id(7), ReadAgain::Failed, at(60));
        let given_up = LeftOut::add(&mut all, skipped(MOST, false), at(90));
        assert_eq!(given_up.unwrap().id, id(7));
        assert_eq!(all.len(), MOST);
        assert_eq!(LeftOut::due(&all, at(3_600)).len(), READ_AT_ONCE);
    }

    #[test]
    fn the_words_name_a_few_orders_with_the_reason() {
        assert_eq!(LeftOut::words(&[]), None);
        let one = LeftOut::words(&all([skipped(1, false)])).unwrap();
        assert_eq!(
            one,
            "1 order is left out until it can be read: 1 (grand_total is missing)"
        );
        let seven = LeftOut::words(&all((1..8).map(|number| skipped(number, false)))).unwrap();
        assert!(seven.starts_with("7 orders are left out"), "{seven}");
        assert!(
            seven.ends_with("5 (grand_total is missing) and 2 more"),
            "{seven}"
        );
    }
}
