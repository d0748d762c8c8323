//! Magento 2 and Adobe Commerce: a shop whose orders RMS reads and changes through its REST API.
//!
//! | file | |
//! |---|---|
//! | `account` | the fields of its accounts, how one authenticates, and the check |
//! | `call` | URLs and queries |
//! | `sign` | OAuth 1.0a signatures |
//! | `session` | authenticated calls, tokens of admins and of Adobe's cloud service |
//! | `refusal` | refusals, with their placeholders filled in |
//! | `wire` | the shop's JSON |
//! | `read` | reads an order, or its status |
//! | `list`, `search`, `find_broken` | lists orders; the shop's query; the order that breaks a list |
//! | `order`, `items` | a shop's order → ours |
//!
//! It sends no webhooks.

mod account;
mod call;
mod find_broken;
mod items;
mod list;
mod order;
mod read;
mod refusal;
mod search;
mod session;
mod sign;
#[cfg(test)]
mod tests;
mod wire;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::channels::call::ChannelCall;
use crate::channels::{ConfiguresChannel, KeepsOrders, RegistersChannel};
use crate::domain::account::ChannelAccount;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::selling::listing::{OrderPage, OrderQuery};
use crate::domain::selling::order::{OrderStatus, ShopOrder};
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;

/// The adapter.
#[derive(Debug)]
pub struct Magento;

impl RegistersChannel for Magento {
    fn name(&self) -> &'static str {
        "MAGENTO"
    }
}

impl ConfiguresChannel for Magento {
    fn form(&self) -> &'static AccountForm {
        &account::FORM
    }

    fn sends_hooks(&self) -> bool {
        false
    }

    fn wrong_fields(&self, account: &ChannelAccount) -> Vec<WrongField> {
        account::wrong_fields(account)
    }

    fn check<'a>(
        &'a self,
        call: ChannelCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>> {
        account::check::check(call).boxed()
    }
}

impl KeepsOrders for Magento {
    fn read_order<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelOrderId,
    ) -> BoxFuture<'a, Result<Option<ShopOrder>, PartnerFailure>> {
        read::order(call, id).boxed()
    }

    fn read_status<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelOrderId,
    ) -> BoxFuture<'a, Result<Option<OrderStatus>, PartnerFailure>> {
        read::status(call, id).boxed()
    }

    fn list_orders<'a>(
        &'a self,
        call: ChannelCall<'a>,
        query: &'a OrderQuery,
    ) -> BoxFuture<'a, Result<OrderPage, PartnerFailure>> {
        list::orders(call, query).boxed()
    }
}
