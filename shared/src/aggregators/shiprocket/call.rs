//! Shiprocket's calls: where they go and what every one of them carries.

use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::outbound::client::{Reply, Request};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange_judging};

const BASE_URL: &str = "https://apiv2.shiprocket.in/v1/external";

/// One call. Its body may be about people, so it is never printed.
pub(super) struct Ask<'a> {
    /// GET or POST.
    pub(super) method: Method,
    /// Below the base URL.
    pub(super) path: &'a str,
    /// The query.
    pub(super) query: Vec<(&'static str, String)>,
    /// The JSON that is sent.
    pub(super) body: Option<Vec<u8>>,
    /// What it does.
    pub(super) effect: Effect,
    /// The 5xx statuses by which Shiprocket refuses this call.
    pub(super) refused_by: &'static [u16],
}

impl<'a> Ask<'a> {
    /// A call that reads.
    pub(super) fn get(path: &'a str, query: Vec<(&'static str, String)>) -> Self {
        Self {
            method: Method::GET,
            path,
            query,
            body: None,
            effect: Effect::Reads,
            refused_by: &[],
        }
    }

    /// A call that creates.
    pub(super) fn post(path: &'a str, body: &impl Serialize) -> Self {
        Self {
            method: Method::POST,
            path,
            query: Vec::new(),
            body: Some(serde_json::to_vec(body).unwrap_or_default()),
            effect: Effect::Creates,
            refused_by: &[],
        }
    }
}

/// A path of the account's name space: parcels that cross a border have their own.
pub(super) fn in_region(call: Call<'_>, path: &str) -> String {
    match call.account.region {
        Region::Domestic => path.to_owned(),
        Region::International => format!("international/{}", path.trim_end_matches('/')),
    }
}

pub(super) async fn send(
    call: Call<'_>,
    ask: &Ask<'_>,
    token: &SecretString,
) -> Result<Reply, Failure> {
    let mut url = url(call.account, ask.path)?;
    if !ask.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&ask.query);
    }
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        .map_err(|_| Failure::BadCredentials)?;
    bearer.set_sensitive(true);
    let mut headers = headers(ask.body.is_some());
    headers.insert(AUTHORIZATION, bearer);
    let request = Request {
        method: ask.method.clone(),
        url,
        headers,
        body: ask.body.clone(),
    };
    exchange_judging(call, request, ask.effect, ask.refused_by).await
}

pub(super) fn credential<'a>(
    account: &'a LogisticAccount,
    name: &'static str,
) -> Result<&'a str, Failure> {
    let credential = account.credentials.get(name);
    credential
        .map(ExposeSecret::expose_secret)
        .ok_or(Failure::NotConfigured(name))
}

/// The base URL with the path behind it.
pub(super) fn url(account: &LogisticAccount, path: &str) -> Result<Url, Failure> {
    const NAME: &str = "baseUrl";
    let mut url = match account.urls.get(NAME) {
        Some(url) => url.clone(),
        None => BASE_URL.parse().map_err(|_| Failure::NotConfigured(NAME))?,
    };
    url.path_segments_mut()
        .map_err(|()| Failure::NotConfigured(NAME))?
        .pop_if_empty()
        .extend(path.split('/'));
    Ok(url)
}

pub(super) fn headers(has_body: bool) -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::from_iter([(ACCEPT, json.clone())]);
    if has_body {
        headers.insert(CONTENT_TYPE, json);
    }
    headers
}
