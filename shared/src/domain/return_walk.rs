//! A walk through a channel's list of requests for returns: which of them it lists, and which are read.
//!
//! Channels list requests by the time at which they were placed, not by that of their last change. So each walk goes back far
//! enough to find a change that no webhook told.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::channel_return::ReadReturn;
use crate::domain::returning::channel_news::{ChannelNews, ReturnSoFar, judge};

/// How far a walk goes back beyond the last complete one.
const OVERLAP: Duration = Duration::from_hours(30 * 24);
/// How long a request is read that shows no return order in the list.
const UNUSABLE_FOR: Duration = Duration::from_hours(2);

/// A walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnWalk {
    /// When it began.
    pub began_at: Timestamp,
    /// It lists the requests that were placed since then.
    pub since: Timestamp,
    /// The page that it has to list next.
    pub page: u32,
}

impl ReturnWalk {
    /// The walk that a run has to do: the one that an earlier run did not complete, or a new one.
    pub fn next(left: Option<Self>, walked_at: Option<Timestamp>, now: Timestamp) -> Self {
        left.unwrap_or_else(|| Self {
            began_at: now,
            since: walked_at.unwrap_or(now) - OVERLAP,
            page: 1,
        })
    }
}

/// Whether a listed request has to be read: it shows something that its return order has not.
pub fn needs_reading(listed: &ReadReturn, known: Option<ReturnSoFar<'_>>, now: Timestamp) -> bool {
    match &listed.content {
        Ok(request) => match judge(known, request, now) {
            ChannelNews::New
            | ChannelNews::Awb(_)
            | ChannelNews::Cancelled(_)
            | ChannelNews::Event(_)
            | ChannelNews::Unknown(..) => true,
            ChannelNews::Nothing => known.is_some_and(|known| known.is_waiting()),
            ChannelNews::OfAnother => false,
        },
        // A list may show less than a reading. One that cannot be used at all is not read for ever.
        Err(_) => listed
            .placed_at
            .is_some_and(|placed| placed + UNUSABLE_FOR > now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel_return::UnusableReturn;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    #[test]
    fn a_walk_begins_before_the_last_complete_one_and_an_incomplete_one_is_continued() {
        let first = ReturnWalk::next(None, None, at(0));
        assert_eq!((first.began_at, first.page), (at(0), 1));
        assert_eq!(first.since, at(-30 * 86_400));
        let later = ReturnWalk::next(None, Some(at(0)), at(86_400 * 40));
        assert_eq!(later.since, at(-30 * 86_400));
        let left = ReturnWalk { page: 7, ..first };
        assert_eq!(ReturnWalk::next(Some(left), Some(at(5)), at(900)), left);
    }

    #[test]
    fn an_unusable_request_is_read_only_while_it_is_new() {
        let mut listed = ReadReturn {
            id: "65f0c0ffee0123456789abcd".parse().unwrap(),
            placed_at: Some(at(0)),
            content: Err(UnusableReturn {
                field: "line_items",
                detail: "are missing".to_owned(),
            }),
        };
        assert!(needs_reading(&listed, None, at(60)));
        assert!(!needs_reading(&listed, None, at(7_200)));
        listed.placed_at = None;
        assert!(!needs_reading(&listed, None, at(60)));
    }
}
