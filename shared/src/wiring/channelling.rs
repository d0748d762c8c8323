//! The dependencies of what sales channels tell.

use crate::config;
use crate::flows::channelling::change_order::Waits;
use crate::flows::channelling::channel_desk::ChannelDesk;
use crate::flows::channelling::dependencies::{
    ChangeDependencies, HookDependencies, ManifestDependencies, OrderPollDependencies,
    PollDependencies, ReadingDependencies,
};
use crate::queue::batch::Batches;
use crate::queue::return_reading::ReadingQueue;
use crate::store::channelling::channel_orders::ChannelOrders;
use crate::store::channelling::manifests::Manifests;
use crate::store::channelling::order_claims::OrderClaims;
use crate::store::channelling::order_polls::OrderPolls;
use crate::store::channelling::return_polls::ReturnPolls;
use crate::store::channelling::told_orders::ToldOrders;
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of verifying a channel's webhook and telling what it changes.
    pub fn hooks(&self) -> Result<HookDependencies, WiringFailure> {
        Ok(HookDependencies {
            credentials: self.push_credentials()?,
            accounts: self.channel_accounts_with_secrets()?,
            orders: self.table(config::CHANNEL_ORDERS_TABLE, ChannelOrders::new)?,
            publishing: self.publishing()?,
            readings: self.readings()?,
        })
    }

    /// The dependencies of calling a sales channel.
    pub fn channel_desk(&self) -> Result<ChannelDesk, WiringFailure> {
        Ok(ChannelDesk {
            accounts: self.channel_accounts_with_secrets()?,
            sessions: self.sessions()?,
            outbound: self.outbound()?,
        })
    }

    /// The queue of requests for returns that are to be read.
    pub fn readings(&self) -> Result<ReadingQueue, WiringFailure> {
        let sender = self.sender(config::CHANNEL_READ_QUEUE_URL)?;
        Ok(ReadingQueue::new(sender))
    }

    /// Reads batches of that queue.
    pub fn reading_batches(&self) -> Result<Batches, WiringFailure> {
        let queue_url = self.variables.required(config::CHANNEL_READ_QUEUE_URL)?;
        Ok(Batches::new(self.sqs(), queue_url))
    }

    /// The dependencies of reading a request for a return.
    pub fn return_reading(&self) -> Result<ReadingDependencies, WiringFailure> {
        Ok(ReadingDependencies {
            accounts: self.channel_accounts_with_secrets()?,
            returning: self.returning()?,
        })
    }

    /// The dependencies of finding requests for returns that no webhook named.
    pub fn return_polling(&self) -> Result<PollDependencies, WiringFailure> {
        Ok(PollDependencies {
            accounts: self.channel_accounts_with_secrets()?,
            polls: self.table(config::CHANNEL_POLLS_TABLE, ReturnPolls::new)?,
            returns: self.return_orders()?,
            sessions: self.sessions()?,
            outbound: self.outbound()?,
            readings: self.readings()?,
        })
    }

    /// The dependencies of telling which orders of channels changed.
    pub fn order_polling(&self) -> Result<OrderPollDependencies, WiringFailure> {
        Ok(OrderPollDependencies {
            accounts: self.channel_accounts_with_secrets()?,
            polls: self.order_polls()?,
            told: self.table(config::CHANNEL_ORDERS_TABLE, ToldOrders::new)?,
            sessions: self.sessions()?,
            outbound: self.outbound()?,
            publishing: self.publishing()?,
        })
    }

    /// How far the orders of channel accounts were read.
    pub fn order_polls(&self) -> Result<OrderPolls, WiringFailure> {
        self.table(config::CHANNEL_POLLS_TABLE, OrderPolls::new)
    }

    /// The dependencies of changing orders in channels.
    pub fn order_changes(&self) -> Result<ChangeDependencies, WiringFailure> {
        Ok(ChangeDependencies {
            desk: self.channel_desk()?,
            claims: self.table(config::CHANNEL_ORDERS_TABLE, OrderClaims::new)?,
            waits: Waits::USUAL,
        })
    }

    /// The dependencies of making and reading manifests.
    pub fn manifests(&self) -> Result<ManifestDependencies, WiringFailure> {
        let accounts = ChannelAccounts::without_secrets;
        Ok(ManifestDependencies {
            accounts: self.table(config::CHANNEL_ACCOUNTS_TABLE, accounts)?,
            shipments: self.shipments()?,
            manifests: self.table(config::MANIFESTS_TABLE, Manifests::new)?,
        })
    }
}
