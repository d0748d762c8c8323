//! Sends an invoice to a client's endpoints.

use jiff::Timestamp;

use crate::contract::invoice::InvoiceRequest;
use crate::contract::messages::invoice::InvoiceNotificationBody;
use crate::domain::invoice::GeneratedInvoice;
use crate::domain::message::{Message, MessageKind, MessageSubject, Routing};
use crate::domain::text::{ClientId, RequestId};
use crate::flows::messaging::publish_message::{
    PublishDependencies, PublishFailure, Published, publish_message,
};

/// Sends an INVOICE once: the same invoice with the same document is the same message.
pub async fn send_invoice(
    dependencies: &PublishDependencies,
    client_id: &ClientId,
    request: InvoiceRequest,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<Published, PublishFailure> {
    let invoice = GeneratedInvoice {
        forward_order: request.forward_order,
        shipment_code: request.shipment_code,
        id: request.id,
        kind: request.kind,
        status: request.status,
        document: request.document,
        received_at: now,
    };
    let message = message(client_id, &invoice)?;
    publish_message(dependencies, &message, request_id, now).await
}

fn message<'a>(
    client_id: &'a ClientId,
    invoice: &GeneratedInvoice,
) -> Result<Message<'a>, PublishFailure> {
    let shipment_code = invoice.shipment_code.as_ref().map(ToString::to_string);
    let body = InvoiceNotificationBody::from(invoice);
    // The id is kept as JSON: `123` and `"123"` are two invoices, because each is sent in its original form.
    let id = serde_json::to_string(&invoice.id)?;
    Ok(Message {
        client_id,
        routing: Routing {
            kind: MessageKind::Invoice,
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: None,
        },
        subject: MessageSubject::ForwardOrder(invoice.forward_order.clone()),
        identity: vec![
            shipment_code.unwrap_or_default(),
            invoice.kind.to_string(),
            id,
            invoice.status.to_string(),
        ],
        content: invoice.document.as_str().to_owned(),
        correction: false,
        body: serde_json::to_string(&body)?,
    })
}
