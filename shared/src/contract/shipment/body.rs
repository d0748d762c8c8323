//! The request body for a label or a return AWB, for writing.

use jiff::fmt::temporal::DateTimePrinter;
use serde::Serialize;
use serde_json::Number;
use url::Url;
use utoipa::ToSchema;

use crate::contract::described_values::{CurrencyCode, FreeText, Identifier, WebUrl};
use crate::contract::international::{CustomsBody, OrderInvoiceBody};
use crate::contract::number::json_number;
use crate::domain::address::Address;
use crate::domain::measure::Parcel;
use crate::domain::money::Currency;
use crate::domain::order::{LineItem, Purpose, QualityCheck, ShipmentRequest};
use crate::domain::personal::Personal;
use crate::domain::place::AreaId;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{
    AccountAlias, CallingCode, CountryCode, HsCode, OrderNumber, ShipmentCode, Text, WarehouseCode,
};

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentBody<'a> {
    /// The account; optional if the client has only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AccountAlias>)]
    pub logistic_account_alias: Option<&'a str>,
    /// The pickup address.
    pub pickup_address: AddressBody<'a>,
    /// The drop address.
    pub drop_address: AddressBody<'a>,
    /// The order.
    pub order_details: OrderDetailsBody<'a>,
    /// The parcel's outer dimensions and weight.
    pub shipment_dimension: DimensionBody,
    /// The requested courier; if absent, the account's default or the best recommendation is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, example = 1001, minimum = 0)]
    pub courier_id: Option<Number>,
    /// The client's code of the warehouse.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WarehouseCode>)]
    pub warehouse_code: Option<&'a str>,
    /// Distinguishes several parcels of one order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ShipmentCode>)]
    pub shipment_code: Option<&'a str>,
    /// Currency of all amounts; INR if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CurrencyCode>)]
    pub currency_code: Option<&'a str>,
    /// Why the customer returns it; required for a return, ignored otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub return_reason: Option<&'a str>,
    /// The order's invoice, for aggregators that need it; its number defaults to the order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice: Option<OrderInvoiceBody<'a>>,
    /// Customs data of an international parcel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customs: Option<CustomsBody<'a>>,
    /// The seller's GST registration, for aggregators that need it, if it is not the account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Identifier>)]
    pub seller_gstin: Option<&'a str>,
}

/// An address in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Address)]
pub struct AddressBody<'a> {
    /// First name of the contact.
    #[schema(value_type = FreeText)]
    pub first_name: &'a Personal,
    /// Last name of the contact.
    #[schema(value_type = Option<FreeText>)]
    pub last_name: Option<&'a Personal>,
    /// Middle name of the contact.
    #[schema(value_type = Option<FreeText>)]
    pub middle_name: Option<&'a Personal>,
    /// First line of the address.
    #[schema(value_type = FreeText)]
    pub address_line1: &'a Personal,
    /// Second line of the address.
    #[schema(value_type = Option<FreeText>)]
    pub address_line2: Option<&'a Personal>,
    /// Third line of the address.
    #[schema(value_type = Option<FreeText>)]
    pub address_line3: Option<&'a Personal>,
    /// City.
    #[schema(value_type = FreeText)]
    pub city: &'a str,
    /// State; required in India, optional abroad.
    #[schema(value_type = Option<FreeText>)]
    pub state: Option<&'a str>,
    /// Pincode or postal code. Required: 6 digits in India, any text in other countries. Optional where the country has none,
    /// such as AE, QA and HK, or not everywhere, such as SA and IE.
    #[schema(value_type = Option<FreeText>)]
    pub zip: Option<&'a str>,
    /// Country.
    #[schema(value_type = FreeText)]
    pub country: &'a str,
    /// E-mail address.
    #[schema(value_type = Option<FreeText>)]
    pub email: Option<&'a Personal>,
    /// Phone number.
    #[schema(value_type = Option<FreeText>)]
    pub phone: Option<&'a Personal>,
    /// The two-letter ISO 3166-1 country code; required for an international parcel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CountryCode>)]
    pub country_code: Option<&'a str>,
    /// Calling code of the phone number, with or without a `+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CallingCode>)]
    pub phone_code: Option<&'a str>,
    /// District, if the address has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FreeText>)]
    pub district: Option<&'a str>,
    /// The aggregator's number of the area, for aggregators that find addresses by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 30101, minimum = 1, maximum = 9_007_199_254_740_991.0)]
    pub area_id: Option<u64>,
    /// Latitude in degrees, for couriers that need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = -6.1926, minimum = -90, maximum = 90)]
    pub latitude: Option<Number>,
    /// Longitude in degrees, together with the latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, example = 106.8386, minimum = -180, maximum = 180)]
    pub longitude: Option<Number>,
}

