//! The interface to sales channels, and its adapters.
//!
//! An adapter only translates; it has no state. Account, credentials, connections and deadline come with the
//! [`ChannelCall`]. Code that is not about channels is in [`crate::partners`].
//!
//! A channel is in one or more roles: every channel has accounts ([`ConfiguresChannel`]), some send webhooks
//! ([`SendsHooks`]), some keep requests for returns that RMS reads ([`KeepsReturns`]), some keep orders that RMS reads
//! ([`KeepsOrders`]), some stock that RMS sets ([`KeepsStock`]). Each role is a trait and a list, so that a function links only the code of the roles that it uses. A role
//! that no channel has had is one more trait and list.
//!
//! To add a channel, add one folder here and one line in [`REGISTERED`]. Adapters do not import each other.

pub mod call;
pub mod fulfils_orders;
pub mod magento;
pub mod return_prime;
pub mod shopify;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod workbench;

use futures::future::BoxFuture;
use http::HeaderMap;
use jiff::Timestamp;

use crate::channels::call::ChannelCall;
use crate::channels::fulfils_orders::FulfilsOrders;
use crate::contract::fields::Unreadable;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_order::OrderEvent;
use crate::domain::channel_return::ReadReturn;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::selling::listing::{OrderPage, OrderQuery, OrderSource, SourcePage};
use crate::domain::selling::order::{OrderStatus, ShopOrder, UnusableOrder};
use crate::domain::selling::stock::{NotSet, WantedStock};
use crate::domain::text::{ChannelName, ChannelOrderId, ChannelReturnId};
use crate::partners::failure::PartnerFailure;

/// All channels that RMS supports.
const REGISTERED: &[Registered] = &[
    Registered::sending(&shopify::Shopify),
    Registered::sending(&return_prime::ReturnPrime).keeping(&return_prime::ReturnPrime),
    Registered::silent(&magento::Magento)
        .with_orders(&magento::Magento)
        .fulfilling(&magento::Magento)
        .with_stock(&magento::Magento),
];

/// An adapter in its roles.
#[derive(Clone, Copy)]
struct Registered {
    configured: &'static dyn ConfiguresChannel,
    sending: Option<&'static dyn SendsHooks>,
    keeping: Option<&'static dyn KeepsReturns>,
    orders: Option<&'static dyn KeepsOrders>,
    fulfilling: Option<&'static dyn FulfilsOrders>,
    stock: Option<&'static dyn KeepsStock>,
}

impl Registered {
    /// A channel that sends webhooks.
    const fn sending<A: ConfiguresChannel + SendsHooks>(adapter: &'static A) -> Self {
        Self {
            sending: Some(adapter),
            ..Self::silent(adapter)
        }
    }

    /// A channel that sends no webhooks.
    const fn silent(adapter: &'static dyn ConfiguresChannel) -> Self {
        Self {
            configured: adapter,
            sending: None,
            keeping: None,
            orders: None,
            fulfilling: None,
            stock: None,
        }
    }

    /// The same channel, which also keeps requests for returns.
    const fn keeping(self, adapter: &'static dyn KeepsReturns) -> Self {
        Self {
            keeping: Some(adapter),
            ..self
        }
    }

    /// The same channel, whose orders RMS also fulfils.
    const fn fulfilling(self, adapter: &'static dyn FulfilsOrders) -> Self {
        Self {
            fulfilling: Some(adapter),
            ..self
        }
    }

    /// The same channel, which also keeps orders that RMS reads.
    const fn with_orders(self, adapter: &'static dyn KeepsOrders) -> Self {
        Self {
            orders: Some(adapter),
            ..self
        }
    }

    /// The same channel, which also keeps stock that RMS sets.
    const fn with_stock(self, adapter: &'static dyn KeepsStock) -> Self {
        Self {
            stock: Some(adapter),
            ..self
        }
    }
}

