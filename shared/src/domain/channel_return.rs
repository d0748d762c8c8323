//! A return request in a sales channel, as it was read there.
//!
//! It always shows the whole request as of the reading, so a later reading replaces an earlier one: it has all that the
//! earlier one had, and more.

use jiff::Timestamp;

use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::text::ChannelReturnId;

/// A request as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadReturn {
    /// The channel's id of the request.
    pub id: ChannelReturnId,
    /// When the customer placed it.
    pub placed_at: Option<Timestamp>,
    /// The request.
    pub content: Result<ChannelReturn, UnusableReturn>,
}

/// The request has no return order in it: why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct UnusableReturn {
    /// The channel's name of the field.
    pub field: &'static str,
    /// What is wrong with it.
    pub detail: String,
}

/// A request that announces a return order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReturn {
    /// The return order, with the first AWB of the request.
    pub order: ReturnOrder,
    /// What happened to the request besides its creation and approval.
    pub steps: Vec<ChannelReturnStep>,
}

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReturnStep {
    /// When, if the channel says so.
    pub at: Option<Timestamp>,
    /// The status that it reached: a word of ours for those that RMS knows, any other one as the channel writes it.
    pub status: String,
    /// What it means.
    pub meaning: StatusMeaning,
}

/// What a status of a request means for its return order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusMeaning {
    /// The goods arrived.
    Received,
    /// The goods do not come.
    Cancelled,
    /// Nothing: it is only noted.
    Noted,
    /// RMS does not know it: it is noted, and listed for an operator.
    Unknown,
}
