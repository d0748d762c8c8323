//! The credentials and URLs of an account, as calls use them.

use secrecy::ExposeSecret;
use url::Url;

use crate::domain::account::PartnerAccount;
use crate::partners::failure::PartnerFailure;

/// The optional URL of an account that replaces the partner's own host.
const BASE_URL: &str = "baseUrl";

/// A credential of the account.
pub fn credential<'a>(
    account: PartnerAccount<'a>,
    name: &'static str,
) -> Result<&'a str, PartnerFailure> {
    let credential = account.credentials.get(name);
    credential
        .map(ExposeSecret::expose_secret)
        .ok_or(PartnerFailure::NotConfigured(name))
}

/// A URL of the account.
pub fn url(account: PartnerAccount<'_>, name: &'static str) -> Result<Url, PartnerFailure> {
    let url = account.urls.get(name).cloned();
    url.ok_or(PartnerFailure::NotConfigured(name))
}

/// The URL of a call: its path appended to the account's `baseUrl`, or to the partner's default.
pub fn endpoint(
    account: PartnerAccount<'_>,
    partners_own: &str,
    path: &str,
) -> Result<Url, PartnerFailure> {
    let mut url = match account.urls.get(BASE_URL) {
        Some(url) => url.clone(),
        None => partners_own
            .parse()
            .map_err(|_| PartnerFailure::NotConfigured(BASE_URL))?,
    };
    url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_path_is_appended_to_any_base_url() {
        for (base, expected) in [
            (None, "https://partner.example/api/v1/orders/"),
            (Some("http://127.0.0.1:1"), "http://127.0.0.1:1/v1/orders/"),
            (
                Some("http://127.0.0.1:1/a/b//"),
                "http://127.0.0.1:1/a/b/v1/orders/",
            ),
            (
                Some("http://127.0.0.1:1/a?tenant=7"),
                "http://127.0.0.1:1/a/v1/orders/?tenant=7",
            ),
        ] {
            let urls: BTreeMap<String, Url> = base
                .map(|base| (BASE_URL.to_owned(), base.parse().unwrap()))
                .into_iter()
                .collect();
            let account = PartnerAccount {
                client_id: &"client-1".parse().unwrap(),
                alias: &"account-1".parse().unwrap(),
                kind: crate::domain::account::PartnerKind::Aggregator,
                partner: "OTHER",
                credentials: &BTreeMap::new(),
                urls: &urls,
            };
            let called = endpoint(account, "https://partner.example/api", "v1/orders/");
            assert_eq!(called.unwrap().as_str(), expected);
            let missing = credential(account, "key").unwrap_err();
            assert!(matches!(missing, PartnerFailure::NotConfigured("key")));
        }
    }
}