/// A role of all channels. Each is a list of its own, so that a function links only the code of the roles that it uses.
macro_rules! in_role {
    ($role:ident) => {{
        let mut all = [REGISTERED[0].$role; REGISTERED.len()];
        let mut index = 0;
        while index < all.len() {
            all[index] = REGISTERED[index].$role;
            index += 1;
        }
        all
    }};
}

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static CONFIGURED: [&dyn ConfiguresChannel; REGISTERED.len()] = in_role!(configured);

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static SENDING: [Option<&dyn SendsHooks>; REGISTERED.len()] = in_role!(sending);

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static KEEPING: [Option<&dyn KeepsReturns>; REGISTERED.len()] = in_role!(keeping);

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static ORDERS: [Option<&dyn KeepsOrders>; REGISTERED.len()] = in_role!(orders);

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static FULFILLING: [Option<&dyn FulfilsOrders>; REGISTERED.len()] = in_role!(fulfilling);

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static STOCK: [Option<&dyn KeepsStock>; REGISTERED.len()] = in_role!(stock);

/// The adapter with this name, for the configuration of accounts.
pub fn find_configured(name: &ChannelName) -> Option<&'static dyn ConfiguresChannel> {
    all_configured().find(|configured| configured.name() == name.as_str())
}

/// All adapters, for the configuration of accounts.
pub fn all_configured() -> impl Iterator<Item = &'static dyn ConfiguresChannel> {
    CONFIGURED.iter().copied()
}

/// The adapter with this name, for webhooks; `None` if that channel sends none.
pub fn find_sending(name: &ChannelName) -> Option<&'static dyn SendsHooks> {
    let mut all = SENDING.iter().copied().flatten();
    all.find(|sending| sending.name() == name.as_str())
}

/// The adapter with this name, for its requests for returns; `None` if that channel keeps none.
pub fn find_keeping(name: &ChannelName) -> Option<&'static dyn KeepsReturns> {
    let mut all = all_keeping();
    all.find(|keeping| keeping.name() == name.as_str())
}

/// All adapters of channels that keep requests for returns.
pub fn all_keeping() -> impl Iterator<Item = &'static dyn KeepsReturns> {
    KEEPING.iter().copied().flatten()
}

/// The adapter with this name, for its orders; `None` if RMS does not read that channel's orders.
pub fn find_with_orders(name: &ChannelName) -> Option<&'static dyn KeepsOrders> {
    let mut all = all_with_orders();
    all.find(|with_orders| with_orders.name() == name.as_str())
}

/// All adapters of channels whose orders RMS reads.
pub fn all_with_orders() -> impl Iterator<Item = &'static dyn KeepsOrders> {
    ORDERS.iter().copied().flatten()
}

/// The adapter with this name, for changes of its orders; `None` if RMS does not change that channel's orders.
pub fn find_fulfilling(name: &ChannelName) -> Option<&'static dyn FulfilsOrders> {
    let mut all = FULFILLING.iter().copied().flatten();
    all.find(|fulfilling| fulfilling.name() == name.as_str())
}

/// The adapter with this name, for its stock; `None` if RMS does not set that channel's stock.
pub fn find_with_stock(name: &ChannelName) -> Option<&'static dyn KeepsStock> {
    let mut all = STOCK.iter().copied().flatten();
    all.find(|with_stock| with_stock.name() == name.as_str())
}

/// The registration of a channel.
pub trait RegistersChannel: Send + Sync + std::fmt::Debug {
    /// The name that accounts use.
    fn name(&self) -> &'static str;

    /// Whether an account wants its orders to be polled.
    fn polls_orders(&self, _account: &ChannelAccount) -> bool {
        false
    }
}

/// A channel whose accounts can be configured.
pub trait ConfiguresChannel: RegistersChannel {
    /// The form of its accounts.
    fn form(&self) -> &'static AccountForm;

    /// Whether it sends webhooks, so that its accounts have a webhook URL.
    fn sends_hooks(&self) -> bool;

    /// The fields of an account that are missing or wrong in a way that the form cannot tell. Such an account is not saved.
    fn wrong_fields(&self, account: &ChannelAccount) -> Vec<WrongField>;

