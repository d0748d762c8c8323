//! The context of a call to a sales channel.

use jiff::Timestamp;

use crate::domain::account::ChannelAccount;
use crate::outbound::client::Outbound;
use crate::partners::call::{Deadline, PartnerCall};
use crate::partners::session::KeepsSessions;

/// What an adapter needs for a call: the channel account, and the data of any partner call.
#[derive(Debug, Clone, Copy)]
pub struct ChannelCall<'a> {
    /// The account, with its settings.
    pub account: &'a ChannelAccount,
    /// The data of any partner call.
    pub partner: PartnerCall<'a>,
}

impl<'a> ChannelCall<'a> {
    /// A call for an account that must end at `deadline`.
    pub fn new(
        account: &'a ChannelAccount,
        outbound: &'a Outbound,
        sessions: &'a dyn KeepsSessions,
        deadline: Deadline,
        now: Timestamp,
    ) -> Self {
        Self {
            account,
            partner: PartnerCall {
                account: account.as_partner(),
                outbound,
                sessions,
                deadline,
                now,
            },
        }
    }
}
