//! How long the tests wait, so that one that fails does not hang.

use std::future::Future;
use std::time::Duration;

/// An answer or a delivery that takes longer has failed. Longer than the longest answer may take, so that a late one is
/// seen as late.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// Anything that takes longer has failed, the start of functions included.
const LONGEST: Duration = Duration::from_mins(1);

/// Fails instead of hanging.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONGEST, what)
        .await
        .expect("it takes too long")
}