/// An order in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrderDetails)]
pub struct OrderDetailsBody<'a> {
    /// The client's id of the order: 1 to 100 printable characters.
    #[schema(value_type = OrderNumber)]
    pub order_number: &'a str,
    /// How the consignee pays.
    #[schema(value_type = PaymentWord)]
    pub payment_type: String,
    /// Value of the whole order; a number or a numeric string.
    #[schema(value_type = f64, example = 230, minimum = 0, maximum = 100_000_000_000.0)]
    pub order_amount: Number,
    /// When the order was placed (RFC 3339 with an offset).
    #[schema(example = "2022-03-16T12:31:02+05:30", format = "date-time")]
    pub order_date: String,
    /// FORWARD for a label, RETURN for a return AWB.
    pub shipment_type: ShipmentType,
    /// The contents of the parcel; also read as `orderLineItemList`.
    #[schema(min_items = 1, max_items = 500)]
    pub order_line_items: Vec<LineBody<'a>>,
}

/// How the consignee pays.
#[derive(Debug, ToSchema)]
#[schema(as = PaymentType)]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentWord {
    /// Paid before shipping.
    Prepaid,
    /// Cash on delivery.
    Cod,
}

/// A line of an order in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrderLineItem)]
pub struct LineBody<'a> {
    /// Name of the product.
    #[schema(value_type = FreeText)]
    pub name: &'a str,
    /// Stock keeping unit.
    #[schema(value_type = Identifier)]
    pub sku: &'a str,
    /// Selling price of one piece.
    #[schema(value_type = f64, example = 100, minimum = 0, maximum = 100_000_000_000.0)]
    pub selling_price_per_unit: Number,
    /// Number of pieces.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    pub quantity: u32,
    /// The client's id of the line, which is part of notifications.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Identifier>)]
    pub item_id: Option<&'a str>,
    /// Weight of one piece in grams.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, exclusive_minimum = 0, maximum = 10_000_000)]
    pub weight: Option<Number>,
    /// Harmonized System code (HSN), 4 to 12 digits; required for an international parcel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<HsCode>)]
    pub hs_code: Option<&'a str>,
    /// The two-letter code of the country of origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CountryCode>)]
    pub origin_country_code: Option<&'a str>,
    /// What the courier checks at the customer's door before it accepts a return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality_check: Option<QualityCheckBody<'a>>,
}

/// How a returned item must look at the door, in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QualityCheck)]
pub struct QualityCheckBody<'a> {
    /// Brand.
    #[schema(value_type = Option<FreeText>)]
    pub brand: Option<&'a str>,
    /// Colour.
    #[schema(value_type = Option<FreeText>)]
    pub color: Option<&'a str>,
    /// Size.
    #[schema(value_type = Option<FreeText>)]
    pub size: Option<&'a str>,
    /// Serial number.
    #[schema(value_type = Option<Identifier>)]
    pub serial_number: Option<&'a str>,
    /// European article number.
    #[schema(value_type = Option<Identifier>)]
    pub ean: Option<&'a str>,
    /// International mobile equipment identity.
    #[schema(value_type = Option<Identifier>)]
    pub imei: Option<&'a str>,
    /// Pictures of the item.
    #[schema(value_type = Option<Vec<WebUrl>>, max_items = 500)]
    pub image_urls: &'a [Url],
    /// Further instructions for the courier.
    #[schema(value_type = Option<FreeText>)]
    pub instructions: Option<&'a str>,
}

/// The dimensions and the weight of a parcel in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ShipmentDimension)]
pub struct DimensionBody {
    /// Length in cm.
    #[schema(value_type = f64, example = 50, exclusive_minimum = 0, maximum = 10_000)]
    pub length: Number,
    /// Breadth in cm.
    #[schema(value_type = f64, example = 50, exclusive_minimum = 0, maximum = 10_000)]
    pub breadth: Number,
    /// Height in cm.
    #[schema(value_type = f64, example = 50, exclusive_minimum = 0, maximum = 10_000)]
    pub height: Number,
    /// Weight in grams.
    #[schema(value_type = f64, example = 200, exclusive_minimum = 0, maximum = 10_000_000)]
    pub weight: Number,
}

