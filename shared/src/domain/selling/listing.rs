//! A list of a channel's orders: which ones, from where, and what came of it.
//!
//! Orders are listed by the time of their last change and, for those of the same time, by their id. So a position is exact,
//! and an order that changes while it is listed comes again, at its new place. A channel stores a change a moment after its
//! time: who lists again and again begins a little before the last position, and knows orders by id and time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::personal::Personal;
use crate::domain::selling::order::{ShopOrder, UnusableOrder};
use crate::domain::text::ChannelOrderId;

/// Which orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderQuery {
    /// Only those that are cancelled.
    pub only_cancelled: bool,
    /// Only those with this status, in the channel's words.
    pub status: Option<String>,
    /// Only those that were created then or later.
    pub created_since: Option<Timestamp>,
    /// Only those that were changed then or later.
    pub updated_since: Option<Timestamp>,
    /// Only those after this position.
    pub after: Option<OrderPosition>,
    /// Not these: orders that are known to be unusable.
    pub without: Vec<ChannelOrderId>,
    /// How many at most.
    pub most: usize,
}

impl OrderQuery {
    /// The first orders of all.
    pub fn first(most: usize) -> Self {
        Self {
            only_cancelled: false,
            status: None,
            created_since: None,
            updated_since: None,
            after: None,
            without: Vec::new(),
            most,
        }
    }
}

/// A place in the list: after the order with this id and time of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPosition {
    /// When the order was changed.
    pub updated_at: Timestamp,
    /// The order.
    pub id: ChannelOrderId,
}

impl OrderPosition {
    /// The place after an order.
    pub fn of(order: &ShopOrder) -> Self {
        Self {
            updated_at: order.updated_at,
            id: order.id.clone(),
        }
    }
}

/// An order of the list as the channel wrote it: who knows this text need not read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSource {
    /// Its place.
    pub position: OrderPosition,
    /// The text.
    pub text: Personal,
}

/// A part of the list of which no order was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePage {
    /// The orders.
    pub sources: Vec<OrderSource>,
    /// The orders that the channel cannot show.
    pub skipped: Vec<SkippedOrder>,
    /// The place of the last order; `None` if there is none.
    pub last: Option<OrderPosition>,
    /// Whether there may be more after it.
    pub has_more: bool,
}

impl SourcePage {
    /// The page with its orders. One that cannot be read is skipped.
    pub fn read(
        self,
        read: impl Fn(&OrderSource) -> Result<ShopOrder, UnusableOrder>,
    ) -> OrderPage {
        let (mut orders, mut skipped) = (Vec::new(), self.skipped);
        for source in self.sources {
            match read(&source) {
                Ok(order) => orders.push(order),
                Err(unusable) => {
                    skipped.push(SkippedOrder::unreadable(source.position.id, &unusable));
                }
            }
        }
        OrderPage {
            orders,
            skipped,
            last: self.last,
            has_more: self.has_more,
        }
    }
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders.
    pub orders: Vec<ShopOrder>,
    /// The orders that the channel cannot show, or that RMS cannot read.
    pub skipped: Vec<SkippedOrder>,
    /// The place of the last order; `None` if there is none.
    pub last: Option<OrderPosition>,
    /// Whether there may be more after it.
    pub has_more: bool,
}

/// An order of the list that is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedOrder {
    /// Its id.
    pub id: ChannelOrderId,
    /// Why.
    pub detail: String,
    /// Whether it breaks the list: it must be left out of the query, or else the channel shows no order.
    pub breaks_list: bool,
}

impl SkippedOrder {
    /// An order of the list that RMS cannot read.
    fn unreadable(id: ChannelOrderId, why: &UnusableOrder) -> Self {
        Self {
            id,
            detail: why.to_string(),
            breaks_list: false,
        }
    }
}
