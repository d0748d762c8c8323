//! Creates and revokes API keys of a client.

use jiff::Timestamp;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use crate::contract::api_key::KeyRequest;
use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::client::{ApiKey, Caller};
use crate::flows::failure::FlowFailure;
use crate::random::{self, NoRandomness};
use crate::store::configuring::api_keys::ApiKeys;
use crate::store::configuring::audit::AuditLog;

/// The prefix of keys, which lets secret scanners recognise leaked keys.
const PREFIX: &str = "rms_";

/// A new key. It cannot be read again.
#[derive(Debug)]
pub struct Minted {
    /// The key.
    pub api_key: SecretString,
    /// Its description.
    pub described: ApiKey,
}

/// Creates a key with scopes that the caller's own key has, and that expires no later than it.
pub async fn mint_api_key(
    api_keys: &ApiKeys,
    audit: &AuditLog,
    caller: &Caller,
    request: KeyRequest,
    now: Timestamp,
) -> Result<Minted, FlowFailure> {
    if let Some(scope) = caller.lacks(&request.scopes) {
        return Err(FlowFailure::LacksScope(scope));
    }
    let api_key = new_key()?;
    let described = ApiKey {
        id: new_id(),
        label: request.label,
        scopes: request.scopes,
        created_at: now,
        expires_at: caller.latest_end(request.expires_at),
        last_used_on: None,
    };
    let mut fields = vec!["label", "scopes"];
    fields.extend(described.expires_at.map(|_| "expiresAt"));
    let recorded = audit.record(caller, change(&described.id, Action::Created, &fields), now)?;
    api_keys
        .save(&api_key, &caller.client_id, &described, recorded)
        .await?;
    Ok(Minted { api_key, described })
}

/// Revokes a key of the caller's client. Within a minute it is no longer accepted.
pub async fn revoke_api_key(
    api_keys: &ApiKeys,
    audit: &AuditLog,
    caller: &Caller,
    key_id: &str,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let recorded = audit.record(caller, change(key_id, Action::Deleted, &[]), now)?;
    if api_keys.revoke(&caller.client_id, key_id, recorded).await? {
        Ok(())
    } else {
        Err(FlowFailure::NotFound("key not found"))
    }
}

/// Generates a key of 256 random bits.
pub fn new_key() -> Result<SecretString, NoRandomness> {
    let bytes = Zeroizing::new(random::secret_bytes()?);
    let mut key = String::with_capacity(PREFIX.len() + 2 * bytes.len());
    key.push_str(PREFIX);
    for byte in bytes.iter() {
        for digit in [byte >> 4, byte & 0xf] {
            key.extend(char::from_digit(digit.into(), 16));
        }
    }
    Ok(key.into())
}

/// Generates a key id; ids sort by time.
pub fn new_id() -> String {
    format!("key_{}", Uuid::now_v7().simple())
}

fn change(id: &str, action: Action, fields: &[&str]) -> Change {
    Change {
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Change::of(AuditSubject::ApiKey, id.to_owned(), action)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_key_is_256_unique_bits_and_is_not_printed() {
        let (one, other) = (new_key().unwrap(), new_key().unwrap());
        assert_ne!(one.expose_secret(), other.expose_secret());
        let digits = one.expose_secret().strip_prefix("rms_").unwrap();
        assert!(digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert!(!format!("{one:?}").contains(digits));
    }
}
