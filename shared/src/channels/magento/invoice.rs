//! Invoices.

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{changes, post, reads};
use crate::channels::magento::documents::{
    ListedDocument, WireDocumentItem, all, created_id, document_id, items, number_of, sent_items,
};
use crate::channels::magento::session::ask;
use crate::channels::magento::wire::{Text, WireId, WireNumber};
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::invoice::{ChannelInvoice, ChannelInvoiceRequest};
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const CREATE: Operation = changes("create_invoice");
const LIST: Operation = reads("list_invoices");

/// Creates an invoice. The shop answers its id; whether the money was taken is read afterwards (#22300).
pub(super) async fn create(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
    invoice: &ChannelInvoiceRequest,
) -> Result<ChannelDocumentId, PartnerFailure> {
    let id = number_of(order)?.to_string();
    let body = json!({
        "capture": invoice.capture,
        "items": sent_items(&invoice.items)?,
        "notify": false,
        "appendComment": false,
    });
    let request = post(call.account, &["order", &id, "invoice"], &body)?;
    let answer = ask(call, CREATE, request).await?;
    answer.read(|reply| created_id(reply, CREATE))
}

/// The invoices of an order.
pub(super) async fn list(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
) -> Result<Vec<ChannelInvoice>, PartnerFailure> {
    all(call, LIST, ("invoices", order)).await
}

#[derive(Deserialize)]
struct WireInvoice<'a> {
    entity_id: WireId,
    #[serde(borrow, default)]
    increment_id: Option<Text<'a>>,
    #[serde(default)]
    state: Option<WireNumber>,
    #[serde(default)]
    items: Option<Vec<WireDocumentItem>>,
}

impl ListedDocument for ChannelInvoice {
    fn read(raw: &RawValue) -> Option<Self> {
        let invoice: WireInvoice<'_> = serde_json::from_str(raw.get()).ok()?;
        Some(Self {
            invoice_id: document_id(invoice.entity_id)?,
            increment_id: invoice
                .increment_id
                .map_or_else(String::new, |id| id.0.into()),
            state: invoice.state.and_then(|state| state.0.try_into().ok()),
            items: items(invoice.items),
        })
    }

    fn id(&self) -> &ChannelDocumentId {
        &self.invoice_id
    }
}
