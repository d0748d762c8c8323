//! The dependencies of what sales channels tell.

use crate::config;
use crate::flows::channelling::dependencies::HookDependencies;
use crate::store::channelling::channel_orders::ChannelOrders;
use crate::wiring::{Start, WiringFailure};

impl Start {
    /// The dependencies of verifying a channel's webhook and telling what it changes.
    pub fn hooks(&self) -> Result<HookDependencies, WiringFailure> {
        Ok(HookDependencies {
            credentials: self.push_credentials()?,
            accounts: self.channel_accounts_with_secrets()?,
            orders: self.table(config::CHANNEL_ORDERS_TABLE, ChannelOrders::new)?,
            publishing: self.publishing()?,
        })
    }
}
