//! Requests to Clickpost, in its own spelling.
//!
//! There are two spellings of an order: domestic address fields have a prefix (v3), international ones do not (v4).

pub(super) mod answer;

use serde::Serialize;
use serde_json::Number;

use crate::domain::personal::Personal;

/// An order to book.
#[derive(Serialize)]
pub(super) struct CreateOrder<'a> {
    pub(super) pickup_info: ClickpostAddress<'a>,
    pub(super) drop_info: ClickpostAddress<'a>,
    pub(super) shipment_details: ShipmentDetails<'a>,
    pub(super) additional: AdditionalDetails<'a>,
    #[serde(flatten)]
    pub(super) taxes: Taxes<'a>,
}

/// An address in the spelling of its call.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ClickpostAddress<'a> {
    IndianPickup(IndianPickup<'a>),
    IndianDrop(IndianDrop<'a>),
    Abroad(AddressAbroad<'a>),
}

/// The pickup of a domestic parcel. The e-mail address has two names: one in the field table, one in the examples.
#[derive(Serialize)]
pub(super) struct IndianPickup<'a> {
    pub(super) pickup_name: Personal,
    pub(super) pickup_phone: Personal,
    pub(super) email: &'a str,
    pub(super) pickup_email: &'a str,
    pub(super) pickup_address: Personal,
    pub(super) pickup_city: &'a str,
    pub(super) pickup_state: &'a str,
    pub(super) pickup_pincode: String,
    pub(super) pickup_country: &'static str,
    pub(super) pickup_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pickup_district: Option<&'a str>,
}

/// The drop of a domestic parcel.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the vendor's names")]
pub(super) struct IndianDrop<'a> {
    pub(super) drop_name: Personal,
    pub(super) drop_phone: Personal,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) drop_email: Option<&'a Personal>,
    pub(super) drop_address: Personal,
    pub(super) drop_city: &'a str,
    pub(super) drop_state: &'a str,
    pub(super) drop_pincode: String,
    pub(super) drop_country: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) drop_district: Option<&'a str>,
}

/// An address of an international parcel.
#[derive(Serialize)]
pub(super) struct AddressAbroad<'a> {
    pub(super) name: Personal,
    pub(super) phone: Personal,
    pub(super) phone_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
    pub(super) address: Personal,
    pub(super) city: &'a str,
    pub(super) state: &'a str,
    pub(super) postal_code: &'a str,
    pub(super) country_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) district: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<String>,
}

/// The contents.
#[derive(Serialize)]
pub(super) struct ShipmentDetails<'a> {
    pub(super) order_type: &'static str,
    pub(super) delivery_type: &'static str,
    pub(super) cod_value: Number,
    pub(super) invoice_value: Number,
    pub(super) invoice_number: &'a str,
    pub(super) invoice_date: String,
    pub(super) courier_partner: i64,
    pub(super) reference_number: String,
    pub(super) order_id: &'a str,
    pub(super) weight: Number,
    pub(super) length: Number,
    pub(super) breadth: Number,
    pub(super) height: Number,
    pub(super) items: Vec<ClickpostItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rvp_reason: Option<&'a str>,
}

/// A line of the order.
#[derive(Serialize)]
pub(super) struct ClickpostItem<'a> {
    pub(super) sku: &'a str,
    pub(super) description: &'a str,
    pub(super) quantity: u32,
    pub(super) price: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) weight: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hs_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) manufacture_country_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additional: Option<CheckedItem<'a>>,
}

/// How a returned item must look at the door.
#[derive(Serialize)]
pub(super) struct CheckedItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) brand: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) color: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) imei: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) serial_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ean: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) images: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) special_instructions: Option<&'a str>,
    pub(super) return_reason: &'a str,
}

/// Additional data of the order.
#[derive(Serialize)]
pub(super) struct AdditionalDetails<'a> {
    pub(super) label: bool,
    #[serde(rename = "async", skip_serializing_if = "Option::is_none")]
    pub(super) queued: Option<bool>,
    pub(super) order_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rvp_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) qc_params: Vec<&'a str>,
}

/// Tax data: Indian GST, or customs data.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Taxes<'a> {
    Indian {
        #[serde(skip_serializing_if = "Option::is_none")]
        gst_info: Option<GstInfo<'a>>,
    },
    Customs {
        tax_info: Option<TaxInfo<'a>>,
    },
}

/// The seller's Indian GST registration.
#[derive(Serialize)]
pub(super) struct GstInfo<'a> {
    pub(super) seller_gstin: &'a str,
}

/// Customs data.
#[derive(Serialize)]
pub(super) struct TaxInfo<'a> {
    pub(super) shipper_tax_id: Option<&'a Personal>,
    pub(super) consignee_tax_id: Option<&'a Personal>,
    pub(super) consignee_tax_type: Option<&'a str>,
    pub(super) consignee_tax_type_country_code: Option<&'a str>,
    pub(super) exporter_tax_id: Option<&'a Personal>,
    pub(super) shipping_charges: Option<Number>,
    pub(super) import_duty_vat_charges: Option<Number>,
}

/// A question about the dates of delivery on a domestic route.
#[derive(Serialize)]
pub(super) struct PredictedRoute {
    pub(super) pickup_pincode: String,
    pub(super) drop_pincode: String,
}

/// A domestic route for recommendations; sent as a list with one entry.
#[derive(Serialize)]
pub(super) struct IndianRoute<'a> {
    pub(super) reference_number: &'static str,
    pub(super) item: &'a str,
    pub(super) pickup_pincode: String,
    pub(super) drop_pincode: String,
    pub(super) order_type: &'static str,
    pub(super) delivery_type: &'static str,
    pub(super) invoice_value: Number,
    #[serde(flatten)]
    pub(super) parcel: RouteParcel,
}

/// The parcel, as far as known.
#[derive(Serialize, Default)]
pub(super) struct RouteParcel {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) length: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) breadth: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) height: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) weight: Option<Number>,
}

/// An international route for recommendations: an order with less data.
#[derive(Serialize)]
pub(super) struct RouteAbroad<'a> {
    pub(super) pickup_info: AddressAbroad<'a>,
    pub(super) drop_info: AddressAbroad<'a>,
    pub(super) shipment_details: RouteDetails<'a>,
}

/// The contents for a route.
#[derive(Serialize)]
pub(super) struct RouteDetails<'a> {
    pub(super) order_type: &'static str,
    pub(super) delivery_type: &'static str,
    pub(super) cod_value: Number,
    pub(super) invoice_value: Number,
    pub(super) invoice_number: &'static str,
    pub(super) invoice_date: String,
    pub(super) currency_code: &'a str,
    pub(super) reference_number: &'static str,
    pub(super) items: Vec<ClickpostItem<'a>>,
    #[serde(flatten)]
    pub(super) parcel: RouteParcel,
}
