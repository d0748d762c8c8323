//! Return Prime: a returns app of Shopify stores. Its webhooks are not signed, so they only name a request, which is read.
//!
//! | file | |
//! |---|---|
//! | `account` | the fields of its accounts, and their check |
//! | `call` | URLs and the store's token |
//! | `push` | which request a webhook names |
//! | `read` | reads a request; lists requests |
//! | `request`, `pieces` | a request → a return order |
//! | `status` | what the statuses of a request mean |
//! | `refusal` | refusals, which may come with status 200 |

mod account;
mod call;
mod pieces;
mod push;
mod read;
mod refusal;
mod request;
mod status;
#[cfg(test)]
mod tests;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::HeaderMap;
use jiff::Timestamp;

use crate::channels::call::ChannelCall;
use crate::channels::{
    ConfiguresChannel, KeepsReturns, ReadHook, RegistersChannel, ReturnsPage, SendsHooks,
};
use crate::contract::fields::Unreadable;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_return::ReadReturn;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::text::ChannelReturnId;
use crate::partners::failure::PartnerFailure;

/// The adapter.
#[derive(Debug)]
pub struct ReturnPrime;

impl RegistersChannel for ReturnPrime {
    fn name(&self) -> &'static str {
        "RETURN_PRIME"
    }
}

impl ConfiguresChannel for ReturnPrime {
    fn form(&self) -> &'static AccountForm {
        &account::FORM
    }

    fn sends_hooks(&self) -> bool {
        true
    }

    fn wrong_fields(&self, account: &ChannelAccount) -> Vec<WrongField> {
        account::wrong_fields(account)
    }

    fn check<'a>(
        &'a self,
        call: ChannelCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>> {
        account::check(call).boxed()
    }
}

impl SendsHooks for ReturnPrime {
    /// Return Prime signs nothing: only the token in the URL proves, and nothing but the request's id is used.
    fn is_authentic(&self, _account: &ChannelAccount, _headers: &HeaderMap, _body: &[u8]) -> bool {
        true
    }

    fn read_hook(
        &self,
        _account: &ChannelAccount,
        _headers: &HeaderMap,
        body: &[u8],
    ) -> Result<ReadHook, Unreadable> {
        push::read(body)
    }
}

impl KeepsReturns for ReturnPrime {
    fn read_return<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelReturnId,
    ) -> BoxFuture<'a, Result<ReadReturn, PartnerFailure>> {
        read::read(call, id).boxed()
    }

    fn list_returns<'a>(
        &'a self,
        call: ChannelCall<'a>,
        since: Timestamp,
        page: u32,
    ) -> BoxFuture<'a, Result<ReturnsPage, PartnerFailure>> {
        read::list(call, since, page).boxed()
    }
}
