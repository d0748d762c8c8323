//! Requests to a RMS Magic aggregator: one URL of the account's for each call, and the account's credentials.

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use serde::Serialize;
use url::Url;

use crate::domain::account::LogisticAccount;
use crate::outbound::client::Request;
use crate::partners::failure::Failure;

pub(super) const GENERATE_LABEL: &str = "generateShippingLabel";

pub(super) const GET_LABEL: &str = "getShippingLabel";

pub(super) const GENERATE_RETURN: &str = "generateReturnAwb";

pub(super) const GET_RETURN: &str = "getReturnAwb";

pub(super) const GET_COURIERS: &str = "getCouriers";

pub(super) fn account_url(account: &LogisticAccount, name: &'static str) -> Result<Url, Failure> {
    account
        .urls
        .get(name)
        .cloned()
        .ok_or(Failure::NotConfigured(name))
}

pub(super) fn post(account: &LogisticAccount, url: Url, body: &impl Serialize) -> Request {
    let mut headers = credentials(account);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Request {
        method: Method::POST,
        url,
        headers,
        body: Some(serde_json::to_vec(body).unwrap_or_default()),
    }
}

pub(super) fn get(account: &LogisticAccount, url: Url) -> Request {
    Request {
        method: Method::GET,
        url,
        headers: credentials(account),
        body: None,
    }
}

fn credentials(account: &LogisticAccount) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let names = [
        ("authDomainName", HeaderName::from_static("authdomainname")),
        ("authUsername", HeaderName::from_static("authusername")),
        ("authPassword", HeaderName::from_static("authpassword")),
    ];
    for (credential, header) in names {
        let value = account.credentials.get(credential);
        if let Some(Ok(mut value)) =
            value.map(|value| HeaderValue::from_bytes(value.expose_secret().as_bytes()))
        {
            value.set_sensitive(true);
            headers.insert(header, value);
        }
    }
    headers
}
