//! Recommends couriers for a route: the request and the response.

mod quote;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aggregators::address::pincodes_within_india;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::india;
use crate::aggregators::shiprocket::book::request::{NO_COD_ABROAD, NO_RETURNS_ABROAD, kilograms};
use crate::aggregators::shiprocket::call::{get, in_region};
use crate::aggregators::shiprocket::recommend::quote::RateCard;
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::{ShiprocketAnswer, number, text};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::measure::{Centimetres, Grams, Parcel};
use crate::domain::order::PaymentType;
use crate::domain::quote::Quote;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::CountryCode;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;
use crate::partners::violations::Violations;

const RECOMMEND: Operation = Operation::reads("recommend");

/// The couriers that serve a route.
pub(super) async fn recommend(
    call: AggregatorCall<'_>,
    route: &Route,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    serving(call, RECOMMEND, &query(call.account, route)?).await
}

/// Requests the couriers that serve a route.
pub(super) async fn serving(
    call: AggregatorCall<'_>,
    operation: Operation,
    query: &[(&str, String)],
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let path = in_region(call, "courier/serviceability/");
    let request = get(call.partner.account, &path, query)?;
    let today = india::day(call.partner.now);
    let answered = ask(call.partner, operation, request).await?;
    answered.read(|reply| couriers(reply, call.account.region, today))
}

/// The query for couriers that serve a route.
pub(super) fn query(
    account: &LogisticAccount,
    route: &Route,
) -> Result<Vec<(&'static str, String)>, PartnerFailure> {
    let mut violations = Violations::default();
    let is_return = route.shipment_type == ShipmentType::Return;
    let cod = i32::from(route.payment == PaymentType::Cod && !is_return);
    let mut query = postcodes(&mut violations, account.region, route);
    query.push(("cod", cod.to_string()));
    query.extend(parcel_query(&mut violations, account, route)?);
    if account.region == Region::International {
        query.extend(abroad_query(&mut violations, route));
    } else {
        let value = route.amount.value().normalize().to_string();
        query.push(("declared_value", value));
    }
    if is_return {
        query.push(("is_return", "1".to_owned()));
        if route.lines.iter().any(|line| line.quality_check.is_some()) {
            query.push(("qc_check", "1".to_owned()));
        }
    }
    violations.unless_any(Some(query))
}

/// The postal codes of the route; abroad as they came, and none where there is none.
fn postcodes(
    violations: &mut Violations,
    region: Region,
    route: &Route,
) -> Vec<(&'static str, String)> {
    let postcodes = match region {
        Region::Domestic => pincodes_within_india(route, violations).unwrap_or_default(),
        Region::International => [route.pickup_pincode.clone(), route.drop_pincode.clone()],
    };
    let named = ["pickup_postcode", "delivery_postcode"]
        .into_iter()
        .zip(postcodes);
    named.filter(|(_, code)| !code.is_empty()).collect()
}

fn abroad_query(violations: &mut Violations, route: &Route) -> Option<(&'static str, String)> {
    if route.payment == PaymentType::Cod {
        violations.add("/paymentType", NO_COD_ABROAD);
    }
    if route.shipment_type == ShipmentType::Return {
        violations.add("/shipmentType", NO_RETURNS_ABROAD);
    }
    let country = route.drop_country.as_ref().map(CountryCode::as_str);
    if country.is_none() {
        violations.add("/dropCountryCode", "is required for a route abroad");
    }
    country.map(|country| ("delivery_country", country.to_owned()))
}

/// The parcel of the route, otherwise the account's default, of which only the weight is required.
fn parcel_query(
    violations: &mut Violations,
    account: &LogisticAccount,
    route: &Route,
) -> Result<Vec<(&'static str, String)>, PartnerFailure> {
    let sides = |parcel: &Parcel| [parcel.length, parcel.breadth, parcel.height];
    let weight = match &route.parcel {
        Some(parcel) => Some(parcel.weight),
        None => usual::<Grams>(account, "defaultWeight")?,
    };
    let [length, breadth, height] = match &route.parcel {
        Some(parcel) => sides(parcel).map(Some),
        None => [
            usual::<Centimetres>(account, "defaultLength")?,
            usual::<Centimetres>(account, "defaultBreadth")?,
            usual::<Centimetres>(account, "defaultHeight")?,
        ],
    };
    if weight.is_none() {
        violations.add(
            "/shipmentDimension",
            "is required by Shiprocket: send it, or set defaultWeight in the account's settings",
        );
    }
    let told = |value: Decimal| value.normalize().to_string();
    let centimetres = |name, side: Option<Centimetres>| Some((name, told(side?.value())));
    let query = [
        weight.map(|weight| ("weight", told(kilograms(weight)))),
        centimetres("length", length),
        centimetres("breadth", breadth),
        centimetres("height", height),
    ];
    Ok(query.into_iter().flatten().collect())
}

/// A default dimension or weight in the account's settings.
fn usual<T: TryFrom<Decimal>>(
    account: &LogisticAccount,
    name: &'static str,
) -> Result<Option<T>, PartnerFailure> {
    let Some(setting) = account.setting(name, None) else {
        return Ok(None);
    };
    let value: Option<Decimal> = setting.trim().parse().ok();
    value
        .and_then(|value| T::try_from(value).ok())
        .map(Some)
        .ok_or(PartnerFailure::NotConfigured(name))
}

/// Parses the response. The courier that Shiprocket recommends comes first, the others keep its order.
pub(super) fn couriers(
    reply: &Reply,
    region: Region,
    today: Date,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let answer = ShiprocketAnswer::of(reply).ok_or(RECOMMEND.unclear())?;
    let status = answer.number("/status");
    if status == Some(404) {
        return Ok(Vec::new());
    }
    if reply.status >= 400 || status.is_some_and(|status| status >= 300) {
        return Err(PartnerFailure::Refused(refusal::of(reply)));
    }
    let available = answer
        .at("/data/available_courier_companies")
        .and_then(Value::as_array)
        .ok_or(RECOMMEND.unclear())?;
    let card = RateCard::of(&answer, region, today);
    let courier = |row| Some((courier(row)?, card.quote(row)));
    let mut serving: Vec<_> = available.iter().filter_map(courier).collect();
    let are_blocked = available.iter().any(is_blocked);
    if serving.is_empty() && !available.is_empty() && !are_blocked {
        return Err(RECOMMEND.unclear());
    }
    let best = answer.text("/data/recommended_courier_company_id");
    serving.sort_by_key(|((id, _), _)| Some(id.as_str()) != best.as_deref());
    let ranked = (1_u32..).zip(serving);
    Ok(ranked.filter_map(recommendation).collect())
}

fn is_blocked(courier: &Value) -> bool {
    courier
        .get("blocked")
        .and_then(number)
        .is_some_and(|blocked| blocked != 0)
}

fn courier(courier: &Value) -> Option<(String, String)> {
    if is_blocked(courier) {
        return None;
    }
    let id = text(courier.get("courier_company_id")?)?;
    let name = courier.get("courier_name").and_then(text);
    let name = name.unwrap_or_else(|| id.clone());
    Some((id, name))
}

fn recommendation(
    (rank, ((id, name), quote)): (u32, ((String, String), Quote)),
) -> Option<Recommendation> {
    Some(Recommendation {
        courier: id.parse().ok()?,
        name,
        priority: Decimal::from(rank),
        quote,
    })
}
