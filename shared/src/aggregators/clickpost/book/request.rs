//! Converts our request to an order at Clickpost. Nothing is sent here.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Number;

use crate::aggregators::address::ShipmentEnd;
use crate::aggregators::clickpost::account::settings::ClickpostSettings;
use crate::aggregators::clickpost::book::address::{ClickpostEnd, PickupExtras};
use crate::aggregators::clickpost::book::lines::item;
use crate::aggregators::clickpost::wire::{
    AdditionalDetails, ClickpostAddress, CreateOrder, GstInfo, ShipmentDetails, TaxInfo, Taxes,
};
use crate::aggregators::india;
use crate::aggregators::reference::BookingReference;
use crate::contract::number::json_number;
use crate::domain::account::Region;
use crate::domain::customs::Customs;
use crate::domain::money::Currency;
use crate::domain::order::{PaymentType, Purpose, ShipmentRequest};
use crate::domain::personal::Personal;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{CourierId, Text};
use crate::partners::failure::PartnerFailure;
use crate::partners::violations::Violations;

/// The maximum length of an invoice number.
const LONGEST_INVOICE_NUMBER: usize = 50;
/// The quality check of a return at the customer's door.
const DOORSTEP: &str = "doorstep";

/// A request with its account.
pub(crate) struct OrderSource<'a> {
    pub(crate) request: &'a ShipmentRequest,
    pub(crate) settings: ClickpostSettings<'a>,
    pub(crate) reference: BookingReference<'a>,
    pub(crate) region: Region,
    /// The current time: couriers refuse a pickup in the past.
    pub(crate) now: Timestamp,
}

/// The order, or all violations of Clickpost's rules.
pub(crate) fn order<'a>(asked: &OrderSource<'a>) -> Result<CreateOrder<'a>, PartnerFailure> {
    let mut violations = Violations::default();
    let courier = courier(asked.request.courier.as_ref(), &mut violations);
    let places = match asked.region {
        Region::Domestic => places_in_india(asked, &mut violations),
        Region::International => places_abroad(asked, &mut violations),
    };
    check_names(asked, &mut violations);
    check_money(asked, &mut violations);
    check_quality_checks(asked, &mut violations);
    let order = courier
        .zip(places)
        .map(|(courier, (pickup_info, drop_info))| CreateOrder {
            pickup_info,
            drop_info,
            shipment_details: details(asked, courier),
            additional: additional(asked, courier),
            taxes: taxes(asked),
        });
    violations.unless_any(order)
}

fn courier(named: Option<&CourierId>, violations: &mut Violations) -> Option<i64> {
    let courier = named.and_then(|courier| courier.as_str().parse().ok());
    if courier.is_none() {
        violations.add(
            "/courierId",
            "is required: an order at Clickpost names its courier. Send it, or set defaultCourierId on the account",
        );
    }
    courier
}

fn ends(request: &ShipmentRequest) -> (ClickpostEnd<'_>, ClickpostEnd<'_>) {
    let end = |address, pointer| ClickpostEnd {
        end: ShipmentEnd { address, pointer },
    };
    (
        end(&request.pickup, "/pickupAddress"),
        end(&request.drop, "/dropAddress"),
    )
}

fn places_in_india<'a>(
    asked: &OrderSource<'a>,
    violations: &mut Violations,
) -> Option<(ClickpostAddress<'a>, ClickpostAddress<'a>)> {
    let (pickup, drop) = ends(asked.request);
    let is_seller_s = asked.request.purpose.shipment_type() == ShipmentType::Forward;
    let of_pickup = PickupExtras {
        time: pickup_time(asked.now),
        tin: seller_gstin(asked).filter(|_| is_seller_s),
        email: asked.settings.contact_email(),
    };
    let pickup = pickup.indian_pickup(of_pickup, violations);
    let drop = drop.indian_drop(violations);
    Some((
        ClickpostAddress::IndianPickup(pickup?),
        ClickpostAddress::IndianDrop(drop?),
    ))
}

