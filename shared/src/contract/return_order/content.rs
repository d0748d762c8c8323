//! Detects whether two requests for the same return order are the same request.

use crate::digest::{Sha256, hex};
use crate::domain::returning::return_order::ReturnOrder;

/// A digest of everything that the client said.
pub fn return_digest(order: &ReturnOrder) -> String {
    let order = serde_json::to_vec(order).unwrap_or_default();
    hex(&Sha256::digest(order))
}
