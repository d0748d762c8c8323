//! Calls under a session. A token lives ten days; one that is refused is replaced, and the call is repeated once, which
//! is safe for creating calls too: a call that was refused for its token had no effect.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::aggregators::shiprocket::wire::{Answer, Login};
use crate::domain::account::LogisticAccount;
use crate::outbound::client::{Reply, Request};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange, exchange_judging};

const BASE_URL: &str = "https://apiv2.shiprocket.in/v1/external";
const LOG_IN: &str = "auth/login";
/// A token lives ten days; its last one is left to clocks and long calls.
const TOKEN_LIVES: Duration = Duration::from_hours(9 * 24);
/// Beside 401 and 403, a 402 too asks for a new log-in.
const WANTS_LOG_IN: u16 = 402;

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

/// Makes a call with the account's token, or with a new one.
pub(super) async fn ask(call: Call<'_>, ask: &Ask<'_>) -> Result<Reply, Failure> {
    let Some(token) = call.sessions.token(call.account, None).await else {
        let token = log_in(call).await?;
        return send(call, ask, &token).await;
    };
    match send(call, ask, &token).await {
        Err(Failure::BadCredentials) => {}
        Ok(reply) if reply.status == WANTS_LOG_IN => {}
        answered => return answered,
    }
    let renewed = call.sessions.token(call.account, Some(&token)).await;
    let token = match renewed {
        Some(token) => token,
        None => log_in(call).await?,
    };
    send(call, ask, &token).await
}

async fn send(call: Call<'_>, ask: &Ask<'_>, token: &SecretString) -> Result<Reply, Failure> {
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

/// A new token, which is kept.
pub(super) async fn log_in(call: Call<'_>) -> Result<SecretString, Failure> {
    let login = Login {
        email: credential(call.account, "email")?,
        password: credential(call.account, "password")?,
    };
    let request = Request {
        method: Method::POST,
        url: url(call.account, LOG_IN)?,
        headers: headers(true),
        body: Some(serde_json::to_vec(&login).unwrap_or_default()),
    };
    let reply = exchange(call, request, Effect::Reads).await?;
    match reply.status {
        200..=299 => {}
        400 | 402 | 422 => return Err(Failure::BadCredentials),
        _ => return Err(Failure::Unreadable),
    }
    let token = Answer::of(&reply).and_then(|answer| answer.text("/token"));
    let token = SecretString::from(token.ok_or(Failure::Unreadable)?);
    call.sessions.keep(call.account, &token, TOKEN_LIVES).await;
    Ok(token)
}

fn credential<'a>(account: &'a LogisticAccount, name: &'static str) -> Result<&'a str, Failure> {
    let credential = account.credentials.get(name);
    credential
        .map(ExposeSecret::expose_secret)
        .ok_or(Failure::NotConfigured(name))
}

/// The base URL with the path behind it.
fn url(account: &LogisticAccount, path: &str) -> Result<Url, Failure> {
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

fn headers(has_body: bool) -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::from_iter([(ACCEPT, json.clone())]);
    if has_body {
        headers.insert(CONTENT_TYPE, json);
    }
    headers
}
