//! Sessions of partners that require a login: a token is stored for all instances until it expires or is refused.

use std::time::Duration;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::domain::account::PartnerAccount;

/// Stores sessions. The caller of an adapter provides it.
///
/// Neither method fails: a session that cannot be read or stored only costs a login.
pub trait KeepsSessions: Send + Sync + std::fmt::Debug {
    /// The account's token, unless it is the one that the partner has just refused.
    fn token<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>>;

    /// Stores a new token until it expires.
    fn keep<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        token: &'a SecretString,
        lives: Duration,
    ) -> BoxFuture<'a, ()>;
}
