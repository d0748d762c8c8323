//! Invoices and credit notes of orders.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::text::{OrderNumber, Rule, Shape, ShipmentCode, Text};

/// An invoice, as the client's system reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedInvoice {
    /// The client's number of the forward order.
    pub forward_order: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// Its id in the system that created it.
    pub id: InvoiceId,
    /// The kind of document.
    pub kind: DocumentKind,
    /// Its status.
    pub status: InvoiceStatus,
    /// The URL of the document.
    pub document: DocumentUrl,
    /// When we received it.
    pub received_at: Timestamp,
}

/// The id of an invoice, not its printed number. Its form is preserved: `123` and `"123"` are two ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum InvoiceId {
    /// A whole number.
    Number(u64),
    /// A text.
    Text(InvoiceCode),
}

/// The rule for an invoice id that is a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {}
/// An invoice id that is a text.
pub type InvoiceCode = Text<Code>;

impl Rule for Code {
    const NAME: &'static str = "InvoiceCode";
    const SHAPE: Shape = Shape::INVOICE_CODE;
}

/// The rule for an invoice status.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {}
/// The status of an invoice, as the system that created it writes it. Known value: `CREATED`; others are possible.
pub type InvoiceStatus = Text<Status>;

impl Rule for Status {
    const NAME: &'static str = "InvoiceStatus";
    const SHAPE: Shape = Shape::CODE;
}

/// The kind of an invoice document.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentKind {
    /// What the customer owes.
    Invoice,
    /// What the customer gets refunded.
    CreditNote,
}

/// The URL of a document. It is stored as text, not as a parsed URL, because it must be sent unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentUrl(String);

/// The value is not the URL of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an absolute http or https URL")]
pub struct NotADocumentUrl;

impl DocumentUrl {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocumentUrl {
    type Err = NotADocumentUrl;

    fn from_str(text: &str) -> Result<Self, NotADocumentUrl> {
        let url: Url = text.parse().map_err(|_| NotADocumentUrl)?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        // The parser removes line breaks, and blanks at the ends.
        let is_plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
        if is_web && is_plain {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotADocumentUrl)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_url_is_sent_unchanged() {
        for url in [
            "https://a.example",
            "HTTPS://A.example/ä?b=%20#c",
            "http://a.example:80/x",
        ] {
            assert_eq!(url.parse::<DocumentUrl>().unwrap().as_str(), url);
        }
        for wrong in [
            "",
            "a.example/x",
            "ftp://a.example/x",
            "https://a.example/x\n",
            " https://a.example",
            "https://a.example/a b",
        ] {
            assert!(wrong.parse::<DocumentUrl>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_invoice_id_is_written_as_it_was_read() {
        for json in ["123", "\"123\"", "18446744073709551615", "\"INV/10\""] {
            let id: InvoiceId = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
    }
}
