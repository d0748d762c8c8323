//! The request body for a label or a return AWB, as clients send it and as RMS Magic aggregators receive it.

pub mod body;
pub mod content;

use crate::contract::fields::Fields;
use crate::contract::international;
use crate::contract::values::{
    calling_code, code_text, country_code, identifier, measured, one_of, order_date, parsed,
    personal, phone, quantity, tariff_code, text, web_url, whole_number,
};
use crate::domain::address::Address;
use crate::domain::country::Country;
use crate::domain::measure::Parcel;
use crate::domain::money::{Amount, Currency};
use crate::domain::order::{
    LineItem, OrderDate, PaymentType, Purpose, QualityCheck, ShipmentRequest,
};
use crate::domain::place::Place;
use crate::domain::postal_code;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, CountryCode, OrderNumber};

/// A request for a label or a return AWB, with its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressedRequest {
    /// The request.
    pub request: ShipmentRequest,
    /// The account; may be absent if the client has only one.
    pub alias: Option<AccountAlias>,
}

/// Reads the body of a label request, or of a return AWB request.
pub fn read(fields: &Fields<'_>, wanted: ShipmentType) -> Option<AddressedRequest> {
    let alias = fields.optional("logisticAccountAlias", parsed);
    let number = |order: &Fields<'_>| order.required("orderNumber", parsed);
    let request = read_shipment(fields, wanted, number);
    Some(AddressedRequest {
        request: request?,
        alias: alias?,
    })
}

