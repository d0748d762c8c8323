//! The aggregator's couriers and its recommendations.

use serde_json::{Value, json};

use crate::magic::fields::Reader;
use crate::magic::refusal::Refusal;

/// Best first, as (courierId, courierName).
const COURIERS: [(i64, &str); 3] = [(1001, "Delhivery"), (1002, "Fedex"), (1003, "Bluedart")];

/// The courier used instead of an unknown one.
const FALLBACK: &str = "Delhivery";

/// Pincodes that no courier serves: no place has them. The second one has the form of a pincode.
const UNSERVED_PINCODES: [&str; 2] = ["000000", "999999"];

/// The name of a courier.
pub(super) fn name(courier_id: i64) -> &'static str {
    COURIERS
        .iter()
        .find(|(id, _)| *id == courier_id)
        .map_or(FALLBACK, |(_, name)| name)
}

/// Answers `getCouriers`. The document marks no field as mandatory; this simulator requires the two pincodes, which are null
/// only in a country that has none.
pub(super) fn recommend(body: &Value) -> Result<Value, Refusal> {
    let mut reader = Reader::of(body);
    reader.pincode("pickup");
    let drop_pincode = reader.pincode("drop");
    reader.finish()?;
    let couriers: Vec<Value> = if UNSERVED_PINCODES.contains(&drop_pincode.as_str()) {
        Vec::new()
    } else {
        (1..)
            .zip(COURIERS)
            .map(|(priority, courier)| recommended(courier, priority))
            .collect()
    };
    Ok(json!({ "couriers": couriers }))
}

impl Reader<'_> {
    fn pincode(&mut self, end: &str) -> String {
        let country = self.optional_text(&format!("/{end}CountryCode"));
        let told = self.optional_text(&format!("/{end}Pincode"));
        match (told, country.as_deref()) {
            (None, Some(code)) if code != "IN" => String::new(),
            _ => self.text(&format!("/{end}Pincode")),
        }
    }
}

fn recommended((id, name): (i64, &str), priority: u8) -> Value {
    json!({ "courierId": id, "courierName": name, "priority": priority })
}