impl<'a> ShipmentBody<'a> {
    /// The request as an aggregator gets it: with the names of countries that RMS knows. The digest of a request has them as
    /// the client wrote them.
    pub fn to_send(request: &'a ShipmentRequest) -> Self {
        let mut body = Self::from(request);
        let places = [
            (&mut body.pickup_address, &request.pickup),
            (&mut body.drop_address, &request.drop),
        ];
        for (sent, address) in places {
            if let Some(country) = address.known_country() {
                sent.country = country.name();
            }
        }
        body
    }
}

/// A value of which an empty text means that there is none.
pub(crate) fn unless_empty(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

impl<'a> From<&'a ShipmentRequest> for ShipmentBody<'a> {
    fn from(request: &'a ShipmentRequest) -> Self {
        Self {
            logistic_account_alias: None,
            pickup_address: (&request.pickup).into(),
            drop_address: (&request.drop).into(),
            order_details: request.into(),
            shipment_dimension: (&request.parcel).into(),
            courier_id: request
                .courier
                .as_ref()
                .and_then(|courier| courier.as_str().parse().ok()),
            warehouse_code: request.warehouse.as_ref().map(Text::as_str),
            shipment_code: request.shipment_code.as_ref().map(Text::as_str),
            currency_code: (request.currency != Currency::INR).then(|| request.currency.as_str()),
            return_reason: match &request.purpose {
                Purpose::Forward => None,
                Purpose::Return { reason } => Some(reason),
            },
            invoice: request.invoice.as_ref().map(OrderInvoiceBody::from),
            customs: request.customs.as_ref().map(CustomsBody::from),
            seller_gstin: request.seller_gstin.as_deref(),
        }
    }
}

impl<'a> From<&'a Address> for AddressBody<'a> {
    fn from(address: &'a Address) -> Self {
        let place = address.place;
        Self {
            first_name: &address.first_name,
            last_name: address.last_name.as_ref(),
            middle_name: address.middle_name.as_ref(),
            address_line1: &address.line1,
            address_line2: address.line2.as_ref(),
            address_line3: address.line3.as_ref(),
            city: &address.city,
            state: unless_empty(&address.state),
            zip: unless_empty(&address.zip),
            country: &address.country,
            email: address.email.as_ref(),
            phone: address.phone.as_ref(),
            country_code: address.country_code.as_ref().map(Text::as_str),
            phone_code: address.calling_code.as_ref().map(Text::as_str),
            district: address.district.as_deref(),
            area_id: place.area.map(AreaId::number),
            latitude: place.latitude.map(|at| json_number(at.degrees())),
            longitude: place.longitude.map(|at| json_number(at.degrees())),
        }
    }
}

impl<'a> From<&'a ShipmentRequest> for OrderDetailsBody<'a> {
    fn from(request: &'a ShipmentRequest) -> Self {
        let date = request.order_date;
        Self {
            order_number: request.order_number.as_str(),
            payment_type: request.payment.to_string(),
            order_amount: json_number(request.amount.value()),
            order_date: DateTimePrinter::new()
                .timestamp_with_offset_to_string(&date.instant, date.offset),
            shipment_type: request.purpose.shipment_type(),
            order_line_items: request.lines.iter().map(LineBody::from).collect(),
        }
    }
}

impl<'a> From<&'a LineItem> for LineBody<'a> {
    fn from(line: &'a LineItem) -> Self {
        Self {
            name: &line.name,
            sku: &line.sku,
            selling_price_per_unit: json_number(line.price_per_unit.value()),
            quantity: line.quantity,
            item_id: line.item_id.as_deref(),
            weight: line.weight.map(|weight| json_number(weight.value())),
            hs_code: line.hs_code.as_ref().map(Text::as_str),
            origin_country_code: line.made_in.as_ref().map(Text::as_str),
            quality_check: line.quality_check.as_ref().map(QualityCheckBody::from),
        }
    }
}

impl<'a> From<&'a QualityCheck> for QualityCheckBody<'a> {
    fn from(check: &'a QualityCheck) -> Self {
        Self {
            brand: check.brand.as_deref(),
            color: check.color.as_deref(),
            size: check.size.as_deref(),
            serial_number: check.serial_number.as_deref(),
            ean: check.ean.as_deref(),
            imei: check.imei.as_deref(),
            image_urls: &check.image_urls,
            instructions: check.instructions.as_deref(),
        }
    }
}

impl From<&Parcel> for DimensionBody {
    fn from(parcel: &Parcel) -> Self {
        Self {
            length: json_number(parcel.length.value()),
            breadth: json_number(parcel.breadth.value()),
            height: json_number(parcel.height.value()),
            weight: json_number(parcel.weight.value()),
        }
    }
}
