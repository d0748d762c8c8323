//! The dependencies of receiving a channel's webhooks, and of reading its requests for returns.

use crate::flows::channelling::change_order::Waits;
use crate::flows::channelling::channel_desk::ChannelDesk;
use crate::flows::messaging::publish_message::PublishDependencies;
use crate::flows::returning::dependencies::ReturnDependencies;
use crate::outbound::client::Outbound;
use crate::queue::return_reading::ReadingQueue;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::store::channelling::channel_orders::ChannelOrders;
use crate::store::channelling::manifests::Manifests;
use crate::store::channelling::order_claims::OrderClaims;
use crate::store::channelling::order_polls::OrderPolls;
use crate::store::channelling::return_polls::ReturnPolls;
use crate::store::channelling::told_orders::ToldOrders;
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::store::configuring::push_credentials::PushCredentials;
use crate::store::returning::return_orders::ReturnOrders;

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
    /// The requests for returns that are to be read.
    pub readings: ReadingQueue,
}

/// The dependencies of reading a request for a return.
#[derive(Debug)]
pub struct ReadingDependencies {
    /// The channel accounts, with their secrets.
    pub accounts: ChannelAccounts,
    /// The return orders, and all that creating one needs.
    pub returning: ReturnDependencies,
}

/// The dependencies of finding requests for returns that no webhook named.
#[derive(Debug)]
pub struct PollDependencies {
    /// The channel accounts, with their secrets.
    pub accounts: ChannelAccounts,
    /// How far they were listed.
    pub polls: ReturnPolls,
    /// What is known of the return orders.
    pub returns: ReturnOrders,
    /// The sessions with channels.
    pub sessions: Sessions,
    /// The transport.
    pub outbound: Outbound,
    /// The requests that are to be read.
    pub readings: ReadingQueue,
}

/// The dependencies of telling which orders of channels changed.
#[derive(Debug)]
pub struct OrderPollDependencies {
    /// The channel accounts, with their secrets.
    pub accounts: ChannelAccounts,
    /// How far their orders were read.
    pub polls: OrderPolls,
    /// What was told of each order.
    pub told: ToldOrders,
    /// The sessions with channels.
    pub sessions: Sessions,
    /// The transport.
    pub outbound: Outbound,
    /// The endpoints, the messages and the queue.
    pub publishing: PublishDependencies,
}

/// The dependencies of changing orders in channels.
#[derive(Debug)]
pub struct ChangeDependencies {
    /// The accounts, and the calls for them.
    pub desk: ChannelDesk,
    /// The claims of the changes.
    pub claims: OrderClaims,
    /// How long a request waits for what.
    pub waits: Waits,
}

/// The dependencies of making and reading manifests.
#[derive(Debug)]
pub struct ManifestDependencies {
    /// The channel accounts, without their secrets.
    pub accounts: ChannelAccounts,
    /// The shipments with their AWBs.
    pub shipments: Shipments,
    /// The manifests.
    pub manifests: Manifests,
}
