//! The account's reasons for a return. In Shipway each account has its own reasons.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::refusal::Refusal;

/// As (id, reason).
const REASONS: [(u32, &str); 4] = [
    (41_011, "Wrong product received"),
    (41_012, "Size does not fit"),
    (41_013, "Damaged on arrival"),
    (41_014, "No longer needed"),
];

pub(super) fn is_known(id: &str) -> bool {
    REASONS.iter().any(|(known, _)| known.to_string() == id)
}

/// `GET Getreturnreasons`.
#[expect(clippy::unnecessary_wraps, reason = "all other operations can refuse")]
pub(super) fn all(_: &Shipway, _: &VendorRequest) -> Result<Value, Refusal> {
    let reasons: Value = REASONS
        .iter()
        .map(|(id, reason)| json!({ "id": id, "reason": reason }))
        .collect();
    Ok(json!({ "success": 1, "error": "", "message": reasons }))
}
