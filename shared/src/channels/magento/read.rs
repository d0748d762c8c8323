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
    let Some(id) = entity_id(id) else {
        return Ok(None);
    };
    let request = get(call.account, &["orders", &id], &[])?;
    let answer = ask(call, READ, request).await?;
    answer.read(|reply| {
        if is_absent(reply) {
            return Ok(None);
        }
        let text = text(reply)?;
        let read = order::read(call.account, text).map_err(|_| PartnerFailure::Unreadable)?;
        if read.id.as_str() == id {
            Ok(Some(read))
        } else {
            Err(PartnerFailure::Unreadable)
        }
    })
}

/// Reads the status of an order, a bare string or null; `None` if the shop has no order with this id.
pub(super) async fn status(
    call: ChannelCall<'_>,
    id: &ChannelOrderId,
) -> Result<Option<OrderStatus>, PartnerFailure> {
    let Some(id) = entity_id(id) else {
        return Ok(None);
    };
    let request = get(call.account, &["orders", &id, "statuses"], &[])?;
    let answer = ask(call, READ_STATUS, request).await?;
    answer.read(|reply| {
        if is_absent(reply) {
            return Ok(None);
        }
        let status = serde_json::from_str(text(reply)?).map_err(|_| PartnerFailure::Unreadable)?;
        Ok(Some(OrderStatus(status)))
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
