//! Additional data of label requests for international parcels.

use serde::Serialize;
use serde_json::{Number, Value};
use utoipa::ToSchema;

use crate::contract::described_values::{FreeText, Identifier};
use crate::contract::fields::Fields;
use crate::contract::number::json_number;
use crate::contract::values::{country_code, day, identifier, measured, one_of, personal, text};
use crate::domain::customs::{Customs, IgstStatus, Incoterm};
use crate::domain::order::Invoice;
use crate::domain::personal::Personal;
use crate::domain::text::{CountryCode, Text};

/// Reads `invoice`.
pub(crate) fn read_invoice(fields: &Fields<'_>) -> Option<Invoice> {
    let number = fields.required("number", identifier);
    let date = fields.optional("date", day);
    Some(Invoice {
        number: number?,
        date: date?,
    })
}

/// Reads `customs`.
pub(crate) fn read_customs(fields: &Fields<'_>) -> Option<Customs> {
    let reason_of_export = fields.optional("reasonOfExport", reason);
    let incoterm = fields.optional("incoterm", one_of("FOB or CIF"));
    let purpose = fields.optional("purposeOfShipment", text);
    let igst_status = fields.optional("igstPaymentStatus", one_of("A, B or C"));
    let shipper_tax_id = fields.optional("shipperTaxId", personal);
    let exporter_tax_id = fields.optional("exporterTaxId", personal);
    let consignee_tax_id = fields.optional("consigneeTaxId", personal);
    let consignee_tax_type = fields.optional("consigneeTaxType", text);
    let consignee_tax_country = fields.optional("consigneeTaxCountryCode", country_code);
    let shipping_charges = fields.optional("shippingCharges", measured);
    let import_charges = fields.optional("importCharges", measured);
    Some(Customs {
        reason_of_export: reason_of_export?,
        incoterm: incoterm?,
        purpose: purpose?,
        igst_status: igst_status?,
        shipper_tax_id: shipper_tax_id?,
        exporter_tax_id: exporter_tax_id?,
        consignee_tax_id: consignee_tax_id?,
        consignee_tax_type: consignee_tax_type?,
        consignee_tax_country: consignee_tax_country?,
        shipping_charges: shipping_charges?,
        import_charges: import_charges?,
    })
}

fn reason(value: &Value) -> Result<u8, String> {
    value
        .as_u64()
        .and_then(|number| u8::try_from(number).ok())
        .filter(|number| *number <= 3)
        .ok_or_else(|| "must be a whole number from 0 to 3".to_owned())
}

/// An invoice in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invoice)]
pub struct OrderInvoiceBody<'a> {
    /// Its number.
    #[schema(value_type = Identifier)]
    pub number: &'a str,
    /// Its date; the date of the order if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date", example = "2022-03-16")]
    pub date: Option<String>,
}

/// A customs declaration in JSON. Codes are the aggregator's own and are passed on unchanged.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Customs)]
pub struct CustomsBody<'a> {
    /// The reason of the export: the aggregator's number, 0 to 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3)]
    pub reason_of_export: Option<u8>,
    /// Who pays for freight and insurance: `FOB` the buyer, `CIF` the seller.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Incoterm>)]
    pub incoterm: Option<String>,
    /// The purpose of the shipment, as the aggregator's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub purpose_of_shipment: Option<&'a str>,
    /// How Indian integrated tax is handled: `A`, `B` or `C`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<IgstStatus>)]
    pub igst_payment_status: Option<String>,
    /// Tax id of the shipper.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub shipper_tax_id: Option<&'a Personal>,
    /// Tax id of the exporter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub exporter_tax_id: Option<&'a Personal>,
    /// Tax id of the consignee.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub consignee_tax_id: Option<&'a Personal>,
    /// The type of the consignee's tax id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub consignee_tax_type: Option<&'a str>,
    /// The two-letter country code of the consignee's tax id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CountryCode>)]
    pub consignee_tax_country_code: Option<&'a str>,
    /// The shipping charges.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 100_000_000_000.0)]
    pub shipping_charges: Option<Number>,
    /// Import duty and value added tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 100_000_000_000.0)]
    pub import_charges: Option<Number>,
}

impl<'a> From<&'a Invoice> for OrderInvoiceBody<'a> {
    fn from(invoice: &'a Invoice) -> Self {
        Self {
            number: &invoice.number,
            date: invoice.date.map(|date| date.to_string()),
        }
    }
}

impl<'a> From<&'a Customs> for CustomsBody<'a> {
    fn from(customs: &'a Customs) -> Self {
        Self {
            reason_of_export: customs.reason_of_export,
            incoterm: customs.incoterm.map(|incoterm| incoterm.to_string()),
            purpose_of_shipment: customs.purpose.as_deref(),
            igst_payment_status: customs.igst_status.map(|status| status.to_string()),
            shipper_tax_id: customs.shipper_tax_id.as_ref(),
            exporter_tax_id: customs.exporter_tax_id.as_ref(),
            consignee_tax_id: customs.consignee_tax_id.as_ref(),
            consignee_tax_type: customs.consignee_tax_type.as_deref(),
            consignee_tax_country_code: customs.consignee_tax_country.as_ref().map(Text::as_str),
            shipping_charges: customs
                .shipping_charges
                .map(|amount| json_number(amount.value())),
            import_charges: customs
                .import_charges
                .map(|amount| json_number(amount.value())),
        }
    }
}
