//! Reads an order, or its status.

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{get, reads};
use crate::channels::magento::order;
use crate::channels::magento::refusal::refused;
use crate::channels::magento::session::ask;
use crate::domain::selling::order::{OrderStatus, ShopOrder};
use crate::domain::text::ChannelOrderId;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::json;
use crate::partners::transport::Operation;

const READ: Operation = reads("read_order");
const READ_STATUS: Operation = reads("read_order_status");

/// Reads an order; `None` if the shop has none with this id.
pub(super) async fn order(
    call: ChannelCall<'_>,
    id: &ChannelOrderId,
) -> Result<Option<ShopOrder>, PartnerFailure> {
    of_order(call, READ, (id, &[]), |id, json| {
        let read = order::read(call.account, json).ok()?;
        (read.id.as_str() == id).then_some(read)
    })
    .await
}

/// Reads the status of an order, a bare string or null; `None` if the shop has no order with this id.
pub(super) async fn status(
    call: ChannelCall<'_>,
    id: &ChannelOrderId,
) -> Result<Option<OrderStatus>, PartnerFailure> {
    of_order(call, READ_STATUS, (id, &["statuses"]), |_, json| {
        serde_json::from_str(json).ok().map(OrderStatus)
    })
    .await
}

/// Reads what the shop has at the path of an order, and below it; `None` if it has no order with this id. `read` gets the order's id
/// as the shop writes it and the JSON; it returns `None` if that cannot be used.
pub(super) async fn of_order<T>(
    call: ChannelCall<'_>,
    operation: Operation,
    (id, below): (&ChannelOrderId, &[&str]),
    read: impl FnOnce(&str, &str) -> Option<T>,
) -> Result<Option<T>, PartnerFailure> {
    let Some(id) = entity_id(id) else {
        return Ok(None);
    };
    let path = [&["orders", id.as_str()], below].concat();
    let request = get(call.account, &path, &[])?;
    let answer = ask(call, operation, request).await?;
    answer.read(|reply| {
        if is_absent(reply) {
            return Ok(None);
        }
        let found = read(&id, text(reply)?);
        found.ok_or(PartnerFailure::Unreadable).map(Some)
    })
}

/// The id as the shop writes it; `None` if it is no id of a shop, so that no other path is called.
pub(super) fn entity_id(id: &ChannelOrderId) -> Option<String> {
    let number: u64 = id.as_str().parse().ok()?;
    Some(number.to_string())
}

/// A 404 of the shop itself, not of what is in front of it.
pub(super) fn is_absent(reply: &Reply) -> bool {
    reply.status == 404 && json::object(&reply.body).is_some()
}

/// The JSON of a success.
pub(super) fn text(reply: &Reply) -> Result<&str, PartnerFailure> {
    if (200..300).contains(&reply.status) {
        std::str::from_utf8(&reply.body).map_err(|_| PartnerFailure::Unreadable)
    } else {
        Err(refused(reply))
    }
}
