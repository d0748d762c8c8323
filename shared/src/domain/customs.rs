//! Customs data of an international parcel.

use crate::domain::money::Amount;
use crate::domain::personal::Personal;
use crate::domain::text::CountryCode;

/// Who pays for freight and insurance.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, utoipa::ToSchema,
)]
#[schema(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Incoterm {
    /// Free on board: the buyer.
    Fob,
    /// Cost, insurance and freight: the seller.
    Cif,
}

/// How Indian integrated tax (IGST) on an export is handled, by the letter that exporters declare.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, utoipa::ToSchema,
)]
pub enum IgstStatus {
    /// Letter A.
    A,
    /// Letter B.
    B,
    /// Letter C.
    C,
}

/// A customs declaration, as far as aggregators need it. Codes are the aggregator's own and are passed on unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customs {
    /// The reason of the export: the aggregator's number, 0 to 3.
    pub reason_of_export: Option<u8>,
    /// Who pays for freight and insurance.
    pub incoterm: Option<Incoterm>,
    /// The purpose of the shipment, as the aggregator's code.
    pub purpose: Option<String>,
    /// How integrated tax is handled.
    pub igst_status: Option<IgstStatus>,
    /// Tax id of the shipper.
    pub shipper_tax_id: Option<Personal>,
    /// Tax id of the exporter.
    pub exporter_tax_id: Option<Personal>,
    /// Tax id of the consignee.
    pub consignee_tax_id: Option<Personal>,
    /// The type of the consignee's tax id.
    pub consignee_tax_type: Option<String>,
    /// The country of the consignee's tax id.
    pub consignee_tax_country: Option<CountryCode>,
    /// The shipping charges.
    pub shipping_charges: Option<Amount>,
    /// Import duty and value added tax.
    pub import_charges: Option<Amount>,
}
