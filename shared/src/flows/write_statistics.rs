//! Writes what this instance has counted, at the end of its work.

use std::time::Duration;

use tokio::time::timeout;

use crate::clock;
use crate::store::statistics::Statistics;

/// No work waits longer for its statistics.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes what is due. It never fails the work that was counted: what cannot be written is only logged.
pub async fn write_statistics(statistics: &Statistics) {
    // In the heap: most calls have nothing to write.
    let writing = Box::pin(statistics.write_if_due(clock::now()));
    match timeout(PATIENCE, writing).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "statistics not written");
        }
        Err(_) => tracing::warn!("statistics not written in time"),
    }
}
