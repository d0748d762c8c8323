//! Predicted days of delivery: a list of routes, and for each the days of every courier after the pickup tomorrow.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, ToSpan as _};
use serde_json::{Map, Value, json};

use crate::clickpost::couriers::{self, Courier};
use crate::clickpost::fields::Reader;
use crate::clickpost::order_request::is_served;
use crate::clickpost::refusal::{BAD_REQUEST, Refusal};
use crate::clock;
use crate::ways::Direction;

/// The couriers with predictions. One that is recommended, 55, has none.
const PREDICTED: [i64; 4] = [3, 4, 5, 6];

/// Answers a request.
pub(super) fn predict(body: &Value) -> Result<Value, Refusal> {
    let Some(entries) = body.as_array().filter(|entries| !entries.is_empty()) else {
        let message = "the data must be a list of at least one route";
        return Err(Refusal::of(BAD_REQUEST, message));
    };
    let routes = (0..).zip(entries).map(|(index, entry)| read(index, entry));
    let routes: Vec<Route> = routes.collect::<Result<_, _>>()?;
    let results: Vec<Value> = routes.iter().map(Route::answer).collect();
    Ok(json!({
        "meta": { "status": 200, "message": "SUCCESS", "success": true },
        "result": results,
    }))
}

/// One entry of the list.
struct Route {
    drop_pincode: String,
    /// The only courier asked about.
    courier: Option<i64>,
}

fn read(index: usize, entry: &Value) -> Result<Route, Refusal> {
    let mut reader = Reader::within(entry, format!("[{index}]."))?;
    reader.digits("pickup_pincode", &(6..=6));
    let drop_pincode = reader.digits("drop_pincode", &(6..=6));
    let courier = reader.at("optional.cp_id").and_then(Value::as_i64);
    reader.finish()?;
    Ok(Route {
        drop_pincode,
        courier,
    })
}

impl Route {
    fn answer(&self) -> Value {
        let predictions: Vec<_> = self
            .couriers()
            .map(|courier| (courier, days(courier)))
            .collect();
        let fastest = predictions.iter().min_by_key(|(_, days)| *days);
        let slowest = predictions.iter().map(|(_, [_, most])| most).max();
        let map: Map<String, Value> = predictions
            .iter()
            .map(|(courier, days)| (courier.cp_id.to_string(), json!(days)))
            .collect();
        json!({
            "predicted_sla_min": fastest.map(|(_, [fewest, _])| fewest),
            "predicted_sla_max": slowest,
            "all_map": map,
            "min_sla_cp_id": fastest.map(|(courier, _)| courier.cp_id),
            "pickup_date": pickup_date().to_string(),
        })
    }

    fn couriers(&self) -> impl Iterator<Item = &'static Courier> {
        let served = is_served(&self.drop_pincode);
        PREDICTED
            .iter()
            .filter(move |cp_id| served && self.courier.is_none_or(|only| only == **cp_id))
            .filter_map(|cp_id| couriers::by_id(*cp_id))
            .filter(|courier| courier.goes(Direction::Forward))
    }
}

/// The days after the pickup, which differ from courier to courier.
fn days(courier: &Courier) -> [i64; 2] {
    let fewest = 2 + courier.cp_id % 3;
    [fewest, fewest + 1]
}

/// Tomorrow in India.
fn pickup_date() -> Date {
    let five_hours_ahead = Offset::constant(5).to_datetime(clock::instant());
    let in_india = five_hours_ahead.saturating_add(SignedDuration::from_mins(30));
    in_india.date().saturating_add(1.day())
}
