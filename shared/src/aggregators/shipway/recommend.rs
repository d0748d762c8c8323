//! Recommends couriers for a route with their rates: the requests and the responses.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aggregators::address::pincodes_within_india;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::containers::entries;
use crate::aggregators::quotes::price;
use crate::aggregators::shipway::book::request;
use crate::aggregators::shipway::book::request::{check_currency, payment_letter, whole};
use crate::aggregators::shipway::call::get;
use crate::aggregators::shipway::refusal::check_status;
use crate::aggregators::shipway::wire::{flag, object, word, written};
use crate::contract::values::decimal;
use crate::domain::courier::{Recommendation, Route};
use crate::domain::money::Currency;
use crate::domain::order::PaymentType;
use crate::domain::quote::Quote;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::CourierId;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};
use crate::partners::violations::Violations;

const RECOMMEND: Operation = Operation::reads("recommend");
const FETCH_RATES: Operation = Operation::reads("fetch_rates");
const SERVICEABILITY: &str = "pincodeserviceable";
const RATES: &str = "getshipwaycarrierrates";
/// Rates only sort and say prices, so a recommendation does not wait long for them.
const PATIENCE_FOR_RATES: Duration = Duration::from_secs(5);

/// The couriers that serve the drop, cheapest first.
pub(super) async fn recommend(
    call: AggregatorCall<'_>,
    route: &Route,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    request::check_region(call.account)?;
    let asked = serviceability(route)?;
    let question = get(call.partner.account, SERVICEABILITY, &asked.query(route))?;
    let serving = async {
        let answered = exchange(call.partner, RECOMMEND, question).await?;
        answered.read(carriers)
    };
    let (serving, rates) = join(serving, rates(call, &asked, route)).await;
    Ok(ranked(serving?, &rates))
}

/// The rates of the couriers on the route; empty if they are unavailable.
async fn rates(call: AggregatorCall<'_>, asked: &Serviceability, route: &Route) -> CarrierRates {
    let Some(query) = asked.rates_query(route) else {
        return CarrierRates::new();
    };
    ask_rates(call, &query).await.unwrap_or_default()
}

async fn ask_rates(
    call: AggregatorCall<'_>,
    query: &[(&str, String)],
) -> Result<CarrierRates, PartnerFailure> {
    let call = call.within(PATIENCE_FOR_RATES).partner;
    let request = get(call.account, RATES, query)?;
    exchange(call, FETCH_RATES, request).await?.read(read_rates)
}

/// The query for couriers that serve a drop.
pub(super) struct Serviceability {
    pickup: String,
    drop: String,
}

/// A route in Shipway's form.
pub(super) fn serviceability(route: &Route) -> Result<Serviceability, PartnerFailure> {
    let mut violations = Violations::default();
    if route.shipment_type == ShipmentType::Return {
        let detail = "must be FORWARD: Shipway recommends no couriers for returns. Book the return without a courierId, and Shipway chooses one";
        violations.add("/shipmentType", detail);
    }
    check_currency(route.currency, &mut violations);
    let pincodes = pincodes_within_india(route, &mut violations);
    violations.unless_any(pincodes.map(|[pickup, drop]| Serviceability { pickup, drop }))
}

impl Serviceability {
    /// The query for couriers that serve the drop.
    pub(super) fn query(&self, route: &Route) -> Vec<(&'static str, String)> {
        vec![
            ("pincode", self.drop.clone()),
            ("payment_type", payment_letter(route.payment).to_owned()),
        ]
    }

    /// The query for rates; `None` if the parcel's dimensions are unknown.
    pub(super) fn rates_query(&self, route: &Route) -> Option<Vec<(&'static str, String)>> {
        let parcel = route.parcel?;
        let payment = match route.payment {
            PaymentType::Prepaid => "prepaid",
            PaymentType::Cod => "cod",
        };
        Some(vec![
            ("fromPincode", self.pickup.clone()),
            ("toPincode", self.drop.clone()),
            ("paymentType", payment.to_owned()),
            ("weight", kilograms(parcel.weight.value())),
            ("length", whole(parcel.length.value())),
            ("breadth", whole(parcel.breadth.value())),
            ("height", whole(parcel.height.value())),
            ("shipment_type", FORWARD.to_owned()),
            ("cummulativePrice", whole(route.amount.value())),
        ])
    }
}

