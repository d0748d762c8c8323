//! Reads the invoices and shipments of an order, and labels of shipments.

use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::invoice::ChannelInvoice;
use crate::domain::selling::shipment::ChannelShipment;
use crate::flows::channelling::change_order::{ChannelOrderDesk, FulfillingChannel};
use crate::flows::failure::FlowFailure;

/// The invoices of an order.
pub async fn read_invoices(
    order: ChannelOrderDesk<'_>,
) -> Result<Vec<ChannelInvoice>, FlowFailure> {
    let listing = order.channel.list_invoices(order.call(), order.id);
    let listed = order.open.noted(listing).await;
    let listed = listed.map_err(|failure| order.open.failed(failure))?;
    if listed.is_empty() {
        // An order that does not exist has no documents either.
        order.read_only().await?;
    }
    Ok(listed)
}

/// The shipments of an order.
pub async fn read_shipments(
    order: ChannelOrderDesk<'_>,
) -> Result<Vec<ChannelShipment>, FlowFailure> {
    let listing = order.channel.list_shipments(order.call(), order.id);
    let listed = order.open.noted(listing).await;
    let listed = listed.map_err(|failure| order.open.failed(failure))?;
    if listed.is_empty() {
        // An order that does not exist has no documents either.
        order.read_only().await?;
    }
    Ok(listed)
}

impl FulfillingChannel<'_> {
    /// A shipment.
    pub async fn shipment(&self, id: &ChannelDocumentId) -> Result<ChannelShipment, FlowFailure> {
        let reading = self.channel.read_shipment(self.open.call(), id);
        let read = self.open.noted(reading).await;
        let read = read.map_err(|failure| self.open.failed(failure))?;
        read.ok_or(FlowFailure::NotFound("the channel has no such shipment"))
    }

    /// The label of a shipment, a PDF.
    pub async fn label(&self, id: &ChannelDocumentId) -> Result<Vec<u8>, FlowFailure> {
        let reading = self.channel.read_label(self.open.call(), id);
        let read = self.open.noted(reading).await;
        let read = read.map_err(|failure| self.open.failed(failure))?;
        read.ok_or(FlowFailure::NotFound(
            "the channel has no label of such a shipment",
        ))
    }
}
