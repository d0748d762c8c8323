//! A call to a sales channel for a client: its account by alias, the adapter in one of its roles, and the call's deadline.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::channels::call::ChannelCall;
use crate::channels::fulfils_orders::FulfilsOrders;
use crate::channels::{
    KeepsOrders, KeepsStock, find_fulfilling, find_with_orders, find_with_stock,
};
use crate::clock;
use crate::domain::account::ChannelAccount;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::account_standing::noted;
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::store::booking::sessions::Sessions;
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::telemetry::set_field;

/// What the calls of a request that only reads or sets may take together: less than the gateway's timeout.
pub(super) const PATIENCE: Duration = Duration::from_secs(25);

/// The dependencies of calling a sales channel.
#[derive(Debug)]
pub struct ChannelDesk {
    /// The channel accounts, with their secrets.
    pub accounts: ChannelAccounts,
    /// The sessions with channels.
    pub sessions: Sessions,
    /// The transport.
    pub outbound: Outbound,
}

/// A client's account at a sales channel, for the calls of one request.
#[derive(Debug)]
pub struct OpenChannel<'a> {
    desk: &'a ChannelDesk,
    /// The account.
    pub account: Arc<ChannelAccount>,
    /// The end of its time.
    pub deadline: Deadline,
}

impl ChannelDesk {
    /// The client's account with an alias, which is read directly: a changed credential counts at once. `patience`: what the
    /// calls of the request may take together, with this read.
    pub async fn open(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
        patience: Duration,
    ) -> Result<OpenChannel<'_>, FlowFailure> {
        let deadline = Deadline::after(patience);
        set_field("alias", alias);
        let account = self.accounts.present(client_id, alias).await?;
        let account = account.ok_or(FlowFailure::NotFound("channel account not found"))?;
        set_field("partner", &account.channel);
        if !account.enabled {
            return Err(FlowFailure::NotSupported("the channel account is disabled"));
        }
        Ok(OpenChannel {
            desk: self,
            account,
            deadline,
        })
    }
}

impl OpenChannel<'_> {
    /// The adapter, if RMS reads that channel's orders.
    pub fn keeping_orders(&self) -> Result<&'static dyn KeepsOrders, FlowFailure> {
        find_with_orders(&self.account.channel).ok_or(LACKING)
    }

    /// The adapter, if RMS sets that channel's stock.
    pub fn keeping_stock(&self) -> Result<&'static dyn KeepsStock, FlowFailure> {
        find_with_stock(&self.account.channel).ok_or(LACKING)
    }

    /// The adapter, if RMS changes that channel's orders.
    pub fn fulfilling_orders(&self) -> Result<&'static dyn FulfilsOrders, FlowFailure> {
        find_fulfilling(&self.account.channel).ok_or(LACKING)
    }

    /// A call for the account.
    pub fn call(&self) -> ChannelCall<'_> {
        ChannelCall::new(
            &self.account,
            &self.desk.outbound,
            &self.desk.sessions,
            self.deadline,
            clock::now(),
        )
    }

    /// Makes calls, and notes whether the account's credentials were taken.
    pub(super) async fn noted<T>(
        &self,
        calls: impl Future<Output = Result<T, PartnerFailure>>,
    ) -> Result<T, PartnerFailure> {
        noted(&self.desk.sessions, self.account.as_partner(), calls).await
    }

    /// The channel's failure, for the caller.
    pub fn failed(&self, failure: PartnerFailure) -> FlowFailure {
        FlowFailure::of_channel(&self.account.channel, failure)
    }
}

/// The channel has not the ability that a route needs.
const LACKING: FlowFailure =
    FlowFailure::NotSupported("the account's channel does not support this");