/// The only shipment type with rates.
const FORWARD: &str = "1";

/// Rates use kilograms, orders do not.
fn kilograms(grams: Decimal) -> String {
    (grams / Decimal::ONE_THOUSAND).normalize().to_string()
}

/// A courier that serves a pincode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ShipwayCarrier {
    id: CourierId,
    name: String,
}

/// Parses the response of `pincodeserviceable`; no courier serves the pincode if the response says so or is a failure.
pub(super) fn carriers(reply: &Reply) -> Result<Vec<ShipwayCarrier>, PartnerFailure> {
    check_status(reply)?;
    let body = object(reply).ok_or(PartnerFailure::Unreadable)?;
    let message = body.get("message").unwrap_or(&Value::Null);
    let success = flag(body.get("success"));
    if success == Some(false) || says_no_carrier(message) {
        return Ok(Vec::new());
    }
    let rows = entries(message).ok_or(PartnerFailure::Unreadable)?;
    let is_empty = rows.is_empty();
    let mut carriers: Vec<ShipwayCarrier> = Vec::with_capacity(rows.len());
    for carrier in rows.into_iter().filter_map(carrier) {
        if !carriers.iter().any(|known| known.id == carrier.id) {
            carriers.push(carrier);
        }
    }
    if carriers.is_empty() && !is_empty {
        return Err(PartnerFailure::Unreadable);
    }
    Ok(carriers)
}

fn says_no_carrier(message: &Value) -> bool {
    let text = written(message).unwrap_or_default().to_lowercase();
    ["no carrier", "no courier"]
        .iter()
        .any(|words| text.contains(words))
}

fn carrier(row: &Value) -> Option<ShipwayCarrier> {
    let id: CourierId = word(row, &["carrier_id"])?.parse().ok()?;
    let name = word(row, &["carrier_title", "name"]);
    Some(ShipwayCarrier {
        name: name.unwrap_or_else(|| id.as_str().to_owned()),
        id,
    })
}

/// What a courier's rate says. It only sorts, so it need not be an amount: a price is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CarrierRate {
    charge: Decimal,
    quote: Quote,
}

/// The rates of couriers, by id.
pub(super) type CarrierRates = BTreeMap<CourierId, CarrierRate>;

/// Parses the response of `getshipwaycarrierrates`.
pub(super) fn read_rates(reply: &Reply) -> Result<CarrierRates, PartnerFailure> {
    check_status(reply)?;
    let body = object(reply).ok_or(PartnerFailure::Unreadable)?;
    let card = body.get("rate_card").and_then(entries);
    let mut rates = CarrierRates::new();
    for row in card.ok_or(PartnerFailure::Unreadable)? {
        let id = word(row, &["carrier_id"]).and_then(|id| id.parse().ok());
        if let (Some(id), Some(rate)) = (id, rate(row)) {
            rates.entry(id).or_insert(rate);
        }
    }
    Ok(rates)
}

/// Shipway's rates are for domestic parcels in rupees ([`check_currency`]).
fn rate(row: &Value) -> Option<CarrierRate> {
    let charge = row.get("delivery_charge");
    Some(CarrierRate {
        charge: decimal(charge?).ok()?,
        quote: Quote {
            price: price(charge, Currency::INR),
            zone: word(row, &["zone"]).and_then(|zone| zone.parse().ok()),
            ..Quote::default()
        },
    })
}

/// The couriers, cheapest first; those without a rate follow in Shipway's order.
pub(super) fn ranked(
    mut carriers: Vec<ShipwayCarrier>,
    rates: &CarrierRates,
) -> Vec<Recommendation> {
    carriers.sort_by_key(|carrier| {
        let charge = rates.get(&carrier.id).map(|rate| rate.charge);
        (charge.is_none(), charge)
    });
    let recommendation = |(carrier, rank): (ShipwayCarrier, u32)| Recommendation {
        quote: rates
            .get(&carrier.id)
            .map(|rate| rate.quote.clone())
            .unwrap_or_default(),
        courier: carrier.id,
        name: carrier.name,
        priority: Decimal::from(rank),
    };
    carriers.into_iter().zip(1..).map(recommendation).collect()
}
