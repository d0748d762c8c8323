//! Converts requests to Shiprocket's form. What Shiprocket does not support is refused here, all at once, before
//! anything is sent.

use rust_decimal::Decimal;

use crate::aggregators::india;
use crate::aggregators::shiprocket::book::address::{contact, email};
use crate::aggregators::shiprocket::book::lines::{check_quality_checks, items, quality_check};
use crate::aggregators::shiprocket::wire::{Export, ForwardOrder, Measures, ReturnOrder, id};
use crate::contract::number::json_number;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::measure::{Centimetres, Grams, Parcel};
use crate::domain::money::Currency;
use crate::domain::order::{PaymentType, Purpose, ShipmentRequest};
use crate::partners::failure::PartnerFailure;
use crate::partners::violations::Violations;

/// The maximum length of `order_id`.
const LONGEST_NAME: usize = 50;
/// The maximum length of `billing_city`.
const LONGEST_CITY: usize = 30;
/// The minimum number of digits of `hsn` for international orders.
const SHORTEST_EXPORT_CODE: usize = 8;

/// The known return reasons of Shiprocket's fixed list.
const RETURN_REASONS: [&str; 6] = [
    "Bought by Mistake",
    "Does not fit",
    "Size not as expected",
    "Item is damaged",
    "Received wrong item",
    "N/A",
];

/// The error for international cash on delivery.
pub(crate) const NO_COD_ABROAD: &str = "must be PREPAID: Shiprocket has no cash on delivery abroad";

/// The error for international returns.
pub(crate) const NO_RETURNS_ABROAD: &str =
    "must be FORWARD: Shiprocket has no returns across borders; use an account of region DOMESTIC";

const ORDER_NUMBER: &str = "/orderDetails/orderNumber";
const DROP: &str = "/dropAddress";
const PICKUP: &str = "/pickupAddress";

/// A forward order.
pub(crate) fn forward_order<'a>(
    account: &'a LogisticAccount,
    name: &'a str,
    request: &'a ShipmentRequest,
) -> Result<ForwardOrder<'a>, PartnerFailure> {
    let mut violations = Violations::default();
    let setting = |name| account.setting(name, request.warehouse.as_ref());
    let is_abroad = account.region == Region::International;
    let pickup_location =
        setting("pickupLocation").ok_or(PartnerFailure::NotConfigured("pickupLocation"));
    let channel_id = channel_id(account, request)?;
    check_name(&mut violations, ORDER_NUMBER, name);
    check_currency(&mut violations, account.region, request);
    if request.drop.city.chars().count() > LONGEST_CITY {
        let pointer = format!("{DROP}/city");
        violations.add(pointer, "must have at most 30 characters at Shiprocket");
    }
    if is_abroad {
        check_export(&mut violations, request);
    }
    let drop = contact(&mut violations, DROP, account.region, &request.drop);
    let email = email(&mut violations, DROP, account, request, &request.drop);
    let measures = measures(&mut violations, &request.parcel);
    let order = ForwardOrder {
        order_id: name,
        order_date: local_time(request),
        pickup_location: pickup_location?,
        channel_id,
        shipping_is_billing: true,
        shipping: is_abroad.then(|| drop.clone().shipping(Some(email.clone()))),
        export: is_abroad.then(|| export(request, drop.isd_code())),
        billing: drop.billing(email, account.region),
        order_items: items(&request.lines),
        payment_method: payment_method(request.payment),
        sub_total: json_number(request.amount.value()),
        measures,
        invoice_number: request.invoice.as_ref().map(|bill| bill.number.as_str()),
    };
    violations.unless_any(Some(order))
}

/// A return order.
pub(crate) fn return_order<'a>(
    account: &'a LogisticAccount,
    name: &'a str,
    request: &'a ShipmentRequest,
) -> Result<ReturnOrder<'a>, PartnerFailure> {
    let mut violations = Violations::default();
    let channel_id = channel_id(account, request)?;
    if account.region == Region::International {
        violations.add("/orderDetails/shipmentType", NO_RETURNS_ABROAD);
    }
    check_name(&mut violations, ORDER_NUMBER, name);
    check_currency(&mut violations, Region::Domestic, request);
    check_quality_checks(&mut violations, &request.lines);
    let pickup = contact(&mut violations, PICKUP, Region::Domestic, &request.pickup);
    let shipping = contact(&mut violations, DROP, Region::Domestic, &request.drop);
    let email = email(&mut violations, PICKUP, account, request, &request.pickup);
    let measures = measures(&mut violations, &request.parcel);
    let reason = return_reason(account, request);
    let mut order_items = items(&request.lines);
    for (item, line) in order_items.iter_mut().zip(&request.lines) {
        item.return_reason = reason;
        item.quality_check = quality_check(line);
    }
    let order = ReturnOrder {
        order_id: name,
        order_date: india::day(request.order_date.instant).to_string(),
        channel_id,
        pickup: pickup.pickup(email),
        shipping: shipping.shipping(request.drop.email.clone()),
        order_items,
        payment_method: payment_method(PaymentType::Prepaid),
        sub_total: json_number(request.amount.value()),
        measures,
    };
    violations.unless_any(Some(order))
}

