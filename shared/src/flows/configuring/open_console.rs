//! Opens the console: a key or a one-time link becomes a session, and a session a caller.

use jiff::Timestamp;

use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::client::Caller;
use crate::domain::console::{ConsoleLink, ConsoleSession};
use crate::flows::failure::FlowFailure;
use crate::random;
use crate::store::configuring::api_keys::ApiKeys;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::console_seals::ConsoleSeals;
use crate::store::configuring::used_links::UsedLinks;

/// The dependencies of opening the console.
#[derive(Debug)]
pub struct ConsoleDependencies {
    /// The keys that sessions are of.
    pub api_keys: ApiKeys,
    /// Seals sessions and opens links.
    pub seals: ConsoleSeals,
    /// The links that were opened.
    pub used_links: UsedLinks,
    /// The audit log.
    pub audit: AuditLog,
}

/// A new session.
#[derive(Debug)]
pub struct OpenedConsole {
    /// The session.
    pub session: ConsoleSession,
    /// The value of its cookie.
    pub sealed: String,
}

/// Opens a session with an API key; `None` if the key is unknown, revoked or expired.
pub async fn with_key(
    console: &ConsoleDependencies,
    api_key: &str,
    now: Timestamp,
) -> Result<Option<OpenedConsole>, FlowFailure> {
    let Some(key) = console.api_keys.caller(api_key, now).await? else {
        return Ok(None);
    };
    let session = ConsoleSession::of_key(&key, random::secret_hex()?, now);
    let change = Change::of(
        AuditSubject::ConsoleSession,
        key.key_id.clone(),
        Action::Created,
    );
    console
        .audit
        .keep(console.audit.record(&key, change, now)?)
        .await?;
    sealed(console, session).await.map(Some)
}

/// Opens a session with a one-time link; `None` if RMS did not make the link, it was opened before, it has expired, or its
/// key was revoked.
pub async fn with_link(
    console: &ConsoleDependencies,
    text: &str,
    now: Timestamp,
) -> Result<Option<OpenedConsole>, FlowFailure> {
    let Some(link) = console.seals.open_link(text).await? else {
        return Ok(None);
    };
    let key = console
        .api_keys
        .caller_named(&link.client_id, &link.key_id, now)
        .await?;
    let Some(key) = key else {
        return Ok(None);
    };
    if !open_once(console, &link, &key, now).await? {
        let entry = console
            .audit
            .record(&key, of(&link, Action::Refused), now)?;
        console.audit.keep(entry).await?;
        return Ok(None);
    }
    let session = ConsoleSession::of_link(&link, &key, random::secret_hex()?, now);
    sealed(console, session).await.map(Some)
}

async fn open_once(
    console: &ConsoleDependencies,
    link: &ConsoleLink,
    key: &Caller,
    now: Timestamp,
) -> Result<bool, FlowFailure> {
    if link.expires_at <= now {
        return Ok(false);
    }
    let entry = console.audit.record(key, of(link, Action::Opened), now)?;
    Ok(console.used_links.open(link, entry).await?)
}

fn of(link: &ConsoleLink, action: Action) -> Change {
    Change::of(AuditSubject::ConsoleLink, link.id.clone(), action)
}

async fn sealed(
    console: &ConsoleDependencies,
    session: ConsoleSession,
) -> Result<OpenedConsole, FlowFailure> {
    let sealed = console.seals.seal_session(&session).await?;
    Ok(OpenedConsole { session, sealed })
}

/// The session of a cookie with its caller; `None` if there is no such session, it has ended, or its key was revoked, which
/// takes up to a minute to be seen.
pub async fn with_session(
    console: &ConsoleDependencies,
    text: &str,
    now: Timestamp,
) -> Result<Option<(ConsoleSession, Caller)>, FlowFailure> {
    let session = console.seals.open_session(text).await?;
    let Some(session) = session.filter(|session| session.ends_at > now) else {
        return Ok(None);
    };
    let key = console
        .api_keys
        .caller_named(&session.client_id, &session.key_id, now)
        .await?;
    Ok(key.map(|key| {
        let caller = session.caller(key);
        (session, caller)
    }))
}
