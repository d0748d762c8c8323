//! Recommendations: converts a route to Clickpost's request, and its response to recommendations.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aggregators::address::{ShipmentEnd, pincodes_within_india};
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::clickpost::account::settings::ClickpostSettings;
use crate::aggregators::clickpost::book::address::ClickpostEnd;
use crate::aggregators::clickpost::book::lines::item;
use crate::aggregators::clickpost::book::request::{
    delivery_type, order_type, pickup_time, rounded_up,
};
use crate::aggregators::clickpost::call::post;
use crate::aggregators::clickpost::refusal::{DONE, accept};
use crate::aggregators::clickpost::wire::answer::{ClickpostAnswer, word};
use crate::aggregators::clickpost::wire::{IndianRoute, RouteAbroad, RouteDetails, RouteParcel};
use crate::aggregators::india;
use crate::contract::number::json_number;
use crate::contract::values::decimal;
use crate::domain::account::Region;
use crate::domain::address::Address;
use crate::domain::courier::{Recommendation, Route};
use crate::domain::money::Currency;
use crate::domain::order::PaymentType;
use crate::domain::quote::Quote;
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};
use crate::partners::violations::Violations;

const RECOMMEND: Operation = Operation::reads("recommend");
/// The path for a domestic route.
pub(super) const WITHIN_INDIA: &str = "v1/recommendation_api/";

/// The couriers that serve a route.
pub(super) async fn recommend(
    call: AggregatorCall<'_>,
    route: &Route,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let settings = ClickpostSettings::of(call.account);
    let request = match call.account.region {
        Region::Domestic => post(
            call.partner.account,
            WITHIN_INDIA,
            &within_india(route, settings)?,
        ),
        Region::International => post(
            call.partner.account,
            "v2/recommendation/",
            &abroad(route, settings, call.partner.now)?,
        ),
    }?;
    couriers(call, RECOMMEND, request).await
}

/// Requests couriers.
pub(super) async fn couriers(
    call: AggregatorCall<'_>,
    operation: Operation,
    request: OutboundRequest,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let answered = exchange(call.partner, operation, request).await?;
    answered.read(|reply| {
        let answer = accept(reply, &[DONE], operation)?;
        recommendations(&answer).ok_or(operation.unclear())
    })
}

/// The reference number of the request, which only its own response repeats.
const QUESTION: &str = "1";

/// The request for a domestic route: a list with one entry.
pub(super) fn within_india<'a>(
    route: &'a Route,
    settings: ClickpostSettings<'a>,
) -> Result<[IndianRoute<'a>; 1], PartnerFailure> {
    let parcel = parcel(route, settings)?;
    let mut violations = Violations::default();
    let pincodes = pincodes_within_india(route, &mut violations);
    if route.currency != Currency::INR {
        violations.add("/currencyCode", "must be INR within India");
    }
    let question = pincodes.map(|[pickup_pincode, drop_pincode]| {
        [IndianRoute {
            reference_number: QUESTION,
            item: route
                .lines
                .first()
                .map_or_else(|| settings.item(), |line| &line.name),
            pickup_pincode,
            drop_pincode,
            order_type: order_type(is_cod(route)),
            delivery_type: delivery_type(route.shipment_type),
            invoice_value: json_number(route.amount.value()),
            parcel,
        }]
    });
    violations.unless_any(question)
}

/// The request for an international route.
pub(super) fn abroad<'a>(
    route: &'a Route,
    settings: ClickpostSettings<'a>,
    now: Timestamp,
) -> Result<RouteAbroad<'a>, PartnerFailure> {
    let parcel = parcel(route, settings)?;
    let mut violations = Violations::default();
    let pickup = end(route.pickup.as_ref(), "/pickupAddress", &mut violations).and_then(|end| {
        end.abroad(
            Some(pickup_time(now)),
            settings.contact_email(),
            &mut violations,
        )
    });
    let drop = end(route.drop.as_ref(), "/dropAddress", &mut violations)
        .and_then(|end| end.abroad(None, None, &mut violations));
    let question = pickup
        .zip(drop)
        .map(|(pickup_info, drop_info)| RouteAbroad {
            pickup_info,
            drop_info,
            shipment_details: details(route, parcel, now),
        });
    violations.unless_any(question)
}

fn end<'a>(
    address: Option<&'a Address>,
    pointer: &'static str,
    violations: &mut Violations,
) -> Option<ClickpostEnd<'a>> {
    if address.is_none() {
        violations.add(pointer, "is required: this account ships across borders");
    }
    address.map(|address| ClickpostEnd {
        end: ShipmentEnd { address, pointer },
    })
}

fn details(route: &Route, parcel: RouteParcel, now: Timestamp) -> RouteDetails<'_> {
    let cash = if is_cod(route) {
        route.amount.value()
    } else {
        Decimal::ZERO
    };
    RouteDetails {
        order_type: order_type(is_cod(route)),
        delivery_type: delivery_type(route.shipment_type),
        cod_value: json_number(cash),
        invoice_value: json_number(route.amount.value()),
        invoice_number: QUESTION,
        invoice_date: india::wall_time(now).date().to_string(),
        currency_code: route.currency.as_str(),
        reference_number: QUESTION,
        items: route.lines.iter().map(|line| item(line, None)).collect(),
        parcel,
    }
}

fn is_cod(route: &Route) -> bool {
    route.payment == PaymentType::Cod && route.shipment_type == ShipmentType::Forward
}

/// The route's own dimensions, otherwise the account's defaults.
fn parcel(route: &Route, settings: ClickpostSettings<'_>) -> Result<RouteParcel, PartnerFailure> {
    if let Some(parcel) = route.parcel {
        return Ok(RouteParcel {
            length: Some(rounded_up(parcel.length.value())),
            breadth: Some(rounded_up(parcel.breadth.value())),
            height: Some(rounded_up(parcel.height.value())),
            weight: Some(rounded_up(parcel.weight.value())),
        });
    }
    let measure = |name| Ok::<_, PartnerFailure>(settings.measure(name)?.map(rounded_up));
    Ok(RouteParcel {
        length: measure("defaultLength")?,
        breadth: measure("defaultBreadth")?,
        height: measure("defaultHeight")?,
        weight: measure("defaultWeight")?,
    })
}

/// The couriers that a response prefers. If no courier serves a route, there is no result; `None` if the list cannot be
/// parsed.
pub(super) fn recommendations(answer: &ClickpostAnswer) -> Option<Vec<Recommendation>> {
    let results: &[Value] = match answer.result() {
        None => &[],
        Some(Value::Array(results)) => results,
        Some(result) => std::slice::from_ref(result),
    };
    let mut found = Vec::new();
    for result in results {
        match result.as_object()?.get("preference_array") {
            None | Some(Value::Null) => {}
            Some(preferences) => {
                for preference in preferences.as_array()? {
                    found.push(recommendation(preference)?);
                }
            }
        }
    }
    Some(found)
}

/// One preference; the two kinds of responses use different names.
fn recommendation(preference: &Value) -> Option<Recommendation> {
    let first = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| word(preference.get(name)?))
            .map(std::borrow::Cow::into_owned)
    };
    let courier = first(&["cp_id", "courier_partner_code"])?.parse().ok()?;
    let name = first(&[
        "courier_name",
        "cp_name",
        "courier_partner_name",
        "account_code",
    ])?;
    Some(Recommendation {
        courier,
        name,
        priority: decimal(preference.get("priority")?).ok()?,
        quote: Quote::default(),
    })
}
