//! Sessions at partners that require a log-in: a token is kept across instances until it ends or is refused.

use std::time::Duration;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::domain::account::PartnerAccount;

/// Where sessions are kept. The caller of an adapter provides it.
///
/// Neither method fails: a session that cannot be read or kept costs a log-in, not the work.
pub trait KeepsSessions: Send + Sync + std::fmt::Debug {
    /// The account's token, unless it is the one that the partner has just refused.
    fn token<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>>;

    /// Keeps a new token for as long as it lives.
    fn keep<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        token: &'a SecretString,
        lives: Duration,
    ) -> BoxFuture<'a, ()>;
}
