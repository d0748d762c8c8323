//! Signs requests as `aws-sigv4` does (Signature Version 4), for one service in one region. The signing key depends on the
//! day only, and is kept.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use jiff::tz::Offset;
use ring::hmac::{self, HMAC_SHA256, Key};

use crate::clock;
use crate::digest::{Sha256, push_hex};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
/// How long credentials without an expiry are used before they are asked for again: the same as in the SDK.
const KEPT_FOR: Duration = Duration::from_mins(15);
/// Credentials are asked for again this long before they expire: the same as in the SDK.
const BEFORE_EXPIRY: Duration = Duration::from_secs(10);

/// A signer.
#[derive(Debug)]
pub(super) struct Signer {
    service: &'static str,
    region: String,
    provider: SharedCredentialsProvider,
    kept: Mutex<Option<Kept>>,
}

/// Credentials with the key that was made of them.
#[derive(Clone)]
struct Kept {
    id: String,
    token: Option<HeaderValue>,
    credentials: Arc<Credentials>,
    until: Timestamp,
    day: String,
    key: Key,
}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kept").finish_non_exhaustive()
    }
}

impl Signer {
    pub(super) fn new(
        service: &'static str,
        region: &str,
        provider: SharedCredentialsProvider,
    ) -> Self {
        Self {
            service,
            region: region.to_owned(),
            provider,
            kept: Mutex::new(None),
        }
    }

    /// Signs a `POST` to `/` with these headers, which include the host, and adds the signature to them. `None` without
    /// credentials.
    pub(super) async fn sign(&self, headers: &mut HeaderMap, body: &[u8]) -> Option<()> {
        self.sign_at(clock::now(), headers, body).await
    }

    /// Asks for the credentials again at the next request.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    async fn sign_at(&self, at: Timestamp, headers: &mut HeaderMap, body: &[u8]) -> Option<()> {
        let time = amazon_time(at);
        let day = time.get(..8)?;
        let kept = self.kept_at(at, day).await?;
        headers.insert(DATE, HeaderValue::from_str(&time).ok()?);
        if let Some(token) = &kept.token {
            headers.insert(TOKEN, token.clone());
        }
        let (canonical, names) = canonical(headers, body)?;
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let mut signed = format!("{ALGORITHM}\n{time}\n{scope}\n");
        push_hex(&mut signed, &Sha256::digest(&canonical));
        let mut value = format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature=",
            kept.id
        );
        push_hex(
            &mut value,
            hmac::sign(&kept.key, signed.as_bytes()).as_ref(),
        );
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        Some(())
    }

    async fn kept_at(&self, at: Timestamp, day: &str) -> Option<Kept> {
        let kept = self.lock().clone().filter(|kept| at < kept.until);
        let kept = match kept {
            Some(kept) if kept.day == day => return Some(kept),
            Some(kept) => self.keyed(kept.credentials, kept.until, day)?,
            None => {
                let credentials = self.provider.provide_credentials().await.ok()?;
                let until = until(&credentials, at)?;
                self.keyed(credentials.into(), until, day)?
            }
        };
        *self.lock() = Some(kept.clone());
        Some(kept)
    }

    fn keyed(&self, credentials: Arc<Credentials>, until: Timestamp, day: &str) -> Option<Kept> {
        let secret = format!("AWS4{}", credentials.secret_access_key());
        let parts = [day, &self.region, self.service, "aws4_request"];
        let key = |key: &[u8]| Key::new(HMAC_SHA256, key);
        let next = |before: Key, part: &&str| key(hmac::sign(&before, part.as_bytes()).as_ref());
        let token = credentials.session_token().map(HeaderValue::from_str);
        let mut token = token.transpose().ok()?;
        if let Some(token) = &mut token {
            token.set_sensitive(true);
        }
        Some(Kept {
            id: credentials.access_key_id().to_owned(),
            token,
            until,
            day: day.to_owned(),
            key: parts.iter().fold(key(secret.as_bytes()), next),
            credentials,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When to ask for credentials again.
fn until(credentials: &Credentials, at: Timestamp) -> Option<Timestamp> {
    match credentials.expiry() {
        Some(expiry) => Timestamp::try_from(expiry)
            .ok()?
            .checked_sub(BEFORE_EXPIRY)
            .ok(),
        None => at.checked_add(KEPT_FOR).ok(),
    }
}

/// The request in the form that is signed, and the names of the signed headers: all that are there.
fn canonical(headers: &HeaderMap, body: &[u8]) -> Option<(String, String)> {
    let mut sorted: Vec<(&str, &str)> = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        sorted.push((name.as_str(), value.to_str().ok()?.trim()));
    }
    sorted.sort_unstable();
    let mut canonical = String::with_capacity(1024);
    canonical.push_str("POST\n/\n\n");
    let mut names = String::with_capacity(128);
    for (name, value) in sorted {
        for part in [name, ":", value, "\n"] {
            canonical.push_str(part);
        }
        if !names.is_empty() {
            names.push(';');
        }
        names.push_str(name);
    }
    for part in ["\n", &names, "\n"] {
        canonical.push_str(part);
    }
    push_hex(&mut canonical, &Sha256::digest(body));
    Some((canonical, names))
}

/// A time as `20261130T055203Z`.
fn amazon_time(at: Timestamp) -> String {
    let at = Offset::UTC.to_datetime(at);
    let mut time = String::with_capacity(16);
    // Writing to a string cannot fail.
    let _ = write!(
        time,
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    time
}

#[cfg(test)]
mod tests;
