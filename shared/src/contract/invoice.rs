//! Invoices that a client's system reports, and the response.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::contract::described_values::UnchangedUrl;
use crate::contract::fields::Fields;
use crate::contract::values::{one_of, parsed, whole_number};
use crate::domain::invoice::{DocumentKind, DocumentUrl, InvoiceId, InvoiceStatus};
use crate::domain::text::{OrderNumber, ShipmentCode};

/// An invoice to be sent to the client's endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceRequest {
    /// The client's number of the forward order.
    pub forward_order: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// Its id in the system that created it.
    pub id: InvoiceId,
    /// Its status.
    pub status: InvoiceStatus,
    /// The kind of document.
    pub kind: DocumentKind,
    /// The URL of the document.
    pub document: DocumentUrl,
}

/// Reads the body of `POST /invoices`.
pub fn read(fields: &Fields<'_>) -> Option<InvoiceRequest> {
    let forward_order = fields.required_any(&["forwardOrderCode", "forwardOrderId"], parsed);
    let shipment_code = fields.optional("forwardShipmentCode", parsed);
    let id = fields.required("invoiceId", invoice_id);
    let status = fields.required("invoiceStatus", parsed);
    let kind = fields.required("documentType", one_of("INVOICE or CREDIT_NOTE"));
    let document = fields.required("documentUrl", parsed);
    Some(InvoiceRequest {
        forward_order: forward_order?,
        shipment_code: shipment_code?,
        id: id?,
        status: status?,
        kind: kind?,
        document: document?,
    })
}

/// A number, or a string, which is kept unchanged.
fn invoice_id(value: &Value) -> Result<InvoiceId, String> {
    if value.is_string() {
        return parsed(value).map(InvoiceId::Text);
    }
    let number = whole_number(value).map(InvoiceId::Number);
    number.map_err(|_| "must be a whole number or a string".to_owned())
}

/// The body in JSON. Two requests with the same order code, shipment code, type, id and status are about the same
/// invoice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceRequest)]
pub struct InvoiceRequestBody {
    /// Your number of the forward order.
    #[schema(value_type = OrderNumber)]
    pub forward_order_code: String,
    /// One of several parcels of the order; optional.
    #[schema(value_type = Option<ShipmentCode>)]
    pub forward_shipment_code: Option<String>,
    /// Its id in your system: a whole number or a string. It is sent unchanged.
    #[schema(example = 123)]
    pub invoice_id: InvoiceId,
    /// Its status.
    #[schema(value_type = InvoiceStatus)]
    pub invoice_status: String,
    /// An invoice or a credit note.
    pub document_type: DocumentKind,
    /// The URL of the document: an absolute http or https URL, which is sent unchanged.
    #[schema(value_type = UnchangedUrl)]
    pub document_url: String,
}

/// A message that is stored and queued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SentMessage)]
pub struct SentMessageBody {
    /// Its id, for `GET /messages/{messageId}`.
    #[schema(example = "msg_eda4649e9909cd818d1a_Iaf5570f543aa62c30ef3dc98c8e0ab03")]
    pub message_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::json;

    fn invoice() -> Value {
        json!({
            "forwardOrderCode": "ABCD", "forwardShipmentCode": "1", "invoiceId": 123, "invoiceStatus": "CREATED",
            "documentType": "INVOICE", "documentUrl": "https://invoice.com/dummy/pdf",
        })
    }

    #[test]
    fn the_sample_is_read_with_and_without_optional_fields() {
        let read_invoice = read_value(&invoice(), read).unwrap();
        assert_eq!(read_invoice.id, InvoiceId::Number(123));
        assert_eq!(
            read_invoice.document.as_str(),
            "https://invoice.com/dummy/pdf"
        );
        for absent in [json!(null), json!("")] {
            let mut body = invoice();
            body["forwardShipmentCode"] = absent;
            body["invoiceId"] = json!("123");
            let read_invoice = read_value(&body, read).unwrap();
            assert_eq!(read_invoice.shipment_code, None);
            assert_eq!(read_invoice.id, InvoiceId::Text("123".parse().unwrap()));
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = json!({
            "forwardShipmentCode": 1.5, "invoiceId": 1.5, "invoiceStatus": " ", "documentType": "RECEIPT",
            "documentUrl": "dummy/pdf",
        });
        let Err(Unreadable::Invalid(violations)) = read_value(&wrong, read) else {
            panic!("the body was accepted")
        };
        let pointers: Vec<_> = violations.iter().map(|wrong| &*wrong.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/forwardOrderCode",
                "/forwardShipmentCode",
                "/invoiceId",
                "/invoiceStatus",
                "/documentType",
                "/documentUrl"
            ]
        );
        for id in [json!(-1), json!(1e300), json!(true), json!(""), json!([1])] {
            let mut body = invoice();
            body["invoiceId"] = id;
            assert!(read_value(&body, read).is_err(), "{body}");
        }
    }
}
