//! Requests to Clickpost: where they go, and the account's proof on them.

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use serde::Serialize;
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::outbound::client::Request;
use crate::partners::failure::Failure;

const BASE_URL: &str = "https://www.clickpost.in/api";

/// The call that makes and fetches orders.
pub(super) fn orders(region: Region) -> &'static str {
    match region {
        Region::Domestic => "v3/create-order/",
        Region::International => "v4/create-order/",
    }
}

/// A call's URL with the account's proof.
pub(super) fn endpoint(account: &LogisticAccount, path: &str) -> Result<Url, Failure> {
    let mut url = match account.urls.get("baseUrl") {
        Some(base) => base.clone(),
        None => BASE_URL
            .parse()
            .map_err(|_| Failure::NotConfigured("baseUrl"))?,
    };
    let credential = |name: &'static str| {
        let found = account.credentials.get(name);
        found.ok_or(Failure::NotConfigured(name))
    };
    let (username, key) = (credential("username")?, credential("key")?);
    url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
    url.query_pairs_mut()
        .append_pair("username", username.expose_secret())
        .append_pair("key", key.expose_secret());
    Ok(url)
}

/// A POST of JSON.
pub(super) fn post(url: Url, body: &impl Serialize) -> Request {
    let mut headers = accepting_json();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Request {
        method: Method::POST,
        url,
        headers,
        body: Some(serde_json::to_vec(body).unwrap_or_default()),
    }
}

/// A GET.
pub(super) fn get(url: Url) -> Request {
    Request {
        method: Method::GET,
        url,
        headers: accepting_json(),
        body: None,
    }
}

fn accepting_json() -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))])
}