/// Reads a shipment whose order number `number` finds, given `orderDetails`.
pub(crate) fn read_shipment(
    fields: &Fields<'_>,
    wanted: ShipmentType,
    number: impl FnOnce(&Fields<'_>) -> Option<OrderNumber>,
) -> Option<ShipmentRequest> {
    let purpose = read_purpose(fields, wanted);
    let pickup = fields.object("pickupAddress", read_address);
    let drop = fields.object("dropAddress", read_address);
    let order = fields.object("orderDetails", |order| read_order(order, wanted, number));
    let parcel = fields.object("shipmentDimension", read_parcel);
    let courier = fields.optional("courierId", whole_number);
    let warehouse = fields.optional("warehouseCode", parsed);
    let shipment_code = fields.optional("shipmentCode", parsed);
    let currency = fields.optional("currencyCode", parsed);
    let invoice = fields.optional_object("invoice", international::read_invoice);
    let customs = fields.optional_object("customs", international::read_customs);
    let seller_gstin = fields.optional("sellerGstin", identifier);
    let order = order?;
    Some(ShipmentRequest {
        purpose: purpose?,
        pickup: pickup?,
        drop: drop?,
        order_number: order.number,
        shipment_code: shipment_code?,
        payment: order.payment,
        amount: order.amount,
        currency: currency?.unwrap_or(Currency::INR),
        order_date: order.date,
        lines: order.lines,
        parcel: parcel?,
        courier: courier?,
        warehouse: warehouse?,
        invoice: invoice?,
        customs: customs?,
        seller_gstin: seller_gstin?,
    })
}

fn read_purpose(fields: &Fields<'_>, wanted: ShipmentType) -> Option<Purpose> {
    match wanted {
        ShipmentType::Forward => {
            fields.knows(&["returnReason"]);
            Some(Purpose::Forward)
        }
        ShipmentType::Return => Some(Purpose::Return {
            reason: fields.required("returnReason", text)?,
        }),
    }
}

struct OrderDetails {
    number: OrderNumber,
    payment: PaymentType,
    amount: Amount,
    date: OrderDate,
    lines: Vec<LineItem>,
}

fn read_order(
    fields: &Fields<'_>,
    wanted: ShipmentType,
    number: impl FnOnce(&Fields<'_>) -> Option<OrderNumber>,
) -> Option<OrderDetails> {
    let number = number(fields);
    let payment = fields.required("paymentType", payment_type);
    let amount = fields.required("orderAmount", measured);
    let date = fields.required("orderDate", order_date);
    let shipment_type = fields.required("shipmentType", |value| match shipment_type(value)? {
        found if found == wanted => Ok(()),
        _ => Err(format!("must be {wanted} here")),
    });
    let names = ["orderLineItems", "orderLineItemList"];
    let lines = fields.list(&names, read_line);
    if lines.as_ref().is_some_and(Vec::is_empty) {
        fields.wrong_field("orderLineItems", "must have at least one line item");
        return None;
    }
    shipment_type?;
    Some(OrderDetails {
        number: number?,
        payment: payment?,
        amount: amount?,
        date: date?,
        lines: lines?,
    })
}

/// Reads `PREPAID` or `COD`.
pub(crate) fn payment_type(value: &serde_json::Value) -> Result<PaymentType, String> {
    one_of("PREPAID or COD")(value)
}

/// Reads `FORWARD` or `RETURN`.
pub(crate) fn shipment_type(value: &serde_json::Value) -> Result<ShipmentType, String> {
    one_of("FORWARD or RETURN")(value)
}

/// Reads one line of an order.
pub(crate) fn read_line(fields: &Fields<'_>) -> Option<LineItem> {
    let item_id = fields.optional("itemId", identifier);
    let sku = fields.required("sku", identifier);
    let name = fields.required("name", text);
    let price_per_unit = fields.required("sellingPricePerUnit", measured);
    let quantity = fields.required("quantity", quantity);
    let weight = fields.optional("weight", measured);
    let hs_code = fields.optional("hsCode", tariff_code);
    let made_in = fields.optional("originCountryCode", country_code);
    let quality_check = fields.optional_object("qualityCheck", read_quality_check);
    Some(LineItem {
        item_id: item_id?,
        sku: sku?,
        name: name?,
        price_per_unit: price_per_unit?,
        quantity: quantity?,
        weight: weight?,
        hs_code: hs_code?,
        made_in: made_in?,
        quality_check: quality_check?,
    })
}

fn read_quality_check(fields: &Fields<'_>) -> Option<QualityCheck> {
    let brand = fields.optional("brand", text);
    let color = fields.optional("color", text);
    let size = fields.optional("size", text);
    let serial_number = fields.optional("serialNumber", identifier);
    let ean = fields.optional("ean", identifier);
    let imei = fields.optional("imei", identifier);
    let image_urls = fields.values("imageUrls", web_url);
    let instructions = fields.optional("instructions", text);
    Some(QualityCheck {
        brand: brand?,
        color: color?,
        size: size?,
        serial_number: serial_number?,
        ean: ean?,
        imei: imei?,
        image_urls: image_urls?,
        instructions: instructions?,
    })
}

/// Reads an address.
pub(crate) fn read_address(fields: &Fields<'_>) -> Option<Address> {
    let first_name = fields.required("firstName", personal);
    let middle_name = fields.optional("middleName", personal);
    let last_name = fields.optional("lastName", personal);
    let line1 = fields.required("addressLine1", personal);
    let line2 = fields.optional("addressLine2", personal);
    let line3 = fields.optional("addressLine3", personal);
    let city = fields.required("city", text);
    let country_code = fields.optional("countryCode", country_code);
    let country = fields.required("country", text);
    let known = known_country(country_code.as_ref(), country.as_deref());
    let has_other_code = matches!(&country_code, Some(Some(code)) if code.as_str() != "IN");
    let state = if has_other_code || known.is_some_and(|known| !known.is_india()) {
        fields
            .optional("state", text)
            .map(Option::unwrap_or_default)
    } else {
        fields.required("state", text)
    };
    let zip = read_postal_code(fields, "zip", known);
    let email = fields.optional("email", personal);
    let phone = fields.optional("phone", phone);
    let calling_code = fields.optional("phoneCode", calling_code);
    let district = fields.optional("district", text);
    let place = read_place(fields, ["areaId", "latitude", "longitude"]);
    Some(Address {
        first_name: first_name?,
        middle_name: middle_name?,
        last_name: last_name?,
        line1: line1?,
        line2: line2?,
        line3: line3?,
        city: city?,
        state: state?,
        zip: zip?,
        country: country?,
        email: email?,
        phone: phone?,
        country_code: country_code?,
        calling_code: calling_code?,
        district: district?,
        place: place?,
    })
}

/// Reads where an address is from the fields with these names: of the area, the latitude and the longitude.
pub(crate) fn read_place(
    fields: &Fields<'_>,
    [area, latitude, longitude]: [&'static str; 3],
) -> Option<Place> {
    let area = fields.optional(area, whole_number);
    let latitude = fields.optional(latitude, measured);
    let longitude = fields.optional(longitude, measured);
    Some(Place {
        area: area?,
        latitude: latitude?,
        longitude: longitude?,
    })
}

/// The country of an address, as [`Address::known_country`] finds it.
fn known_country(code: Option<&Option<CountryCode>>, name: Option<&str>) -> Option<Country> {
    match code? {
        Some(code) => Country::of_code(code),
        None => Country::named(name?),
    }
}

/// Reads a postal code, which an address in this country may lack; an absent one is empty.
pub(crate) fn read_postal_code(
    fields: &Fields<'_>,
    name: &'static str,
    country: Option<Country>,
) -> Option<String> {
    let code = fields.optional(name, code_text)?.unwrap_or_default();
    let fault = postal_code::fault(country, &code);
    if let Some(fault) = fault {
        fields.wrong_field(name, fault);
    }
    fault.is_none().then_some(code)
}

/// Reads `shipmentDimension`.
pub(crate) fn read_parcel(fields: &Fields<'_>) -> Option<Parcel> {
    let length = fields.required("length", measured);
    let breadth = fields.required("breadth", measured);
    let height = fields.required("height", measured);
    let weight = fields.required("weight", measured);
    Some(Parcel {
        length: length?,
        breadth: breadth?,
        height: height?,
        weight: weight?,
    })
}
