//! Domestic prices.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipper::Shipper;
use crate::shipper::envelope::Answer;
use crate::shipper::pricing_request::{PricingRequest, Sorting};
use crate::shipper::quote::{Parcel, Quote};
use crate::shipper::rates::{self, Logistic, Rate, RateType};
use crate::shipper::refusal::{NOT_SERVED, Refusal};

/// `POST pricing/domestic`: all rates.
pub(super) fn domestic(_: &Shipper, request: &VendorRequest) -> Result<Answer, Refusal> {
    PricingRequest::of_parcel(&request.body(), None).map(|asked| priced(&asked))
}

/// `POST pricing/domestic/{rate_type}`: the rates of a type.
pub(super) fn domestic_by_rate_type(
    _: &Shipper,
    rate_type: &str,
    request: &VendorRequest,
) -> Result<Answer, Refusal> {
    let words = RateType::WORDS.join(" or ");
    let kind = RateType::named(rate_type)
        .ok_or_else(|| Refusal::invalid(format!("rate_type must be {words}")))?;
    PricingRequest::of_parcel(&request.body(), Some(kind)).map(|asked| priced(&asked))
}

/// `POST fulfillment/pricing/domestic`: for a list of goods.
pub(super) fn fulfillment(_: &Shipper, request: &VendorRequest) -> Result<Answer, Refusal> {
    PricingRequest::of_goods(&request.body()).map(|asked| priced(&asked))
}

fn priced(asked: &PricingRequest) -> Answer {
    let parcel = &asked.parcel;
    let is_asked = |rate: &&Rate| asked.kind.is_none_or(|kind| rate.kind == kind);
    let rates = rates::all().iter().filter(is_asked);
    let mut quotes: Vec<Quote> = rates.filter_map(|rate| parcel.quote(rate)).collect();
    sort(&mut quotes, asked.sorting);
    let all = quotes.len();
    let before = (asked.page - 1).saturating_mul(asked.limit);
    let shown: Vec<Value> = quotes
        .iter()
        .skip(before)
        .take(asked.limit)
        .map(|quote| pricing(parcel, quote))
        .collect();
    let pagination = json!({
        "current_page": asked.page,
        "current_elements": shown.len(),
        "total_pages": all.div_ceil(asked.limit),
        "total_elements": all,
        "sort_by": sorted_by(asked.sorting),
    });
    Answer::page(data(parcel, &shown), pagination)
}

fn data(parcel: &Parcel, pricings: &[Value]) -> Value {
    let mut data = json!({
        "origin": parcel.origin.priced(),
        "destination": parcel.destination.priced(),
        "pricings": pricings,
    });
    let unserved = rates::logistics()
        .iter()
        .filter(|logistic| !parcel.is_served_by(logistic.id));
    let errors: Vec<Value> = unserved.map(|logistic| not_served(logistic)).collect();
    if let Value::Object(fields) = &mut data
        && !errors.is_empty()
    {
        fields.insert("pricing_errors".to_owned(), json!(errors));
    }
    data
}

fn not_served(logistic: &Logistic) -> Value {
    json!({
        "code": NOT_SERVED,
        "message": format!("{} does not serve this route", logistic.name),
        "logistic_id": logistic.id,
    })
}

fn pricing(parcel: &Parcel, quote: &Quote) -> Value {
    let (rate, logistic) = (quote.rate, quote.rate.logistic);
    json!({
        "logistic": {
            "id": logistic.id,
            "name": logistic.name,
            "logo_url": "",
            "code": logistic.code,
            "company_name": logistic.company_name,
        },
        "rate": {
            "id": rate.id,
            "name": rate.name,
            "type": rate.kind.name(),
            "description": rate.name,
            "full_description": "",
            "is_hubless": false,
        },
        "weight": parcel.weight.number(),
        "volume": parcel.volume.number(),
        "volume_weight": parcel.volume.weight(rate.volumetric),
        "final_weight": quote.final_weight,
        "min_day": quote.leg.min_day,
        "max_day": quote.leg.max_day,
        "unit_price": quote.leg.unit_price,
        "total_price": quote.total_price,
        "discount": 0,
        "discount_value": 0,
        "discounted_price": quote.total_price,
        "insurance_fee": quote.insurance_fee,
        "must_use_insurance": quote.must_use_insurance,
        "liability_value": rate.liability_value,
        "final_price": quote.final_price(),
        "currency": "IDR",
        "insurance_applied": quote.insurance_applied,
        "base_price": quote.total_price,
        "surcharge_fee": 0,
    })
}

fn sort(quotes: &mut [Quote], sorting: Sorting) {
    match sorting {
        Sorting::ByTime => {
            quotes.sort_by_key(|quote| (quote.leg.min_day, quote.leg.max_day, quote.final_price()));
        }
        Sorting::ByPrice => quotes.sort_by_key(Quote::final_price),
    }
}

fn sorted_by(sorting: Sorting) -> &'static [&'static str] {
    match sorting {
        Sorting::ByTime => &["delivery_time", "final_price"],
        Sorting::ByPrice => &["final_price"],
    }
}
