//! What customs ask of a parcel that crosses a border.

use crate::domain::money::Amount;
use crate::domain::personal::Personal;
use crate::domain::text::CountryCode;

/// Who bears freight and insurance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Incoterm {
    /// Free on board: the buyer.
    Fob,
    /// Cost, insurance and freight: the seller.
    Cif,
}

/// How Indian integrated tax (IGST) on an export is treated, by the letter that exporters declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
pub enum IgstStatus {
    /// Letter A.
    A,
    /// Letter B.
    B,
    /// Letter C.
    C,
}

/// A customs declaration, as far as aggregators ask for it. Codes are the aggregator's own and go through as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customs {
    /// Why it is exported: the aggregator's number, 0 to 3.
    pub reason_of_export: Option<u8>,
    /// Who bears freight and insurance.
    pub incoterm: Option<Incoterm>,
    /// What the shipment is for, in the aggregator's code.
    pub purpose: Option<String>,
    /// How integrated tax is treated.
    pub igst_status: Option<IgstStatus>,
    /// Tax id of the shipper.
    pub shipper_tax_id: Option<Personal>,
    /// Tax id of the exporter.
    pub exporter_tax_id: Option<Personal>,
    /// Tax id of the consignee.
    pub consignee_tax_id: Option<Personal>,
    /// What kind of id that is.
    pub consignee_tax_type: Option<String>,
    /// Whose id that is.
    pub consignee_tax_country: Option<CountryCode>,
    /// What shipping costs.
    pub shipping_charges: Option<Amount>,
    /// Import duty and value added tax.
    pub import_charges: Option<Amount>,
}
