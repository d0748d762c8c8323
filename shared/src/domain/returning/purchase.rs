//! The request for the AWB of a return order. What the return order leaves out is taken from the request for the forward
//! shipment; what is missing then is refused, every field by name.

use jiff::Timestamp;
use jiff::tz::Offset;
use rust_decimal::Decimal;
use url::Url;

use crate::domain::account::Region;
use crate::domain::address::Address;
use crate::domain::country::Country;
use crate::domain::draft::WrongField;
use crate::domain::measure::{Centimetres, Grams, OutOfRange, Parcel};
use crate::domain::money::{Amount, Currency};
use crate::domain::order::{
    Invoice, LineItem, OrderDate, PaymentType, Purpose, QualityCheck, ShipmentRequest,
};
use crate::domain::postal_code;
use crate::domain::returning::return_order::{
    RegionType, ReturnAddress, ReturnDimension, ReturnItem, ReturnOrder, ReturnOrderDetails,
};

/// The offset of Indian local time, in which invoices are dated.
const INDIA_SECONDS: i32 = 5 * 3600 + 30 * 60;
/// The lengths of a parcel whose size is not given, in centimetres.
const DEFAULT_LENGTH: u32 = 1;
/// The weight of a parcel whose weight is not given, in grams.
const DEFAULT_WEIGHT: u32 = 200;

/// What a purchase is made of.
#[derive(Debug, Clone, Copy)]
pub struct ReturnPurchase<'a> {
    /// The return order.
    pub order: &'a ReturnOrder,
    /// When the customer placed it.
    pub placed_at: Timestamp,
    /// The request for the forward shipment, if RMS booked it.
    pub forward: Option<&'a ShipmentRequest>,
    /// Where the account ships.
    pub region: Region,
    /// The seller's GST registration of the account.
    pub account_gstin: Option<&'a str>,
    /// Whether the aggregator asks for the seller's GST registration and the invoice.
    pub needs_invoice: bool,
}

