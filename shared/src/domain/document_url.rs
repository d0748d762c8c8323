//! The URLs of documents. Aggregators choose them, and clients get them, so they never contain a password.

use serde::{Deserialize, Deserializer};
use url::Url;

/// Replaces a user name and a password in a URL: it shows that the document needs a login, which RMS does not have.
const REMOVED: &str = "***";

/// Whether it is an absolute http or https URL.
pub fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Whether it contains a user name or a password.
pub fn has_login(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The URL without the user name and the password that it may contain.
#[must_use]
pub fn without_login(mut url: Url) -> Url {
    if has_login(&url) {
        // Both can only fail for a URL without a host, which has no login either.
        let _ = url.set_password(None);
        let _ = url.set_username(REMOVED);
    }
    url
}

/// Reads a stored URL: items of earlier versions may contain passwords.
pub fn stored<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let url = Option::<Url>::deserialize(deserializer)?;
    Ok(url.map(without_login))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_and_a_password_are_removed() {
        for (url, expected) in [
            ("https://a.example/1?x=y", "https://a.example/1?x=y"),
            ("https://rms:s3cret@a.example/1", "https://***@a.example/1"),
            (
                "https://token@a.example:8443/1",
                "https://***@a.example:8443/1",
            ),
            ("https://:s3cret@a.example/1", "https://***@a.example/1"),
            ("https://***@a.example/1", "https://***@a.example/1"),
        ] {
            let url = without_login(url.parse().unwrap());
            assert_eq!(url.as_str(), expected);
        }
    }
}
