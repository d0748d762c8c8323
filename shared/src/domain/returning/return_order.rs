//! A return order, as the channel announced it.
//!
//! Only what every return order needs is mandatory here. What a bought AWB needs besides is checked when one is bought,
//! after the gaps were filled from the forward shipment. The form of e-mails and of images is not checked: they are the
//! customer's, and the document's own samples have none.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::money::Amount;
use crate::domain::personal::Personal;
use crate::domain::returning::code::{ReturnItemCode, ReturnOrderCode};
use crate::domain::text::{AccountAlias, Awb, OrderNumber, ShipmentCode, WarehouseCode};

/// The most items of a return order. One item is one piece.
pub const MOST_RETURN_ITEMS: usize = 500;

/// How the goods come back.
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
pub enum ReturnOrderType {
    /// The customer sends them, with a courier of the customer's choice.
    SelfShip,
    /// A courier picks them up at the customer's.
    CustomerReturn,
    /// They were not delivered and come back to the warehouse.
    ReturnToOrigin,
}

/// Whether the goods cross a border.
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
pub enum RegionType {
    /// Within India.
    Indian,
    /// Across a border.
    International,
}

/// A return order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnOrder {
    /// The channel's code of the return.
    pub return_order_code: ReturnOrderCode,
    /// The order whose goods come back.
    pub forward_order_code: OrderNumber,
    /// The warehouse that receives them.
    pub location_code: WarehouseCode,
    /// When the customer placed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_order_time: Option<Timestamp>,
    /// The channel's own status, kept as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_order_status: Option<String>,
    /// When it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_date: Option<Timestamp>,
    /// The pieces.
    pub items: Vec<ReturnItem>,
    /// How they come back.
    pub order_type: ReturnOrderType,
    /// The AWB that the channel already has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awb: Option<Awb>,
    /// The courier of that AWB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transporter: Option<String>,
    /// The account that buys the AWB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<AccountAlias>,
    /// The currency of all amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_code: Option<String>,
    /// Whether it crosses a border.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_type: Option<RegionType>,
    /// Why the whole order comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_reason: Option<String>,
    /// The seller's tax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_gstin: Option<String>,
    /// The consignee's tax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignee_gstin: Option<String>,
    /// The parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimension: Option<ReturnDimension>,
    /// The warehouse's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_address: Option<ReturnAddress>,
    /// The customer's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup_address: Option<ReturnAddress>,
    /// What is known of the forward order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_details: Option<ReturnOrderDetails>,
}

impl ReturnOrder {
    /// The item with this code.
    pub fn item(&self, code: &ReturnItemCode) -> Option<&ReturnItem> {
        self.items.iter().find(|item| item.item_code == *code)
    }
}

/// One piece of a return order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnItem {
    /// The channel's code of the piece.
    pub item_code: ReturnItemCode,
    /// Why the customer returns it.
    pub reason: String,
    /// Whether the courier checks it at the customer's door.
    #[serde(default)]
    pub enable_door_step_qc: bool,
    /// Its stock keeping unit in the channel.
    pub channel_sku_code: String,
    /// Name of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Brand of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Colour of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Category of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Sub-category of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_category: Option<String>,
    /// Serial number of the piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Its price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// What the customer paid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_amount_paid: Option<Amount>,
    /// A picture of it; its form is not checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// What of the price was paid with store credits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_credits_used: Option<Amount>,
    /// Its taxes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_taxes: Vec<ReturnTax>,
}

/// One tax of a piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnTax {
    /// Its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its rate, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Amount>,
    /// The tax of one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_unit: Option<Amount>,
    /// The tax of all pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
}

/// The parcel of a return: centimetres and grams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnDimension {
    /// Breadth; 1 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breadth: Option<Amount>,
    /// Height; 1 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<Amount>,
    /// Length; 1 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Amount>,
    /// Weight; 200 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Amount>,
}

/// An address of a return order. Which parts are needed depends on whether an AWB is bought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnAddress {
    /// Name of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal>,
    /// First line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line1: Option<Personal>,
    /// Second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<Personal>,
    /// Third line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line3: Option<Personal>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Pincode or postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Country, as the channel writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// E-mail address; its form is not checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal>,
}

/// What the channel says of the forward order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnOrderDetails {
    /// The amount that the courier collected; above zero for cash on delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cod_value: Option<Amount>,
    /// The number of the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<String>,
    /// The time of the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_time: Option<Timestamp>,
    /// The total of the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_value: Option<Amount>,
    /// Whether it was paid on delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_cod: Option<bool>,
    /// The parcel of the forward order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_shipment_number: Option<ShipmentCode>,
}