impl ReturnPurchase<'_> {
    /// The request, or every field that is missing or wrong.
    pub fn request(&self) -> Result<ShipmentRequest, Vec<WrongField>> {
        let mut wrong = Wrong::default();
        let request = self.read(&mut wrong);
        match request.filter(|_| wrong.fields.is_empty()) {
            Some(request) => Ok(request),
            None => Err(wrong.fields),
        }
    }

    fn read(&self, wrong: &mut Wrong) -> Option<ShipmentRequest> {
        let (order, forward) = (self.order, self.forward);
        let lines = self.lines(wrong);
        let amount = lines.as_deref().and_then(|lines| total(lines, wrong));
        let currency = wrong.need("currencyCode", self.currency());
        let region = order.region_type.or_else(|| forward.map(|_| self.region()));
        wrong.need("regionType", region);
        let reason = wrong.need("returnReason", order.return_reason.clone());
        let parcel = self.parcel(wrong);
        // The goods go back from the consignee to the warehouse.
        let from = wrong.address(
            "pickupAddress",
            order.pickup_address.as_ref(),
            forward.map(|forward| &forward.drop),
        );
        let to = wrong.address(
            "dropAddress",
            order.drop_address.as_ref(),
            forward.map(|forward| &forward.pickup),
        );
        self.check_details(wrong);
        let invoice = self.invoice(wrong);
        let seller_gstin = order.seller_gstin.clone();
        if self.needs_invoice {
            let known = seller_gstin.as_deref().or(self.account_gstin);
            wrong.need("sellerGstin", known);
        }
        let order_number = order.return_order_code.order_number().ok();
        Some(ShipmentRequest {
            purpose: Purpose::Return { reason: reason? },
            pickup: from?,
            drop: to?,
            order_number: order_number?,
            shipment_code: None,
            // Nobody pays at a return's delivery.
            payment: PaymentType::Prepaid,
            amount: amount?,
            currency: currency?,
            order_date: self.order_date(),
            lines: lines?,
            parcel: parcel?,
            courier: None,
            warehouse: Some(order.location_code.clone()),
            invoice,
            customs: None,
            seller_gstin,
        })
    }

    fn region(&self) -> RegionType {
        match self.region {
            Region::Domestic => RegionType::Indian,
            Region::International => RegionType::International,
        }
    }

    fn order_date(&self) -> OrderDate {
        OrderDate {
            instant: self.placed_at,
            offset: india(),
        }
    }

    fn currency(&self) -> Option<Currency> {
        let told = self.order.currency_code.as_deref();
        told.and_then(|code| code.parse().ok())
            .or_else(|| Some(self.forward?.currency))
    }

    fn lines(&self, wrong: &mut Wrong) -> Option<Vec<LineItem>> {
        let items = self.order.items.iter().enumerate();
        let lines: Vec<Option<LineItem>> = items
            .map(|(index, item)| self.line(index, item, wrong))
            .collect();
        lines.into_iter().collect()
    }

    /// One piece.
    fn line(&self, index: usize, item: &ReturnItem, wrong: &mut Wrong) -> Option<LineItem> {
        let mut lines = self.forward.into_iter().flat_map(|forward| &forward.lines);
        let known = lines.find(|line| line.sku == item.channel_sku_code);
        let field = |name: &str| format!("orderItems/{index}/{name}");
        let name = item.name.clone().or_else(|| Some(known?.name.clone()));
        let name = wrong.need(&field("name"), name);
        let price = item.price.or_else(|| Some(known?.price_per_unit));
        let price = wrong.need(&field("price"), price);
        let paid = item
            .final_amount_paid
            .or_else(|| Some(known?.price_per_unit));
        wrong.need(&field("finalAmountPaid"), paid);
        Some(LineItem {
            item_id: Some(item.item_code.to_string()),
            sku: item.channel_sku_code.clone(),
            name: name?,
            price_per_unit: price?,
            quantity: 1,
            weight: known.and_then(|known| known.weight),
            hs_code: known.and_then(|known| known.hs_code.clone()),
            made_in: known.and_then(|known| known.made_in.clone()),
            quality_check: item.enable_door_step_qc.then(|| quality_check(item)),
        })
    }

    fn parcel(&self, wrong: &mut Wrong) -> Option<Parcel> {
        let known = self.forward.map(|forward| forward.parcel);
        let Some(told) = &self.order.dimension else {
            return wrong.need("shipmentDimension", known);
        };
        match read_parcel(told) {
            Ok(parcel) => Some(parcel),
            Err(error) => {
                wrong.add("shipmentDimension", error.to_string());
                None
            }
        }
    }

    /// What the return order or the forward shipment says of the payment.
    fn check_details(&self, wrong: &mut Wrong) {
        match (&self.order.order_details, self.forward) {
            (Some(told), _) => self.check_payment(told, wrong),
            (None, Some(_)) => self.check_payment(&ReturnOrderDetails::default(), wrong),
            (None, None) => {
                wrong.need("orderDetails", None::<()>);
            }
        }
    }

    /// The invoice, if it is known.
    fn invoice(&self, wrong: &mut Wrong) -> Option<Invoice> {
        let known = self.forward.and_then(|forward| forward.invoice.as_ref());
        let told = self.order.order_details.as_ref();
        let number = told.and_then(|told| told.invoice_number.clone());
        let number = number.or_else(|| Some(known?.number.clone()));
        let time = told.and_then(|told| told.invoice_time);
        let date = time.map(|time| india().to_datetime(time).date());
        let date = date.or_else(|| known?.date);
        if self.needs_invoice && (told.is_some() || self.forward.is_some()) {
            wrong.need("orderDetails/invoiceNumber", number.as_ref());
            wrong.need("orderDetails/invoiceTime", date);
        }
        number.map(|number| Invoice { number, date })
    }

    fn check_payment(&self, details: &ReturnOrderDetails, wrong: &mut Wrong) {
        let forward = self.forward;
        let paid = forward.map(|forward| forward.payment == PaymentType::Cod);
        let is_cod = wrong.need("orderDetails/isCod", details.is_cod.or(paid));
        let value = details.invoice_value.or_else(|| Some(forward?.amount));
        wrong.need("orderDetails/invoiceValue", value);
        let cod = details.cod_value.or_else(|| Some(forward?.amount));
        let cod = wrong.need("orderDetails/codValue", cod);
        let is_nothing = cod.is_some_and(|cod| cod.value().is_zero());
        if is_cod == Some(true) && is_nothing {
            let detail = "must be more than 0: the order was paid on delivery";
            wrong.add("orderDetails/codValue", detail.to_owned());
        }
    }
}

/// The fields that are missing or wrong.
#[derive(Default)]
struct Wrong {
    fields: Vec<WrongField>,
}

impl Wrong {
    fn add(&mut self, field: &str, detail: String) {
        self.fields.push(WrongField {
            field: field.to_owned(),
            detail,
        });
    }

