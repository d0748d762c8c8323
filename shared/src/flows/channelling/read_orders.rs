//! Reads a channel's orders.

use crate::domain::selling::listing::{OrderPage, OrderQuery};
use crate::domain::selling::order::{OrderStatus, ShopOrder};
use crate::domain::text::{AccountAlias, ChannelOrderId, ClientId};
use crate::flows::channelling::channel_desk::{ChannelDesk, PATIENCE};
use crate::flows::failure::FlowFailure;

/// An order in a channel.
#[derive(Debug, Clone, Copy)]
pub struct WantedOrder<'a> {
    /// The client.
    pub client_id: &'a ClientId,
    /// The channel account.
    pub alias: &'a AccountAlias,
    /// The channel's id of the order.
    pub id: &'a ChannelOrderId,
}

/// Reads an order.
pub async fn read_order(
    desk: &ChannelDesk,
    wanted: WantedOrder<'_>,
) -> Result<ShopOrder, FlowFailure> {
    let channel = desk.open(wanted.client_id, wanted.alias, PATIENCE).await?;
    let adapter = channel.keeping_orders()?;
    let reading = adapter.read_order(channel.call(), wanted.id);
    let read = channel.noted(reading).await;
    read.map_err(|failure| channel.failed(failure))?
        .ok_or(ABSENT)
}

/// Reads an order's status.
pub async fn read_status(
    desk: &ChannelDesk,
    wanted: WantedOrder<'_>,
) -> Result<OrderStatus, FlowFailure> {
    let channel = desk.open(wanted.client_id, wanted.alias, PATIENCE).await?;
    let adapter = channel.keeping_orders()?;
    let reading = adapter.read_status(channel.call(), wanted.id);
    let read = channel.noted(reading).await;
    read.map_err(|failure| channel.failed(failure))?
        .ok_or(ABSENT)
}

/// Lists orders.
pub async fn list_orders(
    desk: &ChannelDesk,
    client_id: &ClientId,
    alias: &AccountAlias,
    query: &OrderQuery,
) -> Result<OrderPage, FlowFailure> {
    let channel = desk.open(client_id, alias, PATIENCE).await?;
    let adapter = channel.keeping_orders()?;
    let page = channel
        .noted(adapter.list_orders(channel.call(), query))
        .await;
    let page = page.map_err(|failure| channel.failed(failure))?;
    for skipped in &page.skipped {
        let (subject, error) = (skipped.id.as_str(), skipped.detail.as_str());
        tracing::warn!(subject, error, "order of a channel skipped");
    }
    Ok(page)
}

const ABSENT: FlowFailure = FlowFailure::NotFound("the channel has no such order");
