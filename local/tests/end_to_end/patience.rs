//! Time limits of the tests, so that a failing test does not hang.

use std::future::Future;
use std::time::Duration;

/// Time limit for an answer or a delivery. It is longer than the longest permitted answer time, so that a late answer is
/// reported as late, and than the half minute after which a message of a killed function is visible again, three times over:
/// a busy machine is no failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Time limit for anything, including the start of functions.
const LONGEST: Duration = Duration::from_mins(2);

/// Fails instead of hanging.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONGEST, what)
        .await
        .expect("timed out")
}