    /// A value that a purchase needs.
    fn need<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            let detail =
                "is required to get the return AWB: RMS has no forward shipment that says it";
            self.add(field, detail.to_owned());
        }
        value
    }

    /// A postal code, which an address in this country may lack.
    fn postal_code(&mut self, field: &str, place: Option<Country>, zip: String) -> Option<String> {
        if zip.is_empty() && postal_code::fault(place, &zip).is_some() {
            return self.need(&format!("{field}/zip"), None);
        }
        if let Some(fault) = postal_code::fault(place, &zip) {
            self.add(&format!("{field}/zip"), fault.to_owned());
            return None;
        }
        Some(zip)
    }

    /// An address; its gaps are filled from a known one.
    fn address(
        &mut self,
        field: &str,
        told: Option<&ReturnAddress>,
        known: Option<&Address>,
    ) -> Option<Address> {
        if told.is_none() && known.is_none() {
            return self.need(field, None);
        }
        let none = ReturnAddress::default();
        let told = told.unwrap_or(&none);
        let mut need_text = |name: &str, told: &Option<String>, known: Option<&String>| {
            let value = told.clone().or_else(|| known.cloned());
            self.need(&format!("{field}/{name}"), value)
        };
        let city = need_text("city", &told.city, known.map(|known| &known.city));
        let country = need_text("country", &told.country, known.map(|known| &known.country));
        let of_country = known.filter(|_| told.country.is_none());
        let code = of_country.and_then(|known| known.country_code.clone());
        let place = match (&code, &country) {
            (Some(code), _) => Country::of_code(code),
            (None, country) => country.as_deref().and_then(Country::named),
        };
        let is_abroad = place.is_some_and(|place| !place.is_india());
        let state = if is_abroad {
            let known = known.map(|known| known.state.clone());
            Some(told.state.clone().or(known).unwrap_or_default())
        } else {
            need_text("state", &told.state, known.map(|known| &known.state))
        };
        let zip = told.zip.clone().or_else(|| Some(known?.zip.clone()));
        let zip = self.postal_code(field, place, zip.unwrap_or_default());
        let named = told.name.is_some();
        let name = told.name.clone();
        let name = name.or_else(|| Some(known?.first_name.clone()));
        let name = self.need(&format!("{field}/name"), name);
        let has_lines = told.line1.is_some();
        let line1 = told.line1.clone().or_else(|| Some(known?.line1.clone()));
        let line1 = self.need(&format!("{field}/line1"), line1);
        let email = told.email.clone().or_else(|| known?.email.clone());
        let email = self.need(&format!("{field}/email"), email);
        let phone = told.phone.clone().or_else(|| known?.phone.clone());
        let phone = self.need(&format!("{field}/phone"), phone);
        // A part of a known name, street, country or phone number belongs only to the rest of it.
        let of_name = known.filter(|_| !named);
        let of_street = known.filter(|_| !has_lines);
        let of_phone = known.filter(|_| told.phone.is_none());
        Some(Address {
            first_name: name?,
            middle_name: of_name.and_then(|known| known.middle_name.clone()),
            last_name: of_name.and_then(|known| known.last_name.clone()),
            line1: line1?,
            line2: match of_street {
                Some(known) => known.line2.clone(),
                None => told.line2.clone(),
            },
            line3: match of_street {
                Some(known) => known.line3.clone(),
                None => told.line3.clone(),
            },
            city: city?,
            state: state?,
            zip: zip?,
            country: country?,
            email,
            phone,
            country_code: code,
            calling_code: of_phone.and_then(|known| known.calling_code.clone()),
            district: of_street.and_then(|known| known.district.clone()),
            place: of_street.map(|known| known.place).unwrap_or_default(),
        })
    }
}

fn india() -> Offset {
    Offset::from_seconds(INDIA_SECONDS).unwrap_or(Offset::UTC)
}

/// The value of all pieces.
fn total(lines: &[LineItem], wrong: &mut Wrong) -> Option<Amount> {
    let total: Decimal = lines.iter().map(|line| line.price_per_unit.value()).sum();
    match Amount::try_from(total) {
        Ok(total) => Some(total),
        Err(error) => {
            wrong.add("orderItems", format!("the sum of all prices {error}"));
            None
        }
    }
}

fn quality_check(item: &ReturnItem) -> QualityCheck {
    let image: Option<Url> = item.image_url.as_deref().and_then(|url| url.parse().ok());
    let is_of_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    QualityCheck {
        brand: item.brand.clone(),
        color: item.color.clone(),
        serial_number: item.serial_number.clone(),
        image_urls: image.into_iter().filter(is_of_web).collect(),
        ..QualityCheck::default()
    }
}

fn read_parcel(told: &ReturnDimension) -> Result<Parcel, OutOfRange> {
    let or = |told: Option<Amount>, default: u32| {
        told.map_or_else(|| Decimal::from(default), Amount::value)
    };
    let length = |told| Centimetres::try_from(or(told, DEFAULT_LENGTH));
    Ok(Parcel {
        length: length(told.length)?,
        breadth: length(told.breadth)?,
        height: length(told.height)?,
        weight: Grams::try_from(or(told.weight, DEFAULT_WEIGHT))?,
    })
}

#[cfg(test)]
mod tests;
