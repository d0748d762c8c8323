//! Invoices of an order in a sales channel: the request, and the invoices that the channel has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::selling::item::{ItemBody, item_bodies, read_items};
use crate::contract::values::{flag, parsed};
use crate::domain::selling::document::{ChannelDocumentId, RequestKey};
use crate::domain::selling::invoice::{ChannelInvoice, ChannelInvoiceRequest};

/// Reads the body of `POST /channels/{alias}/orders/{channelOrderId}/invoices`.
pub fn read(fields: &Fields<'_>) -> Option<(ChannelInvoiceRequest, Option<RequestKey>)> {
    let capture = fields.optional("capture", flag);
    let items = read_items(fields);
    let key = fields.optional("requestKey", parsed);
    let request = ChannelInvoiceRequest {
        capture: capture?.unwrap_or_default(),
        items: items?,
    };
    Some((request, key?))
}

/// A request for an invoice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelInvoiceRequest)]
pub struct ChannelInvoiceRequestBody {
    /// True: the channel takes the money now. False if it is absent.
    pub capture: Option<bool>,
    /// The items; without it, all that is not invoiced.
    #[schema(min_items = 1, max_items = 500)]
    pub items: Option<Vec<ItemBody>>,
    /// Your name of this request. Two equal requests are the same one, unless they have different keys.
    #[schema(value_type = Option<RequestKey>)]
    pub request_key: Option<String>,
}

/// An invoice that the channel has.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelInvoice)]
pub struct InvoiceBody {
    /// Its id in the channel.
    #[schema(value_type = ChannelDocumentId)]
    pub invoice_id: String,
    /// Its number, which people see.
    #[schema(example = "000000003")]
    pub increment_id: String,
    /// The channel's code of its state. In Magento: 1 open, 2 paid, 3 cancelled. A shop may leave an invoice open although it
    /// was to take the money.
    #[schema(example = 2)]
    pub state: Option<u32>,
    /// Its items.
    pub items: Vec<ItemBody>,
}

/// The invoices of an order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelInvoices)]
pub struct InvoicesBody {
    /// The invoices, oldest first.
    pub invoices: Vec<InvoiceBody>,
}

impl From<&ChannelInvoice> for InvoiceBody {
    fn from(invoice: &ChannelInvoice) -> Self {
        Self {
            invoice_id: invoice.invoice_id.to_string(),
            increment_id: invoice.increment_id.clone(),
            state: invoice.state,
            items: item_bodies(&invoice.items),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::fields::read_value;

    #[test]
    fn all_of_an_invoice_is_optional() {
        let (invoice, key) = read_value(&json!({}), read).unwrap();
        assert_eq!(
            (invoice.capture, invoice.items.len(), key),
            (false, 0, None)
        );
        let body = json!({ "capture": true, "items": [{ "itemId": 1, "quantity": 1 }], "requestKey": "a" });
        let (invoice, key) = read_value(&body, read).unwrap();
        assert_eq!((invoice.capture, invoice.items.len()), (true, 1));
        assert_eq!(key.unwrap().as_str(), "a");
        assert!(read_value(&json!({ "capture": "yes" }), read).is_err());
        assert!(read_value(&json!({ "requestKey": " " }), read).is_err());
    }
}
