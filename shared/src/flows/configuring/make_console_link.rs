//! Makes a one-time link that opens a console of the caller's client.

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::console_link::LinkRequest;
use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::client::Caller;
use crate::domain::console::ConsoleLink;
use crate::flows::failure::FlowFailure;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::console_seals::ConsoleSeals;

/// A new link.
#[derive(Debug)]
pub struct MadeLink {
    /// The last part of its URL.
    pub sealed: String,
    /// When it can no longer be opened.
    pub expires_at: Timestamp,
}

/// Makes a link with scopes that the caller itself has, which can be opened no longer than the caller's key lives. Only its
/// audit entry is stored.
pub async fn make_console_link(
    seals: &ConsoleSeals,
    audit: &AuditLog,
    caller: &Caller,
    request: LinkRequest,
    now: Timestamp,
) -> Result<MadeLink, FlowFailure> {
    if let Some(scope) = caller.lacks(&request.scopes) {
        return Err(FlowFailure::LacksScope(scope));
    }
    let wanted = now + request.open_for;
    let link = ConsoleLink {
        id: format!("lnk_{}", Uuid::now_v7().simple()),
        client_id: caller.client_id.clone(),
        key_id: caller.key_id.clone(),
        scopes: request.scopes,
        expires_at: caller.latest_end(Some(wanted)).unwrap_or(wanted),
    };
    let change = Change {
        fields: vec!["scopes".to_owned(), "minutes".to_owned()],
        ..Change::of(AuditSubject::ConsoleLink, link.id.clone(), Action::Created)
    };
    audit.keep(audit.record(caller, change, now)?).await?;
    Ok(MadeLink {
        sealed: seals.seal_link(&link).await?,
        expires_at: link.expires_at,
    })
}
