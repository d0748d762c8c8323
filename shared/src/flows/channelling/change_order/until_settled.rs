//! Waits for the effect of an earlier attempt.

use futures::future::BoxFuture;
use tokio::time::sleep;

use crate::clock;
use crate::domain::selling::write_claim::wait_before_resend;
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::failure::ChangeFailure;

/// Looks for the effect of an attempt that was sent at `sent_at` until it is seen, or until it would be visible: then there is none,
/// and the change may be sent again. If the request has not so much time, the caller repeats it.
pub(super) async fn until_settled<'a, T>(
    order: ChannelOrderDesk<'_>,
    sent_at: i64,
    // Boxed: the compiler cannot prove that the future of an asynchronous closure may change threads.
    look: impl Fn() -> BoxFuture<'a, Result<Option<T>, ChangeFailure>> + Sync,
) -> Result<Option<T>, ChangeFailure> {
    let waits = order.dependencies.waits;
    loop {
        // The time before the look counts: an effect after it is not seen by it.
        let left = wait_before_resend(sent_at, clock::now(), waits.settles_within);
        if let Some(effect) = look().await? {
            return Ok(Some(effect));
        }
        if left.is_zero() {
            return Ok(None);
        }
        if left + waits.least_for_sending > order.open.deadline.remaining() {
            return Err(ChangeFailure::Unsettled(left));
        }
        sleep(left.min(waits.between_looks)).await;
    }
}
