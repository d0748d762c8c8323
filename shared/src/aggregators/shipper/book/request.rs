//! Converts a request to Shipper's form. What Shipper does not support is refused before anything is sent, all at once.

use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipper::account::{is_insured, package_type};
use crate::aggregators::shipper::book::address::{ShipperAddress, adapted};
use crate::aggregators::shipper::units::{check_currency, measures, rupiahs};
use crate::aggregators::shipper::wire::{
    ShipperCourier, ShipperItem, ShipperOrder, ShipperPackage,
};
use crate::domain::account::LogisticAccount;
use crate::domain::order::{LineItem, PaymentType, ShipmentRequest};
use crate::partners::failure::PartnerFailure;
use crate::partners::violations::Violations;

const AMOUNT: &str = "/orderDetails/orderAmount";

/// Our name of a booking as Shipper's external id. It is also a part of a URL, where these two would vanish.
pub(crate) fn external_id(reference: &BookingReference<'_>) -> Result<String, PartnerFailure> {
    let name = reference.name();
    match name.as_str() {
        "." | ".." => Err(PartnerFailure::invalid(
            "/orderDetails/orderNumber",
            "must have other characters than full stops: Shipper's orders are looked up by it",
        )),
        _ => Ok(name),
    }
}

/// The order.
pub(crate) fn order<'a>(
    account: &LogisticAccount,
    request: &'a ShipmentRequest,
    external_id: &'a str,
) -> Result<ShipperOrder<'a>, PartnerFailure> {
    let mut violations = Violations::default();
    check_currency(request.currency, &mut violations);
    let sender = adapted(&request.pickup, &ShipperAddress::PICKUP, &mut violations);
    let receiver = adapted(&request.drop, &ShipperAddress::DROP, &mut violations);
    let courier = courier(account, request, &mut violations);
    let package = package(account, request, &mut violations);
    let ends = sender.zip(receiver);
    let parts = ends.zip(courier.zip(package));
    violations.unless_any(
        parts.map(|((sender, receiver), (courier, package))| ShipperOrder {
            consignee: receiver.contact,
            consigner: sender.contact,
            courier,
            coverage: "domestic",
            destination: receiver.end,
            origin: sender.end,
            external_id,
            package,
            payment_type: "postpay",
        }),
    )
}

fn courier(
    account: &LogisticAccount,
    request: &ShipmentRequest,
    violations: &mut Violations,
) -> Option<ShipperCourier> {
    let rate_id = request.courier.as_ref();
    let rate_id = rate_id.and_then(|courier| courier.as_str().parse().ok());
    if rate_id.is_none() {
        violations.add(
            "/courierId",
            "is required: the rate id of a courier that a recommendation lists",
        );
    }
    let cod = request.payment == PaymentType::Cod;
    let cod_amount = if cod {
        Some(collected(request, violations)?)
    } else {
        None
    };
    Some(ShipperCourier {
        rate_id: rate_id?,
        cod,
        cod_amount,
        use_insurance: is_insured(account, request.warehouse.as_ref()),
    })
}

/// What the courier collects at the door. An amount with decimals is reported as the parcel's price.
fn collected(request: &ShipmentRequest, violations: &mut Violations) -> Option<u64> {
    let amount = rupiahs(request.amount, AMOUNT, &mut Violations::default())?;
    if amount == 0 {
        violations.add(AMOUNT, "must be more than 0 for COD");
    }
    Some(amount)
}

fn package<'a>(
    account: &LogisticAccount,
    request: &'a ShipmentRequest,
    violations: &mut Violations,
) -> Option<ShipperPackage<'a>> {
    let price = rupiahs(request.amount, AMOUNT, violations);
    let lines = request.lines.iter().enumerate();
    let items: Vec<_> = lines
        .map(|(index, line)| item(index, line, violations))
        .collect();
    let items: Option<Vec<_>> = items.into_iter().collect();
    Some(ShipperPackage {
        measures: measures(&request.parcel),
        price: price?,
        package_type: package_type(account, request.warehouse.as_ref()),
        items: items?,
    })
}

fn item<'a>(
    index: usize,
    line: &'a LineItem,
    violations: &mut Violations,
) -> Option<ShipperItem<'a>> {
    let pointer = format!("/orderDetails/orderLineItems/{index}/sellingPricePerUnit");
    Some(ShipperItem {
        name: &line.name,
        price: rupiahs(line.price_per_unit, pointer, violations)?,
        qty: line.quantity,
    })
}
