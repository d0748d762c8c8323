//! Shipway's calls: where they go and what every one of them carries.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use serde::Serialize;
use url::Url;

use crate::domain::account::LogisticAccount;
use crate::outbound::client::Request;
use crate::partners::failure::Failure;

/// Where Shipway is, if the account does not say otherwise.
const BASE_URL: &str = "https://app.shipway.com/api";
/// The credential that is the account's e-mail address.
pub(super) const EMAIL: &str = "email";
/// The credential that is its licence key.
pub(super) const LICENSE_KEY: &str = "licenseKey";

/// A call with a body.
pub(super) fn post(
    account: &LogisticAccount,
    path: &str,
    body: &impl Serialize,
) -> Result<Request, Failure> {
    let mut headers = headers(account)?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(Request {
        method: Method::POST,
        url: address(account.urls.get("baseUrl"), path)?,
        headers,
        body: Some(serde_json::to_vec(body).unwrap_or_default()),
    })
}

/// A call with a query.
pub(super) fn get(
    account: &LogisticAccount,
    path: &str,
    query: &[(&str, String)],
) -> Result<Request, Failure> {
    let mut url = address(account.urls.get("baseUrl"), path)?;
    url.query_pairs_mut().extend_pairs(query);
    Ok(Request {
        method: Method::GET,
        url,
        headers: headers(account)?,
        body: None,
    })
}

/// Where a call goes.
pub(super) fn address(base: Option<&Url>, path: &str) -> Result<Url, Failure> {
    let base = base.map_or(BASE_URL, Url::as_str).trim_end_matches('/');
    let address = format!("{base}/{path}").parse();
    address.map_err(|_| Failure::NotConfigured("baseUrl"))
}

fn headers(account: &LogisticAccount) -> Result<HeaderMap, Failure> {
    let credential = |name: &'static str| {
        let credential = account
            .credentials
            .get(name)
            .map(ExposeSecret::expose_secret);
        credential.ok_or(Failure::NotConfigured(name))
    };
    let pair = format!("{}:{}", credential(EMAIL)?, credential(LICENSE_KEY)?);
    let mut basic = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| Failure::NotConfigured(EMAIL))?;
    basic.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, basic);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(headers)
}