    /// Checks an account with calls that change nothing, and returns the problems. A failure is a problem of the account as a
    /// whole. A channel without such a call finds none.
    fn check<'a>(
        &'a self,
        call: ChannelCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>>;
}

/// A channel that sends webhooks.
pub trait SendsHooks: RegistersChannel {
    /// Whether a webhook comes from the account's shop, in addition to the token in its URL. Nothing of it is parsed before. A
    /// channel that does not sign its webhooks accepts all here, and believes nothing that they say.
    fn is_authentic(&self, account: &ChannelAccount, headers: &HeaderMap, body: &[u8]) -> bool;

    /// Parses an authenticated webhook.
    fn read_hook(
        &self,
        account: &ChannelAccount,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<ReadHook, Unreadable>;
}

/// A channel that keeps requests for returns. Its webhooks only name one: what is believed was read here.
pub trait KeepsReturns: RegistersChannel {
    /// Reads a request.
    fn read_return<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelReturnId,
    ) -> BoxFuture<'a, Result<ReadReturn, PartnerFailure>>;

    /// Lists the requests that were placed since a time. Pages are counted from 1, and may repeat what an earlier one had.
    fn list_returns<'a>(
        &'a self,
        call: ChannelCall<'a>,
        since: Timestamp,
        page: u32,
    ) -> BoxFuture<'a, Result<ReturnsPage, PartnerFailure>>;
}

/// A channel that keeps orders, which RMS reads.
pub trait KeepsOrders: RegistersChannel {
    /// Reads an order; `None` if the channel has no such order.
    fn read_order<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelOrderId,
    ) -> BoxFuture<'a, Result<Option<ShopOrder>, PartnerFailure>>;

    /// Reads an order's status, which may be none; `None` if the channel has no such order.
    fn read_status<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelOrderId,
    ) -> BoxFuture<'a, Result<Option<OrderStatus>, PartnerFailure>>;

    /// Lists orders, those that were changed first before the others. An order that the channel cannot show is skipped.
    fn list_orders<'a>(
        &'a self,
        call: ChannelCall<'a>,
        query: &'a OrderQuery,
    ) -> BoxFuture<'a, Result<OrderPage, PartnerFailure>>;

    /// The same without reading the orders.
    fn list_sources<'a>(
        &'a self,
        call: ChannelCall<'a>,
        query: &'a OrderQuery,
    ) -> BoxFuture<'a, Result<SourcePage, PartnerFailure>>;

    /// Reads an order of the list. What comes of it depends only on the text, and on the settings of the account.
    fn read_source(
        &self,
        account: &ChannelAccount,
        source: &OrderSource,
    ) -> Result<ShopOrder, UnusableOrder>;
}

/// A channel that keeps stock, which RMS sets.
pub trait KeepsStock: RegistersChannel {
    /// Sets the stock of articles. Returns the result of each, in their order: only what was read back is a success. A failure
    /// means that nothing is known of any of them.
    fn set_stock<'a>(
        &'a self,
        call: ChannelCall<'a>,
        items: &'a [WantedStock],
    ) -> BoxFuture<'a, Result<Vec<StockOutcome>, PartnerFailure>>;
}

/// Whether an article has the stock that it shall have.
pub type StockOutcome = Result<(), NotSet>;

/// A page of requests for returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnsPage {
    /// The requests.
    pub returns: Vec<ReadReturn>,
    /// Whether the channel says that there is another page.
    pub has_next: bool,
}

/// The content of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadHook {
    /// RMS does not use this topic.
    Ignored,
    /// An order was created or changed.
    Order(Box<ShopEvent>),
    /// Something about this request for a return: it has to be read before anything is believed.
    Return(ChannelReturnId),
}

/// An event of an order in a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopEvent {
    /// The domain of the shop, if the channel has several shops.
    pub shop_domain: Option<String>,
    /// The event.
    pub event: OrderEvent,
}
