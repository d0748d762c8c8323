//! Makes calls to a partner, and notes whether it takes the credentials of the account, so that operators are told when that
//! changes. Only the result of all calls counts: an adapter renews a token that has expired.

use std::future::Future;

use futures::future::join;

use crate::clock;
use crate::domain::account::PartnerAccount;
use crate::partners::failure::PartnerFailure;
use crate::store::booking::sessions::Sessions;
use crate::store::failure::StoreFailure;

/// Makes the calls, whose success proves the credentials.
pub(in crate::flows) async fn noted<T>(
    sessions: &Sessions,
    account: PartnerAccount<'_>,
    calls: impl Future<Output = Result<T, PartnerFailure>>,
) -> Result<T, PartnerFailure> {
    noted_if(sessions, account, |_| true, calls).await
}

/// Makes the calls, of which only some results prove the credentials.
pub(in crate::flows) async fn noted_if<T>(
    sessions: &Sessions,
    account: PartnerAccount<'_>,
    is_proof: impl Fn(&T) -> bool,
    calls: impl Future<Output = Result<T, PartnerFailure>>,
) -> Result<T, PartnerFailure> {
    // Read side by side with the calls, which take longer.
    let (result, learned) = join(calls, sessions.learn_standing(account)).await;
    let is_refused = match &result {
        Ok(result) if is_proof(result) => false,
        Err(PartnerFailure::BadCredentials) => true,
        Ok(_) | Err(_) => return result,
    };
    let noted = match learned {
        Ok(()) => {
            sessions
                .note_standing(account, is_refused, clock::now())
                .await
        }
        Err(failure) => Err(failure),
    };
    noted.unwrap_or_else(|failure| warn(&failure));
    result
}

/// Makes the calls of a check, which somebody may ask for because another instance noted a refusal within the minute: what this
/// instance knows is read again.
pub(in crate::flows) async fn checked<P>(
    sessions: &Sessions,
    account: PartnerAccount<'_>,
    calls: impl Future<Output = Result<Vec<P>, PartnerFailure>>,
) -> Result<Vec<P>, PartnerFailure> {
    sessions.forget_standing(account);
    noted_if(sessions, account, Vec::is_empty, calls).await
}

/// The calls do not fail because of it; the next one notes the same.
fn warn(failure: &StoreFailure) {
    let error = crate::telemetry::chain(failure);
    tracing::warn!(error, "standing of the account not recorded");
}