fn places_abroad<'a>(
    asked: &OrderSource<'a>,
    violations: &mut Violations,
) -> Option<(ClickpostAddress<'a>, ClickpostAddress<'a>)> {
    let (pickup, drop) = ends(asked.request);
    let email = asked.settings.contact_email();
    let pickup = pickup.abroad(Some(pickup_time(asked.now)), email, violations);
    let drop = drop.abroad(None, None, violations);
    Some((
        ClickpostAddress::Abroad(pickup?),
        ClickpostAddress::Abroad(drop?),
    ))
}

/// A time in Clickpost's format: Indian local time with a `Z`.
pub(crate) fn pickup_time(moment: Timestamp) -> String {
    let time = india::wall_time(moment).strftime("%Y-%m-%dT%H:%M:%S");
    format!("{time}Z")
}

/// The name of an order is printed as a barcode (Code 39), which only supports ASCII.
fn check_names(asked: &OrderSource<'_>, violations: &mut Violations) {
    const NO_BARCODE: &str = "must be ASCII: Clickpost prints it as a barcode";
    let request = asked.request;
    if !request.order_number.as_str().is_ascii() {
        violations.add("/orderDetails/orderNumber", NO_BARCODE);
    }
    let code = request.shipment_code.as_ref();
    if code.is_some_and(|code| !code.as_str().is_ascii()) {
        violations.add("/shipmentCode", NO_BARCODE);
    }
    if invoice_number(request).chars().count() > LONGEST_INVOICE_NUMBER {
        let detail = format!("must have at most {LONGEST_INVOICE_NUMBER} characters at Clickpost");
        match request.invoice {
            Some(_) => violations.add("/invoice/number", detail),
            None => violations.add(
                "/invoice",
                "is required: the order number is too long to be used as the invoice number at Clickpost",
            ),
        }
    }
}

fn check_money(asked: &OrderSource<'_>, violations: &mut Violations) {
    let request = asked.request;
    if asked.region == Region::Domestic && request.currency != Currency::INR {
        violations.add("/currencyCode", "must be INR within India");
    }
    if is_cod(request) && request.amount.value().is_zero() {
        violations.add(
            "/orderDetails/orderAmount",
            "must be more than 0 for cash on delivery",
        );
    }
}

/// A return without the requested check would be worse than no return.
fn check_quality_checks(asked: &OrderSource<'_>, violations: &mut Violations) {
    if asked.region == Region::Domestic || asked.request.purpose == Purpose::Forward {
        return;
    }
    for (index, line) in asked.request.lines.iter().enumerate() {
        if line.quality_check.is_some() {
            violations.add(
                format!("/orderDetails/orderLineItems/{index}/qualityCheck"),
                "is not available across borders: Clickpost checks returns only within India",
            );
        }
    }
}

fn is_cod(request: &ShipmentRequest) -> bool {
    request.payment == PaymentType::Cod && request.purpose == Purpose::Forward
}

fn invoice_number(request: &ShipmentRequest) -> &str {
    request
        .invoice
        .as_ref()
        .map_or(request.order_number.as_str(), |invoice| &invoice.number)
}

pub(crate) fn reason(request: &ShipmentRequest) -> Option<&str> {
    match &request.purpose {
        Purpose::Forward => None,
        Purpose::Return { reason } => Some(reason),
    }
}

fn details<'a>(asked: &OrderSource<'a>, courier: i64) -> ShipmentDetails<'a> {
    let request = asked.request;
    let cash = if is_cod(request) {
        request.amount.value()
    } else {
        Decimal::ZERO
    };
    let invoice_date = request.invoice.as_ref().and_then(|invoice| invoice.date);
    let is_domestic = asked.region == Region::Domestic;
    ShipmentDetails {
        order_type: order_type(is_cod(request)),
        delivery_type: delivery_type(request.purpose.shipment_type()),
        cod_value: json_number(cash),
        invoice_value: json_number(request.amount.value()),
        invoice_number: invoice_number(request),
        invoice_date: invoice_date
            .unwrap_or_else(|| india::day(request.order_date.instant))
            .to_string(),
        courier_partner: courier,
        reference_number: asked.reference.name(),
        order_id: request.order_number.as_str(),
        weight: rounded_up(request.parcel.weight.value()),
        length: rounded_up(request.parcel.length.value()),
        breadth: rounded_up(request.parcel.breadth.value()),
        height: rounded_up(request.parcel.height.value()),
        items: request
            .lines
            .iter()
            .map(|line| item(line, reason(request)))
            .collect(),
        account_code: asked.settings.account_code(courier).filter(|_| is_domestic),
        currency_code: (!is_domestic).then(|| request.currency.as_str()),
        rvp_reason: reason(request),
    }
}

