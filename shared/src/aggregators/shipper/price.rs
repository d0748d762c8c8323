//! Prices in Shipper's own terms: kilograms, centimetres and areas pass as they are.

use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::pricing::ToldPrices;
use crate::aggregators::shipper::call::post;
use crate::aggregators::shipper::recommend::{DOMESTIC, pricings};
use crate::aggregators::shipper::refusal::accepted;
use crate::aggregators::shipper::units::check_region;
use crate::contract::pricing::{GoodsPricingBody, ParcelPricingBody};
use crate::domain::pricing::{
    GoodsToPrice, ParcelToPrice, PriceQuestion, PricedEnd, PricedRoute, RateType,
};
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};
use crate::partners::violations::Violations;

const PRICE: Operation = Operation::reads("price");

/// The answer, which is passed on as it is if it has prices.
pub(super) async fn prices(
    call: AggregatorCall<'_>,
    question: &PriceQuestion,
) -> Result<ToldPrices, PartnerFailure> {
    check_region(call.account)?;
    let request = match question {
        PriceQuestion::Goods(goods) => of_goods(call, goods),
        PriceQuestion::Parcel(parcel) => of_parcel(call, parcel),
    }?;
    exchange(call.partner, PRICE, request).await?.read(|reply| {
        let mut body = accepted(reply)?;
        let mut taken = |name| body.get_mut(name).map(Value::take);
        let data = taken("data").filter(|data| is_answer(question, data));
        Ok(ToldPrices {
            data: data.ok_or(PRICE.unclear())?,
            pagination: taken("pagination").filter(Value::is_object),
        })
    })
}

/// Of the answer about goods no example could be read, so it may have any form.
fn is_answer(question: &PriceQuestion, data: &Value) -> bool {
    match question {
        PriceQuestion::Goods(_) => data.is_object() || data.is_array(),
        PriceQuestion::Parcel(_) => pricings(data).is_some(),
    }
}

fn of_goods(
    call: AggregatorCall<'_>,
    goods: &GoodsToPrice,
) -> Result<OutboundRequest, PartnerFailure> {
    let mut violations = Violations::default();
    check_route(goods.route, goods.rate, &mut violations);
    for (end, pointer) in ends(goods.route) {
        if end.place.area.is_none() {
            violations.add(format!("{pointer}/area_id"), "is required");
        }
    }
    let body = violations.unless_any(Some(GoodsPricingBody::from(goods)))?;
    post(call, &["fulfillment", "pricing", "domestic"], &body)
}

fn of_parcel(
    call: AggregatorCall<'_>,
    parcel: &ParcelToPrice,
) -> Result<OutboundRequest, PartnerFailure> {
    let mut violations = Violations::default();
    check_route(parcel.route, parcel.rate, &mut violations);
    for (end, pointer) in ends(parcel.route) {
        let place = end.place;
        if place.area.is_none() && place.latitude.is_none() && place.longitude.is_none() {
            violations.add(
                format!("{pointer}/area_id"),
                "is required, unless lat and lng are given",
            );
        }
    }
    let body = violations.unless_any(Some(ParcelPricingBody::from(parcel)))?;
    let kind = parcel.rate.map(|rate| rate.to_string());
    let path: Vec<&str> = DOMESTIC.into_iter().chain(kind.as_deref()).collect();
    post(call, &path, &body)
}

fn ends(route: PricedRoute) -> [(PricedEnd, &'static str); 2] {
    [
        (route.origin, "/origin"),
        (route.destination, "/destination"),
    ]
}

/// Only Shipper knows whether area and coordinates agree.
fn check_route(route: PricedRoute, rate: Option<RateType>, violations: &mut Violations) {
    let at_once = rate.is_some_and(RateType::needs_coordinates);
    for (end, pointer) in ends(route) {
        let (latitude, longitude) = (end.place.latitude.is_some(), end.place.longitude.is_some());
        for (name, is_given, is_other_given) in
            [("lat", latitude, longitude), ("lng", longitude, latitude)]
        {
            if is_given {
                continue;
            }
            if is_other_given {
                violations.add(
                    format!("{pointer}/{name}"),
                    "is required: lat and lng belong together",
                );
            } else if at_once {
                violations.add(
                    format!("{pointer}/{name}"),
                    "is required for instant and same-day rates",
                );
            }
        }
    }
}
