//! Reads requests: one by its id, or a page of those that were created since a time.
//!
//! A page may repeat requests of the one before, and a page after the last one may repeat that: who reads pages knows
//! requests by their ids.

use jiff::Timestamp;
use serde_json::Value;

use crate::channels::ReturnsPage;
use crate::channels::call::ChannelCall;
use crate::channels::return_prime::call::{REQUESTS, get};
use crate::channels::return_prime::refusal::data;
use crate::channels::return_prime::request;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_return::ReadReturn;
use crate::domain::text::ChannelReturnId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const READ: Operation = Operation::reads("read_return");
const LIST: Operation = Operation::reads("list_returns");

/// Reads a request.
pub(super) async fn read(
    call: ChannelCall<'_>,
    id: &ChannelReturnId,
) -> Result<ReadReturn, PartnerFailure> {
    let request = get(call.partner.account, &format!("{REQUESTS}/{id}"), &[])?;
    let answer = exchange(call.partner, READ, request).await?;
    answer.read(|reply| {
        let data = data(reply)?;
        let found = data.get("request").ok_or(PartnerFailure::Unreadable)?;
        let read = one(call.account, found).ok_or(PartnerFailure::Unreadable)?;
        if read.id.as_str().eq_ignore_ascii_case(id.as_str()) {
            Ok(read)
        } else {
            Err(PartnerFailure::Unreadable)
        }
    })
}

/// Lists a page of the requests that were created since a time.
pub(super) async fn list(
    call: ChannelCall<'_>,
    since: Timestamp,
    page: u32,
) -> Result<ReturnsPage, PartnerFailure> {
    let query = [
        ("page", page.to_string()),
        ("created_at_min", since.to_string()),
    ];
    let request = get(call.partner.account, REQUESTS, &query)?;
    let answer = exchange(call.partner, LIST, request).await?;
    answer.read(|reply| {
        let data = data(reply)?;
        let rows = data.get("list").and_then(Value::as_array);
        let rows = rows.ok_or(PartnerFailure::Unreadable)?.iter();
        Ok(ReturnsPage {
            returns: rows.filter_map(|row| one(call.account, row)).collect(),
            has_next: data.get("hasNextPage") == Some(&Value::Bool(true)),
        })
    })
}

/// A request; `None` if it has no id, so that nothing can be done with it.
fn one(account: &ChannelAccount, request: &Value) -> Option<ReadReturn> {
    Some(ReadReturn {
        id: request::id(request)?,
        placed_at: request::created_at(request),
        content: request::read(account, request),
    })
}