/// `PREPAID` or `COD`.
pub(crate) fn order_type(is_cod: bool) -> &'static str {
    if is_cod { "COD" } else { "PREPAID" }
}

/// `FORWARD` or `RVP` (reverse pickup).
pub(crate) fn delivery_type(shipment_type: ShipmentType) -> &'static str {
    match shipment_type {
        ShipmentType::Forward => "FORWARD",
        ShipmentType::Return => "RVP",
    }
}

/// The decimal, rounded up to a whole number.
pub(crate) fn rounded_up(value: Decimal) -> Number {
    json_number(value.ceil())
}

pub(crate) fn additional<'a>(asked: &OrderSource<'a>, courier: i64) -> AdditionalDetails<'a> {
    let request = asked.request;
    let settings = &asked.settings;
    let is_abroad = asked.region == Region::International;
    let is_checked = reason(request).is_some()
        && request
            .lines
            .iter()
            .any(|line| line.quality_check.is_some());
    AdditionalDetails {
        label: true,
        queued: settings.queues().then_some(true),
        order_date: india::day(request.order_date.instant).to_string(),
        order_id: is_abroad.then(|| request.order_number.as_str()),
        account_code: settings.account_code(courier).filter(|_| is_abroad),
        vendor_code: settings.vendor_code(),
        rvp_reason: reason(request),
        qc_type: is_checked.then_some(DOORSTEP),
        qc_params: if is_checked {
            settings.checked_parameters()
        } else {
            Vec::new()
        },
    }
}

/// The seller's GST registration: the request's, else the account's.
fn seller_gstin<'a>(asked: &OrderSource<'a>) -> Option<&'a str> {
    let told = asked.request.seller_gstin.as_deref();
    told.or_else(|| asked.settings.seller_gstin())
}

fn taxes<'a>(asked: &OrderSource<'a>) -> Taxes<'a> {
    match asked.region {
        Region::Domestic => Taxes::Indian {
            gst_info: seller_gstin(asked).map(|seller_gstin| GstInfo { seller_gstin }),
        },
        Region::International => Taxes::Customs {
            tax_info: asked.request.customs.as_ref().and_then(tax_info),
        },
    }
}

/// The customs data that Clickpost supports; `None` if there is none.
fn tax_info(customs: &Customs) -> Option<TaxInfo<'_>> {
    let personal = |id: &'_ Option<Personal>| id.is_some();
    let says_something = personal(&customs.shipper_tax_id)
        || personal(&customs.consignee_tax_id)
        || personal(&customs.exporter_tax_id)
        || customs.consignee_tax_type.is_some()
        || customs.consignee_tax_country.is_some()
        || customs.shipping_charges.is_some()
        || customs.import_charges.is_some();
    says_something.then(|| TaxInfo {
        shipper_tax_id: customs.shipper_tax_id.as_ref(),
        consignee_tax_id: customs.consignee_tax_id.as_ref(),
        consignee_tax_type: customs.consignee_tax_type.as_deref(),
        consignee_tax_type_country_code: customs.consignee_tax_country.as_ref().map(Text::as_str),
        exporter_tax_id: customs.exporter_tax_id.as_ref(),
        shipping_charges: customs.shipping_charges.map(|sum| json_number(sum.value())),
        import_duty_vat_charges: customs.import_charges.map(|sum| json_number(sum.value())),
    })
}
