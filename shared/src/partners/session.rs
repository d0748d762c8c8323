//! Sessions at aggregators that want a log-in: a token is kept across instances until it ends or is refused.

use std::time::Duration;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::domain::account::LogisticAccount;

/// Where sessions are kept. It is the other half of the port: whoever calls an adapter provides it.
///
/// Neither method fails: a session that cannot be read or kept costs a log-in, not the work.
pub trait KeepsSessions: Send + Sync + std::fmt::Debug {
    /// The account's token, unless it is the one that the aggregator has just refused.
    fn token<'a>(
        &'a self,
        account: &'a LogisticAccount,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>>;

    /// Keeps a new token for as long as it lives.
    fn keep<'a>(
        &'a self,
        account: &'a LogisticAccount,
        token: &'a SecretString,
        lives: Duration,
    ) -> BoxFuture<'a, ()>;
}
