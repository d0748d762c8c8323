//! The account's warehouses.

use serde_json::{Map, Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::fields::Parameters;
use crate::shipway::refusal::Refusal;

/// As (id, title, city, state, pincode); the first is the default.
const WAREHOUSES: [(&str, &str, &str, &str, &str); 2] = [
    ("6201", "Whitefield", "Bengaluru", "Karnataka", "560066"),
    ("6202", "Bhiwandi", "Thane", "Maharashtra", "421302"),
];

/// The city of a warehouse; the id if this account does not have the warehouse.
pub(super) fn city(id: &str) -> &str {
    WAREHOUSES
        .iter()
        .find(|(known, ..)| *known == id)
        .map_or(id, |(_, _, city, ..)| city)
}

/// `GET getwarehouses`: an object by id; an unknown id is a success with a text.
#[expect(clippy::unnecessary_wraps, reason = "all other operations can refuse")]
pub(super) fn find(_: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let parameters = Parameters::of(request.uri());
    let wanted = parameters.get("warehouseid");
    let found: Map<String, Value> = WAREHOUSES
        .iter()
        .filter(|(id, ..)| wanted.is_none_or(|wanted| wanted == *id))
        .map(|&(id, title, city, state, pincode)| {
            (id.to_owned(), warehouse(id, title, [city, state, pincode]))
        })
        .collect();
    let message = if found.is_empty() {
        json!("No warehouse found")
    } else {
        Value::Object(found)
    };
    Ok(json!({ "success": 1, "error": "", "message": message }))
}

fn warehouse(id: &str, title: &str, [city, state, pincode]: [&str; 3]) -> Value {
    let default = WAREHOUSES.first().is_some_and(|(first, ..)| *first == id);
    json!({
        "warehouse_id": id,
        "title": title,
        "company": "Example Brand",
        "contact_person_name": "Warehouse Desk",
        "email": "warehouse@brand.example",
        "phone": "9000000001",
        "phone_print": "9000000001",
        "address_1": "1 Example Road",
        "address_2": "",
        "city": city,
        "state": state,
        "country": "India",
        "pincode": pincode,
        "longitude": "",
        "latitude": "",
        "gst_no": "",
        "fssai_code": "",
        "default": if default { "1" } else { "0" },
    })
}
