//! Calls under a session. A token lives ten days; one that is refused is replaced, and the call is repeated once, which
//! is safe for creating calls too: a call that was refused for its token had no effect.

use std::time::Duration;

use reqwest::Method;
use secrecy::SecretString;

use crate::aggregators::shiprocket::call::{Ask, credential, headers, send, url};
use crate::aggregators::shiprocket::wire::{Answer, Login};
use crate::outbound::client::{Reply, Request};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

const LOG_IN: &str = "auth/login";
/// A token lives ten days; its last one is left to clocks and long calls.
const TOKEN_LIVES: Duration = Duration::from_hours(9 * 24);
/// Beside 401 and 403, a 402 too asks for a new log-in.
const WANTS_LOG_IN: u16 = 402;

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
