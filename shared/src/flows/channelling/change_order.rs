//! Changes an order in a sales channel, each change once.
//!
//! A request claims its change, which also takes the order's lease, so that one request changes an order at a time. It stores
//! what the channel has before it sends anything. If it dies or gets no clear answer, a repeat finds the claim, and looks in the
//! channel for what is new. It sends again only after the effect of the earlier attempt would be visible.

pub mod change_status;
mod claim_change;
pub mod create_document;
mod documents;
mod failure;
mod find_document;
mod held_change;
pub mod read_documents;
mod until_settled;

use std::time::Duration;

use crate::channels::call::ChannelCall;
use crate::channels::fulfils_orders::FulfilsOrders;
use crate::domain::selling::fulfilment::Fulfilment;
use crate::domain::selling::write_claim::SETTLES_WITHIN;
use crate::domain::text::{AccountAlias, ChannelOrderId, ClientId};
use crate::flows::channelling::change_order::failure::ChangeFailure;
use crate::flows::channelling::channel_desk::OpenChannel;
use crate::flows::channelling::dependencies::ChangeDependencies;
use crate::flows::failure::FlowFailure;
use crate::store::keys::{Key, channel_order};

/// The answer for an order that the channel does not have.
const NO_ORDER: FlowFailure = FlowFailure::NotFound("the channel has no such order");

/// How long a request waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// For the channel, all calls together: its share of the 25 seconds within which the caller gets a response.
    pub whole: Duration,
    /// How long after an attempt was sent its effect may still appear.
    pub settles_within: Duration,
    /// Between two looks for it.
    pub between_looks: Duration,
    /// What must be left of the deadline for a change to be sent again.
    pub least_for_sending: Duration,
    /// Before an order that was not cancelled is looked at again, and cancelled again.
    pub before_cancelling_again: Duration,
}

impl Waits {
    /// Those of a function.
    pub const USUAL: Self = Self {
        whole: Duration::from_secs(23),
        settles_within: SETTLES_WITHIN,
        between_looks: Duration::from_secs(2),
        least_for_sending: Duration::from_secs(4),
        before_cancelling_again: Duration::from_secs(1),
    };
}

/// The channel of a client's account, whose orders RMS changes, and a request's time for it.
#[derive(Debug)]
pub struct FulfillingChannel<'a> {
    dependencies: &'a ChangeDependencies,
    channel: &'static dyn FulfilsOrders,
    open: OpenChannel<'a>,
}

/// The channel of a client's account.
pub async fn open_channel<'a>(
    dependencies: &'a ChangeDependencies,
    client_id: &ClientId,
    alias: &AccountAlias,
) -> Result<FulfillingChannel<'a>, FlowFailure> {
    let patience = dependencies.waits.whole;
    let open = dependencies.desk.open(client_id, alias, patience).await?;
    Ok(FulfillingChannel {
        dependencies,
        channel: open.fulfilling_orders()?,
        open,
    })
}

impl FulfillingChannel<'_> {
    /// One of its orders.
    pub fn order<'a>(&'a self, id: &'a ChannelOrderId) -> ChannelOrderDesk<'a> {
        ChannelOrderDesk {
            dependencies: self.dependencies,
            channel: self.channel,
            open: &self.open,
            id,
        }
    }
}

/// An order in the shop of an account, and a request's time for it.
#[derive(Debug, Clone, Copy)]
pub struct ChannelOrderDesk<'a> {
    dependencies: &'a ChangeDependencies,
    channel: &'a dyn FulfilsOrders,
    open: &'a OpenChannel<'a>,
    id: &'a ChannelOrderId,
}

impl<'a> ChannelOrderDesk<'a> {
    fn call(&self) -> ChannelCall<'a> {
        self.open.call()
    }

    fn key(&self) -> Key {
        let account = &self.open.account;
        channel_order(&account.client_id, &account.alias, self.id)
    }

    /// How far the order is.
    async fn read(&self) -> Result<Fulfilment, ChangeFailure> {
        let reading = self.channel.read_fulfilment(self.call(), self.id);
        let read = self.open.noted(reading).await?;
        read.ok_or(ChangeFailure::Flow(NO_ORDER))
    }

    /// The same for a request that changes nothing.
    async fn read_only(&self) -> Result<Fulfilment, FlowFailure> {
        let reading = self.channel.read_fulfilment(self.call(), self.id);
        let read = self.open.noted(reading).await;
        read.map_err(|failure| self.open.failed(failure))?
            .ok_or(NO_ORDER)
    }
}
