//! Records that a partner refused the credentials of an account, for the people who can replace them.
//!
//! It never fails the work that was refused: what cannot be stored is only logged.

use crate::clock;
use crate::domain::account::PartnerAccount;
use crate::store::booking::sessions::Sessions;

/// Records a refusal.
pub(in crate::flows) async fn note(sessions: &Sessions, account: PartnerAccount<'_>) {
    // In the heap: it happens rarely, and must not make every call larger.
    let noted = Box::pin(sessions.note_refusal(account, clock::now())).await;
    if let Err(failure) = noted {
        let error = crate::telemetry::chain(&failure);
        tracing::warn!(error, "refused credentials not recorded");
    }
}

/// Forgets the refusals of an account whose credentials were replaced or are known to work.
pub(in crate::flows) async fn forget(sessions: &Sessions, account: PartnerAccount<'_>) {
    if let Err(failure) = sessions.forget_refusals(account, clock::now()).await {
        let error = crate::telemetry::chain(&failure);
        tracing::warn!(error, "refused credentials not forgotten");
    }
}
