//! Cancels an order. Setting the status by `POST /orders` would change only its label (#29953), so it is never used.
//!
//! Shops answered true for everything (#4479) and false for orders that they cancel a moment later (#19230), so neither is
//! believed: the order is read back.

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{changes, post_nothing};
use crate::channels::magento::documents::{number_of, yes_or_no};
use crate::channels::magento::session::ask;
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const CANCEL: Operation = changes("cancel");

/// Asks the shop to cancel.
pub(super) async fn cancel(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
) -> Result<(), PartnerFailure> {
    let id = number_of(order)?.to_string();
    let request = post_nothing(call.account, &["orders", &id, "cancel"])?;
    let answer = ask(call, CANCEL, request).await?;
    answer.read(|reply| yes_or_no(reply, CANCEL))
}
