//! Shopify: webhooks of orders, signed with the secret of the shop's app.
//!
//! | file | |
//! |---|---|
//! | `account` | the fields of its accounts |
//! | `proof` | the signature and the shop of a webhook |
//! | `push` | the headers and the topic of a webhook |
//! | `order` | the body: an order, of which every field may be absent |
//!
//! RMS makes no calls to Shopify.

mod account;
mod order;
mod proof;
mod push;
#[cfg(test)]
mod tests;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::HeaderMap;

use crate::channels::call::ChannelCall;
use crate::channels::{ConfiguresChannel, ReadHook, RegistersChannel, SendsHooks};
use crate::contract::fields::Unreadable;
use crate::domain::account::ChannelAccount;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem};
use crate::partners::failure::PartnerFailure;

/// The adapter.
#[derive(Debug)]
pub struct Shopify;

impl RegistersChannel for Shopify {
    fn name(&self) -> &'static str {
        "SHOPIFY"
    }
}

impl ConfiguresChannel for Shopify {
    fn form(&self) -> &'static AccountForm {
        &account::FORM
    }

    fn sends_hooks(&self) -> bool {
        true
    }

    fn wrong_fields(&self, account: &ChannelAccount) -> Vec<WrongField> {
        account::wrong_fields(account)
    }

    /// A client secret only verifies webhooks: there is no call that it could be tried with.
    fn check<'a>(
        &'a self,
        _call: ChannelCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>> {
        async { Ok(Vec::new()) }.boxed()
    }
}

impl SendsHooks for Shopify {
    fn is_authentic(&self, account: &ChannelAccount, headers: &HeaderMap, body: &[u8]) -> bool {
        proof::is_authentic(account, headers, body)
    }

    fn read_hook(
        &self,
        account: &ChannelAccount,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<ReadHook, Unreadable> {
        push::read(account, headers, body)
    }
}
