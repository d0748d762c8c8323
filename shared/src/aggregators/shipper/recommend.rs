//! Recommends rates for a route, cheapest first, with their prices and days: the request and the response. A rate is what an
//! order needs, so its id is our courier id.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::quotes::{TransitDays, price};
use crate::aggregators::shipper::account::{time_zone, usual_parcel};
use crate::aggregators::shipper::call::post;
use crate::aggregators::shipper::refusal::accept;
use crate::aggregators::shipper::units::{
    PlacePointers, RUPIAH, check_currency, check_region, measures, priced_place, rupiahs,
};
use crate::aggregators::shipper::wire::{PricedRates, written};
use crate::domain::account::LogisticAccount;
use crate::domain::courier::{Recommendation, Route};
use crate::domain::money::Currency;
use crate::domain::order::PaymentType;
use crate::domain::quote::{Price, Quote};
use crate::domain::shipment::ShipmentType;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};
use crate::partners::violations::Violations;

const RECOMMEND: Operation = Operation::reads("recommend");
/// The path of the prices of a parcel.
pub(super) const DOMESTIC: [&str; 2] = ["pricing", "domestic"];

/// The rates that serve a route.
pub(super) async fn recommend(
    call: AggregatorCall<'_>,
    route: &Route,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    check_region(call.account)?;
    let request = post(call, &DOMESTIC, &question(call.account, route)?)?;
    let today = time_zone(call.account).to_datetime(call.partner.now).date();
    exchange(call.partner, RECOMMEND, request)
        .await?
        .read(|reply| {
            let data = accept(reply, RECOMMEND)?;
            rates(&data, today).ok_or(RECOMMEND.unclear())
        })
}

/// The request. Shipper has no rank of its own, so the cheapest come first.
fn question(account: &LogisticAccount, route: &Route) -> Result<PricedRates, PartnerFailure> {
    let parcel = match route.parcel {
        Some(parcel) => Some(parcel),
        None => usual_parcel(account)?,
    };
    let mut violations = Violations::default();
    if route.shipment_type == ShipmentType::Return {
        violations.add("/shipmentType", "must be FORWARD: Shipper has no returns");
    }
    check_currency(route.currency, &mut violations);
    let origin = priced_place(route.pickup_place, PICKUP, &mut violations);
    let destination = priced_place(route.drop_place, DROP, &mut violations);
    let value = rupiahs(route.amount, "/orderAmount", &mut violations);
    if parcel.is_none() {
        let detail = "is required: send it, or set defaultLength, defaultBreadth, defaultHeight and defaultWeight in the account's settings";
        violations.add("/shipmentDimension", detail);
    }
    let ends = origin.zip(destination);
    let parcel = parcel.as_ref().zip(value);
    violations.unless_any(
        ends.zip(parcel)
            .map(|((origin, destination), (parcel, value))| PricedRates {
                origin,
                destination,
                for_order: true,
                cod: route.payment == PaymentType::Cod,
                measures: measures(parcel),
                item_value: value,
                sort_by: ["final_price"],
            }),
    )
}

const PICKUP: PlacePointers = PlacePointers {
    area: "/pickupAreaId",
    latitude: "/pickupLatitude",
    longitude: "/pickupLongitude",
};
const DROP: PlacePointers = PlacePointers {
    area: "/dropAreaId",
    latitude: "/dropLatitude",
    longitude: "/dropLongitude",
};

/// The rows of prices; `None` if the answer has no list of them.
pub(super) fn pricings(data: &Value) -> Option<&Vec<Value>> {
    data.get("pricings")?.as_array()
}

/// The rates, in the order in which they came; `None` if none of them can be read.
fn rates(data: &Value, today: Date) -> Option<Vec<Recommendation>> {
    let rows = pricings(data)?;
    let rates = rows.iter().filter_map(|row| rate(row, today));
    let ranked: Vec<_> = (1_u32..)
        .zip(rates)
        .map(|(rank, rate)| Recommendation {
            priority: Decimal::from(rank),
            ..rate
        })
        .collect();
    (rows.is_empty() || !ranked.is_empty()).then_some(ranked)
}

fn rate(row: &Value, today: Date) -> Option<Recommendation> {
    let id = written(row.pointer("/rate/id")?)?;
    let names = ["/logistic/name", "/rate/name"];
    let names = names
        .into_iter()
        .filter_map(|name| written(row.pointer(name)?));
    let name = names.collect::<Vec<_>>().join(" ");
    Some(Recommendation {
        name: if name.is_empty() { id.clone() } else { name },
        courier: id.parse().ok()?,
        priority: Decimal::ONE,
        quote: Quote {
            price: final_price(row),
            delivery: days(row).and_then(|days| days.after(today, today)),
            ..Quote::default()
        },
    })
}

fn final_price(row: &Value) -> Option<Price> {
    let currency = match row.get("currency").filter(|said| !said.is_null()) {
        Some(currency) => written(currency)?,
        None => RUPIAH.to_owned(),
    };
    let currency: Currency = currency.parse().ok()?;
    price(row.get("final_price"), currency)
}

fn days(row: &Value) -> Option<TransitDays> {
    TransitDays::between(row.get("min_day")?, row.get("max_day")?)
}