/// The channel of the request's orders.
pub(crate) fn channel_id(
    account: &LogisticAccount,
    request: &ShipmentRequest,
) -> Result<Option<u64>, PartnerFailure> {
    account
        .setting("channelId", request.warehouse.as_ref())
        .map(|id| id.trim().parse())
        .transpose()
        .map_err(|_| PartnerFailure::NotConfigured("channelId"))
}

/// Reports a name that is too long, at the pointer of the order number that it contains.
pub(crate) fn check_name(violations: &mut Violations, pointer: &str, name: &str) {
    if name.chars().count() > LONGEST_NAME {
        violations.add(
            pointer,
            format!(
                "must be shorter: the order is called `{name}` at Shiprocket, which takes at most {LONGEST_NAME} \
                 characters"
            ),
        );
    }
}

/// Reports a foreign currency of a domestic order.
pub(crate) fn check_currency(
    violations: &mut Violations,
    region: Region,
    request: &ShipmentRequest,
) {
    if region == Region::Domestic && request.currency != Currency::INR {
        violations.add("/currencyCode", "must be INR within India");
    }
}

fn check_export(violations: &mut Violations, request: &ShipmentRequest) {
    if request.payment == PaymentType::Cod {
        violations.add("/orderDetails/paymentType", NO_COD_ABROAD);
    }
    let codes = request.lines.iter().map(|line| line.hs_code.as_ref());
    for (index, code) in codes.enumerate() {
        if code.is_some_and(|code| code.as_str().len() < SHORTEST_EXPORT_CODE) {
            violations.add(
                format!("/orderDetails/orderLineItems/{index}/hsCode"),
                "must have at least 8 digits for a parcel abroad",
            );
        }
    }
}

/// The customer's reason if Shiprocket supports it, otherwise the account's.
fn return_reason<'a>(
    account: &'a LogisticAccount,
    request: &'a ShipmentRequest,
) -> Option<&'a str> {
    let Purpose::Return { reason } = &request.purpose else {
        return None;
    };
    let theirs = RETURN_REASONS
        .into_iter()
        .find(|theirs| theirs.eq_ignore_ascii_case(reason.trim()));
    theirs.or_else(|| account.setting("returnReason", request.warehouse.as_ref()))
}

/// The time of the order in India, where the aggregator reads it.
fn local_time(request: &ShipmentRequest) -> String {
    let time = india::wall_time(request.order_date.instant);
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

fn payment_method(payment: PaymentType) -> &'static str {
    match payment {
        PaymentType::Cod => "COD",
        PaymentType::Prepaid => "Prepaid",
    }
}

/// The measures of a parcel.
pub(crate) fn measures(violations: &mut Violations, parcel: &Parcel) -> Measures {
    let mut side = |name, side: Centimetres| {
        if side.value() <= Decimal::new(5, 1) {
            let pointer = format!("/shipmentDimension/{name}");
            violations.add(pointer, "must be more than 0.5 cm at Shiprocket");
        }
        json_number(side.value())
    };
    Measures {
        length: side("length", parcel.length),
        breadth: side("breadth", parcel.breadth),
        height: side("height", parcel.height),
        weight: json_number(kilograms(parcel.weight)),
    }
}

/// A weight in Shiprocket's unit.
pub(crate) fn kilograms(weight: Grams) -> Decimal {
    weight.value() * Decimal::new(1, 3)
}

fn export(request: &ShipmentRequest, isd_code: String) -> Export<'_> {
    let customs = request.customs.as_ref();
    let purpose = customs.and_then(|customs| customs.purpose.as_deref());
    Export {
        isd_code,
        currency: request.currency.as_str(),
        reasonOfExport: customs.and_then(|customs| customs.reason_of_export),
        Terms_Of_Invoice: customs.and_then(|customs| Some(customs.incoterm?.to_string())),
        purpose_of_shipment: purpose.map(id),
        igstPaymentStatus: customs.and_then(|customs| Some(customs.igst_status?.to_string())),
    }
}
