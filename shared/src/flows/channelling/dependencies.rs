//! The dependencies of receiving a channel's webhooks.

use crate::flows::messaging::publish_message::PublishDependencies;
use crate::store::channelling::channel_orders::ChannelOrders;
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::store::configuring::push_credentials::PushCredentials;

/// The dependencies of receiving a webhook.
#[derive(Debug)]
pub struct HookDependencies {
    /// The tokens of webhook URLs.
    pub credentials: PushCredentials,
    /// The accounts, with their secrets: a webhook is signed with one.
    pub accounts: ChannelAccounts,
    /// What is known about orders.
    pub orders: ChannelOrders,
    /// The endpoints, the messages and the queue.
    pub publishing: PublishDependencies,
}
