//! The body of an INVOICE (docs/webhooks.md), with the fields in the documented order.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::invoice::{DocumentKind, GeneratedInvoice, InvoiceId};
use crate::domain::notification::NotificationType;

/// A new invoice. Only this payload has `invoiceData`, and it has no `returnOrderInfo`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceNotification)]
pub struct InvoiceNotificationBody {
    /// The client's number of the forward order.
    pub forward_order_code: String,
    /// One of several parcels of the order; null if unknown.
    pub forward_shipment_code: Option<String>,
    /// `INVOICE_GENERATED`.
    pub notification_type: NotificationType,
    /// When we received it, in epoch seconds.
    #[schema(example = 1_678_949_844)]
    pub notification_update_time: i64,
    /// The invoice.
    pub invoice_data: InvoiceDataBody,
}

/// An invoice.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceData)]
pub struct InvoiceDataBody {
    /// Its id, unchanged: a number or a string.
    #[schema(example = 123)]
    pub invoice_id: InvoiceId,
    /// Its status.
    #[schema(example = "CREATED")]
    pub invoice_status: String,
    /// An invoice or a credit note.
    pub document_type: DocumentKind,
    /// The URL of the document.
    pub document_url: String,
}

impl From<&GeneratedInvoice> for InvoiceNotificationBody {
    fn from(invoice: &GeneratedInvoice) -> Self {
        Self {
            forward_order_code: invoice.forward_order.to_string(),
            forward_shipment_code: invoice.shipment_code.as_ref().map(ToString::to_string),
            notification_type: NotificationType::InvoiceGenerated,
            notification_update_time: invoice.received_at.as_second(),
            invoice_data: InvoiceDataBody {
                invoice_id: invoice.id.clone(),
                invoice_status: invoice.status.to_string(),
                document_type: invoice.kind,
                document_url: invoice.document.as_str().to_owned(),
            },
        }
    }
}
