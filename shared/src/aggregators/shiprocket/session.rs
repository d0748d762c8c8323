//! Calls with a session. A token is valid for ten days. A refused token is replaced and the call is repeated once; this
//! is also safe for creating calls, because a call with a refused token has no effect.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use crate::aggregators::shiprocket::call::post;
use crate::aggregators::shiprocket::wire::{Login, ShiprocketAnswer};
use crate::outbound::client::OutboundRequest;
use crate::partners::account::credential;
use crate::partners::call::PartnerCall;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, PartnerAnswer, exchange};

const LOG_IN: Operation = Operation::reads("log_in");
/// A token is valid for ten days; the last day is a reserve for clock differences and long calls.
const TOKEN_LIVES: Duration = Duration::from_hours(9 * 24);
/// Like 401 and 403, a 402 means that a new login is required.
const WANTS_LOG_IN: u16 = 402;

/// Makes a call with the account's token, or with a new one.
pub(super) async fn ask(
    call: PartnerCall<'_>,
    operation: Operation,
    request: OutboundRequest,
) -> Result<PartnerAnswer, PartnerFailure> {
    let Some(token) = call.sessions.token(call.account, None).await else {
        let token = log_in(call).await?;
        return send(call, operation, request, &token).await;
    };
    match send(call, operation, request.clone(), &token).await {
        Err(PartnerFailure::BadCredentials) => {}
        Ok(answered) if answered.status() == WANTS_LOG_IN => {
            answered
                .read(|_| Err::<(), _>(PartnerFailure::BadCredentials))
                .ok();
        }
        answered => return answered,
    }
    let renewed = call.sessions.token(call.account, Some(&token)).await;
    let token = match renewed {
        Some(token) => token,
        None => log_in(call).await?,
    };
    send(call, operation, request, &token).await
}

async fn send(
    call: PartnerCall<'_>,
    operation: Operation,
    mut request: OutboundRequest,
    token: &SecretString,
) -> Result<PartnerAnswer, PartnerFailure> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        .map_err(|_| PartnerFailure::BadCredentials)?;
    bearer.set_sensitive(true);
    request.headers.insert(AUTHORIZATION, bearer);
    exchange(call, operation, request).await
}

/// Gets and stores a new token.
pub(super) async fn log_in(call: PartnerCall<'_>) -> Result<SecretString, PartnerFailure> {
    let login = Login {
        email: credential(call.account, "email")?,
        password: credential(call.account, "password")?,
    };
    let request = post(call.account, "auth/login", &login)?;
    let answered = exchange(call, LOG_IN, request).await?;
    let token = answered.read(|reply| match reply.status {
        200..=299 => {
            let token = ShiprocketAnswer::of(reply).and_then(|answer| answer.text("/token"));
            token.map(SecretString::from).ok_or(LOG_IN.unclear())
        }
        400 | 402 | 422 => Err(PartnerFailure::BadCredentials),
        _ => Err(LOG_IN.unclear()),
    })?;
    call.sessions.keep(call.account, &token, TOKEN_LIVES).await;
    Ok(token)
}
