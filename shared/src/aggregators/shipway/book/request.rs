//! Converts requests to Shipway's form. What Shipway does not support is refused before anything is sent, all at once.

use rust_decimal::Decimal;

use crate::aggregators::india;
use crate::aggregators::shipway::book::address::contact;
use crate::aggregators::shipway::book::lines::{product, quality_check};
use crate::aggregators::shipway::wire::{
    Carriage, ReturnedProduct, ShipwayContact, ShipwayOrder, ShipwayProduct, ShipwayReturn,
};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::money::Currency;
use crate::domain::order::{LineItem, PaymentType, ShipmentRequest};
use crate::domain::personal::Personal;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::violations::Violations;

pub(crate) const NONE: &str = "0";

/// Shipway's ids of a shipment's warehouse.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShipwayWarehouses<'a> {
    ships: Option<&'a str>,
    receives: &'a str,
}

impl<'a> ShipwayWarehouses<'a> {
    /// The ids of the shipping warehouse.
    pub(crate) fn shipping(
        account: &'a LogisticAccount,
        request: &ShipmentRequest,
    ) -> Result<Self, PartnerFailure> {
        let setting = |name| account.setting(name, request.warehouse.as_ref());
        let ships = setting("warehouseId").ok_or(PartnerFailure::NotConfigured("warehouseId"))?;
        Ok(Self {
            ships: Some(ships),
            receives: setting("returnWarehouseId").unwrap_or(ships),
        })
    }

    /// The id of the warehouse that receives a return.
    pub(crate) fn receiving(
        account: &'a LogisticAccount,
        request: &ShipmentRequest,
    ) -> Result<Self, PartnerFailure> {
        let setting = |name| account.setting(name, request.warehouse.as_ref());
        let receives = setting("returnWarehouseId").or_else(|| setting("warehouseId"));
        Ok(Self {
            ships: None,
            receives: receives.ok_or(PartnerFailure::NotConfigured("returnWarehouseId"))?,
        })
    }

    /// With the requested courier, or with Shipway's choice.
    fn carriage(self, request: &'a ShipmentRequest) -> Carriage<'a> {
        Carriage {
            carrier_id: request.courier.as_ref().map_or("", |id| id.as_str()),
            warehouse_id: self.ships,
            return_warehouse_id: self.receives,
        }
    }
}

/// The account's settings for returns, as Shipway's ids.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReturnTerms<'a> {
    status: &'a str,
    reason_id: &'a str,
    refund: &'a str,
}

impl<'a> ReturnTerms<'a> {
    /// The settings for a return with this reason.
    pub(crate) fn of(
        account: &'a LogisticAccount,
        request: &ShipmentRequest,
        reason: &str,
    ) -> Result<Self, PartnerFailure> {
        let setting = |name: &str| account.setting(name, request.warehouse.as_ref());
        let reason_id = setting(&format!("returnReasonId.{}", reason.trim()))
            .or_else(|| setting("returnReasonId"))
            .ok_or(PartnerFailure::NotConfigured("returnReasonId"))?;
        Ok(Self {
            status: setting("returnOrderStatus").unwrap_or("R"),
            reason_id,
            refund: setting("refundPaymentId").unwrap_or(NONE),
        })
    }
}

/// The name of a booking as Shipway's order id.
pub(crate) fn order_id(name: &str) -> Result<AggregatorOrderId, PartnerFailure> {
    name.parse().map_err(|_| {
        PartnerFailure::invalid(
            "/orderDetails/orderNumber",
            "is too long: with the shipment code, and a suffix for returns and repeats, it may have at most 100 characters",
        )
    })
}

/// Refuses international accounts.
pub(crate) fn check_region(account: &LogisticAccount) -> Result<(), PartnerFailure> {
    match account.region {
        Region::Domestic => Ok(()),
        Region::International => Err(PartnerFailure::invalid(
            "/logisticAccountAlias",
            "shipping across borders is not supported for Shipway: use an account of region DOMESTIC",
        )),
    }
}

/// A forward order, with or without the data that books it.
pub(crate) fn order<'a>(
    request: &'a ShipmentRequest,
    name: &'a AggregatorOrderId,
    warehouses: Option<ShipwayWarehouses<'a>>,
) -> Result<ShipwayOrder<'a>, PartnerFailure> {
    let products = request.lines.iter().map(product).collect();
    let mut violations = Violations::default();
    check_currency(request.currency, &mut violations);
    let contact = contact(&request.drop, "/dropAddress", &mut violations);
    violations.unless_any(contact.map(|contact| ShipwayOrder {
        carriage: warehouses.map(|warehouses| warehouses.carriage(request)),
        ..bare_order(request, name, contact, products)
    }))
}

/// A return: the pickup is at the customer.
pub(crate) fn return_order<'a>(
    request: &'a ShipmentRequest,
    reason: &'a str,
    name: &'a AggregatorOrderId,
    warehouses: ShipwayWarehouses<'a>,
    terms: ReturnTerms<'a>,
) -> Result<ShipwayReturn<'a>, PartnerFailure> {
    let returned = |line: &'a LineItem| ShipwayProduct {
        returned: Some(ReturnedProduct {
            amount: line.quantity.to_string(),
            return_reason_id: terms.reason_id,
            customer_notes: reason,
        }),
        ..product(line)
    };
    let products = request.lines.iter().map(returned).collect();
    let mut violations = Violations::default();
    check_currency(request.currency, &mut violations);
    let contact = contact(&request.pickup, "/pickupAddress", &mut violations);
    violations.unless_any(contact.map(|contact| ShipwayReturn {
        order: ShipwayOrder {
            carriage: Some(warehouses.carriage(request)),
            ..bare_order(request, name, contact, products)
        },
        return_order_status: terms.status,
        return_reason_id: terms.reason_id,
        refund_payment_id: terms.refund,
        quality_check: quality_check(&request.lines),
    }))
}

fn bare_order<'a>(
    request: &'a ShipmentRequest,
    name: &'a AggregatorOrderId,
    contact: ShipwayContact<'a>,
    products: Vec<ShipwayProduct<'a>>,
) -> ShipwayOrder<'a> {
    let customer = match request.purpose.shipment_type() {
        ShipmentType::Forward => &request.drop,
        ShipmentType::Return => &request.pickup,
    };
    let placed = india::wall_time(request.order_date.instant);
    ShipwayOrder {
        order_id: name.as_str(),
        carriage: None,
        products,
        discount: NONE,
        shipping: NONE,
        order_total: request.amount.value().to_string(),
        gift_card_amt: NONE,
        taxes: NONE,
        payment_type: payment_letter(request.payment),
        email: customer.email.as_ref().map(Personal::expose),
        contact,
        order_weight: whole(request.parcel.weight.value()),
        box_length: whole(request.parcel.length.value()),
        box_breadth: whole(request.parcel.breadth.value()),
        box_height: whole(request.parcel.height.value()),
        order_date: placed.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// Shipway's letter for a payment type.
pub(crate) fn payment_letter(payment: PaymentType) -> &'static str {
    match payment {
        PaymentType::Prepaid => "P",
        PaymentType::Cod => "C",
    }
}

/// A dimension as a whole number, rounded up, because a parcel may not be larger than declared.
pub(crate) fn whole(measure: Decimal) -> String {
    measure.ceil().normalize().to_string()
}

const NOT_RUPEES: &str = "must be INR: Shipway has no field for a currency";

/// Shipway has no field for a currency.
pub(crate) fn check_currency(currency: Currency, violations: &mut Violations) {
    if currency != Currency::INR {
        violations.add("/currencyCode", NOT_RUPEES);
    }
}
