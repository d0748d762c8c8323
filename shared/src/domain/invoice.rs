//! The invoice of an order, or the credit note that takes it back, of which a client is told.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::text::{OrderNumber, ShipmentCode};

/// An invoice that was made, as the client is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedInvoice {
    /// The client's number of the forward order.
    pub forward_order: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// Its id in the system that made it.
    pub id: InvoiceId,
    /// What it is.
    pub kind: DocumentKind,
    /// How far it is.
    pub status: InvoiceStatus,
    /// Where the document is.
    pub document: Url,
    /// When we heard of it.
    pub received_at: Timestamp,
}

/// The id of an invoice: a whole number, and not the number that is printed on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvoiceId(pub u64);

/// What kind of document an invoice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentKind {
    /// What the customer owes.
    Invoice,
    /// What the customer gets back.
    CreditNote,
}

/// How far an invoice is. The documents know one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceStatus {
    /// It exists.
    Created,
}
