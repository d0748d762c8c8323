//! The interface to sales channels, and its adapters.
//!
//! An adapter only translates; it has no state. Account, credentials, connections and deadline come with the
//! [`ChannelCall`]. Code that is not about channels is in [`crate::partners`].
//!
//! A channel is in one or more roles: every channel has accounts ([`ConfiguresChannel`]), some send webhooks
//! ([`SendsHooks`]). Each role is a trait and a list, so that a function links only the code of the roles that it uses. A
//! role of a later channel, such as reading an object again that a webhook only names, is one more trait and list.
//!
//! To add a channel, add one folder here and one line in [`REGISTERED`]. Adapters do not import each other.

pub mod call;
pub mod shopify;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod workbench;

use futures::future::BoxFuture;
use http::HeaderMap;

use crate::channels::call::ChannelCall;
use crate::contract::fields::Unreadable;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_order::OrderEvent;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::text::ChannelName;
use crate::partners::failure::PartnerFailure;

/// All channels that RMS supports.
const REGISTERED: &[Registered] = &[Registered::sending(&shopify::Shopify)];

/// An adapter in its roles.
#[derive(Clone, Copy)]
struct Registered {
    configured: &'static dyn ConfiguresChannel,
    sending: Option<&'static dyn SendsHooks>,
}

impl Registered {
    /// A channel that sends webhooks.
    const fn sending<A: ConfiguresChannel + SendsHooks>(adapter: &'static A) -> Self {
        Self {
            configured: adapter,
            sending: Some(adapter),
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static CONFIGURED: [&dyn ConfiguresChannel; REGISTERED.len()] = {
    let mut all = [REGISTERED[0].configured; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].configured;
        index += 1;
    }
    all
};

/// A separate list, so that a function that receives webhooks does not link the code of all calls.
#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static SENDING: [Option<&dyn SendsHooks>; REGISTERED.len()] = {
    let mut all = [REGISTERED[0].sending; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].sending;
        index += 1;
    }
    all
};

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

/// The registration of a channel.
pub trait RegistersChannel: Send + Sync + std::fmt::Debug {
    /// The name that accounts use.
    fn name(&self) -> &'static str;
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

/// The content of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadHook {
    /// RMS does not use this topic.
    Ignored,
    /// An order was created or changed.
    Order(Box<ShopEvent>),
}

/// An event of an order in a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopEvent {
    /// The domain of the shop, if the channel has several shops.
    pub shop_domain: Option<String>,
    /// The event.
    pub event: OrderEvent,
}
