//! Requests of clients: orders to be shipped or returned.

use jiff::Timestamp;
use jiff::tz::Offset;

use jiff::civil::Date;
use url::Url;

use crate::domain::address::Address;
use crate::domain::customs::Customs;
use crate::domain::measure::{Grams, Parcel};
use crate::domain::money::{Amount, Currency};
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{
    ClientId, CountryCode, CourierId, HsCode, OrderNumber, ShipmentCode, WarehouseCode,
};

/// How the consignee pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "UPPERCASE")]
pub enum PaymentType {
    /// Paid before shipping.
    Prepaid,
    /// Cash on delivery.
    Cod,
}

/// When the order was placed: the time, and the offset in which the client gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderDate {
    /// The time.
    pub instant: Timestamp,
    /// The client's offset from UTC at that time.
    pub offset: Offset,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineItem {
    /// The client's id of the line, which is part of its notifications.
    pub item_id: Option<String>,
    /// Stock keeping unit.
    pub sku: String,
    /// Name of the product.
    pub name: String,
    /// Selling price of one piece.
    pub price_per_unit: Amount,
    /// Number of pieces.
    pub quantity: u32,
    /// Weight of one piece.
    pub weight: Option<Grams>,
    /// The customs classification.
    pub hs_code: Option<HsCode>,
    /// The country of origin.
    pub made_in: Option<CountryCode>,
    /// What the courier checks at the customer's door before it accepts a return.
    pub quality_check: Option<QualityCheck>,
}

/// How a returned item must look at the door; the courier refuses it otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QualityCheck {
    /// Brand.
    pub brand: Option<String>,
    /// Colour.
    pub color: Option<String>,
    /// Size.
    pub size: Option<String>,
    /// Serial number.
    pub serial_number: Option<String>,
    /// European article number.
    pub ean: Option<String>,
    /// International mobile equipment identity.
    pub imei: Option<String>,
    /// Pictures of the item.
    pub image_urls: Vec<Url>,
    /// Further instructions for the courier.
    pub instructions: Option<String>,
}

/// The invoice of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Option<Date>,
}

/// The purpose of a shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// From the warehouse to the consignee.
    Forward,
    /// From the customer back to the warehouse.
    Return {
        /// Why the customer returns it.
        reason: String,
    },
}

impl Purpose {
    /// The type of a shipment with this purpose.
    pub fn shipment_type(&self) -> ShipmentType {
        match self {
            Self::Forward => ShipmentType::Forward,
            Self::Return { .. } => ShipmentType::Return,
        }
    }
}

/// A request to book one shipment with a courier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipmentRequest {
    /// Forward or return.
    pub purpose: Purpose,
    /// The pickup address.
    pub pickup: Address,
    /// The drop address.
    pub drop: Address,
    /// The client's id of the order.
    pub order_number: OrderNumber,
    /// Distinguishes several parcels of one order.
    pub shipment_code: Option<ShipmentCode>,
    /// How the consignee pays.
    pub payment: PaymentType,
    /// Value of the whole order.
    pub amount: Amount,
    /// Currency of every amount in the request.
    pub currency: Currency,
    /// When the order was placed.
    pub order_date: OrderDate,
    /// The contents of the parcel.
    pub lines: Vec<LineItem>,
    /// The parcel's dimensions and weight.
    pub parcel: Parcel,
    /// The requested courier.
    pub courier: Option<CourierId>,
    /// The warehouse that sends or receives.
    pub warehouse: Option<WarehouseCode>,
    /// The order's invoice.
    pub invoice: Option<Invoice>,
    /// Customs data of an international parcel.
    pub customs: Option<Customs>,
    /// The seller's GST registration, if it is not the account's.
    pub seller_gstin: Option<String>,
}

impl ShipmentRequest {
    /// The id of the requested shipment.
    pub fn id(&self, client: &ClientId) -> ShipmentId {
        ShipmentId {
            client_id: client.clone(),
            shipment_type: self.purpose.shipment_type(),
            order_number: self.order_number.clone(),
            shipment_code: self.shipment_code.clone(),
        }
    }
}
