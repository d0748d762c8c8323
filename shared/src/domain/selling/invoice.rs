//! Invoices of orders in sales channels.

use serde::Serialize;

use crate::domain::selling::document::{ChannelDocumentId, DocumentItem};

/// A request for an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelInvoiceRequest {
    /// Whether the channel takes the money now.
    pub capture: bool,
    /// The items; none means all that are not invoiced.
    pub items: Vec<DocumentItem>,
}

/// An invoice that a channel has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelInvoice {
    /// Its id.
    pub invoice_id: ChannelDocumentId,
    /// Its number, which people see.
    pub increment_id: String,
    /// The channel's code of its state: a shop may make an invoice without taking the money, whatever was asked for.
    pub state: Option<u32>,
    /// Its items.
    pub items: Vec<DocumentItem>,
}
