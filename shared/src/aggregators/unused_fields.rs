//! Logs which optional fields of a booking were not used as the aggregator sent them.

use crate::contract::optional_fields::OptionalFields;

/// Logs their names, never their values.
pub fn log_unused(optional: &OptionalFields) {
    let unused = optional.unused();
    if !unused.is_empty() {
        let fields = unused.join(", ");
        tracing::warn!(fields, "fields of a booking dropped or cut");
    }
}
