//! What invoices, shipments and handovers have in common, and where they differ.

use crate::contract::selling::handover::HandoverBody;
use crate::contract::selling::invoice::InvoiceBody;
use crate::contract::selling::shipment::ChannelShipmentBody;
use crate::digest::{Sha256, hex};
use crate::domain::selling::document::{
    ChannelDocumentId, DocumentContent, DocumentItem, DocumentList, NewDocument,
};
use crate::domain::selling::fulfilment::Fulfilment;
use crate::domain::selling::handover::HandoverRequest;
use crate::domain::selling::invoice::{ChannelInvoice, ChannelInvoiceRequest};
use crate::domain::selling::open_rows::OpenRows;
use crate::domain::selling::shipment::{ChannelShipment, ChannelShipmentRequest};
use crate::domain::selling::write_claim::WriteAction;
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::failure::ChangeFailure;
use crate::partners::failure::PartnerFailure;

/// The documents of an order that are in one list of the channel.
#[derive(Debug)]
pub(super) enum Listed {
    Invoices(Vec<ChannelInvoice>),
    Shipments(Vec<ChannelShipment>),
}

impl Listed {
    /// Reads a list.
    pub(super) async fn read(
        order: ChannelOrderDesk<'_>,
        list: DocumentList,
    ) -> Result<Self, PartnerFailure> {
        let (channel, call) = (order.channel, order.call());
        Ok(match list {
            DocumentList::Invoices => Self::Invoices(channel.list_invoices(call, order.id).await?),
            DocumentList::Shipments => {
                Self::Shipments(channel.list_shipments(call, order.id).await?)
            }
        })
    }

    /// The documents with what is in them.
    pub(super) fn contents(&self) -> Vec<(&ChannelDocumentId, DocumentContent<'_>)> {
        match self {
            Self::Invoices(invoices) => invoices.iter().map(of_invoice).collect(),
            Self::Shipments(shipments) => shipments.iter().map(of_shipment).collect(),
        }
    }

    /// The answer about a document; `None` if it is not in the list.
    pub(super) fn answer(
        &self,
        document: &NewDocument,
        id: &ChannelDocumentId,
        order: &Fulfilment,
    ) -> Option<String> {
        let answer = match (self, document) {
            (Self::Invoices(invoices), _) => {
                let invoice = invoices.iter().find(|invoice| invoice.invoice_id == *id)?;
                serde_json::to_string(&InvoiceBody::from(invoice))
            }
            (Self::Shipments(shipments), NewDocument::Handover(_)) => {
                let made = shipments.iter().find(|made| made.shipment_id == *id)?;
                serde_json::to_string(&HandoverBody {
                    handover_id: made.shipment_id.to_string(),
                    status: order.status.clone(),
                })
            }
            (Self::Shipments(shipments), NewDocument::Shipment(_) | NewDocument::Invoice(_)) => {
                let made = shipments.iter().find(|made| made.shipment_id == *id)?;
                serde_json::to_string(&ChannelShipmentBody::from(made))
            }
        };
        answer.ok()
    }
}

fn of_invoice(invoice: &ChannelInvoice) -> (&ChannelDocumentId, DocumentContent<'_>) {
    let content = DocumentContent {
        items: &invoice.items,
        tracks: &[],
    };
    (&invoice.invoice_id, content)
}

fn of_shipment(shipment: &ChannelShipment) -> (&ChannelDocumentId, DocumentContent<'_>) {
    let content = DocumentContent {
        items: &shipment.items,
        tracks: &shipment.tracks,
    };
    (&shipment.shipment_id, content)
}

/// The rows that a document may take. The channel counts invoices and handovers itself, but not shipments.
pub(super) fn rows(document: &NewDocument, order: Fulfilment, listed: &Listed) -> OpenRows {
    match document {
        NewDocument::Invoice(_) => order.invoicing,
        NewDocument::Handover(_) => order.shipping,
        NewDocument::Shipment(_) => {
            let contents = listed.contents();
            let items = contents.iter().map(|(_, content)| content.items);
            order.shipping.besides(items)
        }
    }
}

/// Sends a document with these rows.
pub(super) async fn send(
    order: ChannelOrderDesk<'_>,
    document: &NewDocument,
    items: Vec<DocumentItem>,
) -> Result<ChannelDocumentId, ChangeFailure> {
    let (channel, call, id) = (order.channel, order.call(), order.id);
    let sent = match document.clone() {
        NewDocument::Invoice(invoice) => {
            let invoice = ChannelInvoiceRequest { items, ..invoice };
            channel.create_invoice(call, id, &invoice).await
        }
        NewDocument::Shipment(shipment) => {
            let shipment = ChannelShipmentRequest { items, ..shipment };
            channel.create_shipment(call, id, &shipment).await
        }
        NewDocument::Handover(handover) => {
            let handover = HandoverRequest { items, ..handover };
            channel.hand_over(call, id, &handover).await
        }
    };
    Ok(sent?)
}

/// The name of the change.
pub(super) fn action(document: &NewDocument) -> WriteAction {
    match document {
        NewDocument::Invoice(_) => WriteAction::Invoice,
        NewDocument::Shipment(_) => WriteAction::Shipment,
        NewDocument::Handover(_) => WriteAction::Handover,
    }
}

/// A digest of all that makes two requests the same. The order of the items does not.
pub(super) fn digest(document: &NewDocument) -> String {
    let mut document = document.clone();
    match &mut document {
        NewDocument::Invoice(ChannelInvoiceRequest { items, .. })
        | NewDocument::Shipment(ChannelShipmentRequest { items, .. })
        | NewDocument::Handover(HandoverRequest { items, .. }) => items.sort(),
    }
    let json = match &document {
        NewDocument::Invoice(invoice) => serde_json::to_vec(invoice),
        NewDocument::Shipment(shipment) => serde_json::to_vec(shipment),
        NewDocument::Handover(handover) => serde_json::to_vec(handover),
    };
    hex(&Sha256::digest(json.unwrap_or_default()))
}
