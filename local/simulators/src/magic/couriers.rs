//! The aggregator's couriers and its recommendations.

use serde_json::{Value, json};

use crate::magic::fields::Reader;
use crate::magic::refusal::Refusal;

/// Best first, as (courierId, courierName).
const COURIERS: [(i64, &str); 3] = [(1001, "Delhivery"), (1002, "Fedex"), (1003, "Bluedart")];

/// The courier used instead of an unknown one.
const FALLBACK: &str = "Delhivery";

/// A pincode that no courier serves.
const UNSERVED_PINCODE: &str = "000000";

/// The name of a courier.
pub(super) fn name(courier_id: i64) -> &'static str {
    COURIERS
        .iter()
        .find(|(id, _)| *id == courier_id)
        .map_or(FALLBACK, |(_, name)| name)
}

/// Answers `getCouriers`. The document marks no field as mandatory; this simulator requires the two pincodes.
pub(super) fn recommend(body: &Value) -> Result<Value, Refusal> {
    let mut reader = Reader::of(body);
    reader.text("/pickupPincode");
    let drop_pincode = reader.text("/dropPincode");
    reader.finish()?;
    let couriers: Vec<Value> = if drop_pincode == UNSERVED_PINCODE {
        Vec::new()
    } else {
        (1..)
            .zip(COURIERS)
            .map(|(priority, courier)| recommended(courier, priority))
            .collect()
    };
    Ok(json!({ "couriers": couriers }))
}

fn recommended((id, name): (i64, &str), priority: u8) -> Value {
    json!({ "courierId": id, "courierName": name, "priority": priority })
}
