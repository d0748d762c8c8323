//! Sessions with aggregators, stored in their table for all instances.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::clock;
use crate::domain::account::PartnerAccount;
use crate::partners::session::KeepsSessions;
use crate::store::booking::sessions::{Session, Sessions};

impl KeepsSessions for Sessions {
    fn token<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>> {
        async move {
            let now = clock::now();
            let is_good = |session: &Session| {
                refused
                    .is_none_or(|refused| refused.expose_secret() != session.token.expose_secret())
            };
            let session = match self.remembered(account, now).filter(is_good) {
                Some(session) => Some(session),
                None => kept(self, account, now).await.filter(is_good),
            };
            session.map(|session| session.token)
        }
        .boxed()
    }

    fn keep<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        token: &'a SecretString,
        lives: Duration,
    ) -> BoxFuture<'a, ()> {
        async move {
            let session = Session {
                token: token.clone(),
                ends_at: clock::now() + lives,
            };
            if let Err(failure) = Sessions::keep(self, account, &session).await {
                tracing::warn!(
                    error = crate::telemetry::chain(&failure),
                    "session with the partner not stored"
                );
            }
        }
        .boxed()
    }
}

async fn kept(sessions: &Sessions, account: PartnerAccount<'_>, now: Timestamp) -> Option<Session> {
    sessions.read(account, now).await.unwrap_or_else(|failure| {
        tracing::warn!(
            error = crate::telemetry::chain(&failure),
            "session with the partner not read: logging in again"
        );
        None
    })
}
