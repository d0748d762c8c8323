//! Counts the purchases whose outcome is unknown, for the metric that wakes an operator.

use crate::store::booking::shipments::Shipments;
use crate::telemetry::metrics::{self, Metric};

/// Counts them. A failure is logged: the next run counts again.
pub async fn count_uncertain(shipments: &Shipments) {
    match shipments.count_uncertain().await {
        Ok(uncertain) => metrics::count(Metric::ClaimsUncertain, uncertain),
        Err(failure) => {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "uncertain purchases not counted");
        }
    }
}
