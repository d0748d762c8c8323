//! Authenticated calls. A token that is issued for a log-in is kept for all instances; if it is refused, the call is repeated
//! once with a new one. This is also safe for calls that change something, because a refused call has no effect.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::{Url, form_urlencoded};
use uuid::Uuid;

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::{Cloud, TOKEN_URL, Way, store_code, way};
use crate::channels::magento::call::admin_tokens;
use crate::channels::magento::refusal;
use crate::channels::magento::sign::{Once, authorization};
use crate::outbound::client::{OutboundRequest, Reply};
use crate::partners::failure::PartnerFailure;
use crate::partners::request;
use crate::partners::transport::{Operation, PartnerAnswer, exchange};

const LOG_IN: Operation = Operation {
    judged: &[401],
    ..Operation::reads("log_in")
};
/// A shop's admin token is valid for four hours unless its settings say otherwise; then it is refused and renewed.
const ADMIN_TOKEN_LIVES: Duration = Duration::from_mins(3 * 60 + 30);
/// Where Adobe's cloud service issues tokens.
const CLOUD_TOKENS: &str = "https://ims-na1.adobelogin.com/ims/token/v3";
/// What a token of Adobe's cloud service must be good for.
const SCOPE: &str = "openid,AdobeID,email,profile,additional_info.roles,additional_info.projectedProductContext,commerce.accs";
/// The reserve for clock differences and long calls.
const RESERVE: Duration = Duration::from_mins(10);

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const ORGANIZATION: HeaderName = HeaderName::from_static("x-gw-ims-org-id");
const STORE: HeaderName = HeaderName::from_static("store");

/// Makes an authenticated call.
pub(super) async fn ask(
    call: ChannelCall<'_>,
    operation: Operation,
    request: OutboundRequest,
) -> Result<PartnerAnswer, PartnerFailure> {
    let way = present_way(call)?;
    if !logs_in(way) {
        return admitted(send(call, operation, request, way, None).await?);
    }
    let (account, sessions) = (call.partner.account, call.partner.sessions);
    let Some(token) = sessions.token(account, None).await else {
        let token = new_token(call, way).await?;
        return admitted(send(call, operation, request, way, Some(&token)).await?);
    };
    let sent = send(call, operation, request.clone(), way, Some(&token)).await;
    match sent.and_then(admitted) {
        Err(PartnerFailure::BadCredentials | PartnerFailure::LacksRight(_)) => {}
        answered => return answered,
    }
    let token = match sessions.token(account, Some(&token)).await {
        Some(renewed) => renewed,
        None => new_token(call, way).await?,
    };
    admitted(send(call, operation, request, way, Some(&token)).await?)
}

/// The way of the account.
pub(super) fn present_way(call: ChannelCall<'_>) -> Result<Way<'_>, PartnerFailure> {
    way(call.account).ok_or(PartnerFailure::NotConfigured("credentials"))
}

/// Whether a token is issued for a log-in.
pub(super) fn logs_in(way: Way<'_>) -> bool {
    match way {
        Way::Signed(_) | Way::Bearer(_) => false,
        Way::Admin { .. } | Way::Cloud(_) => true,
    }
}

/// Sends a request with the credentials of the account, or with the token that was issued for them.
pub(super) async fn send(
    call: ChannelCall<'_>,
    operation: Operation,
    mut request: OutboundRequest,
    way: Way<'_>,
    token: Option<&SecretString>,
) -> Result<PartnerAnswer, PartnerFailure> {
    let token = token.map(ExposeSecret::expose_secret).unwrap_or_default();
    let authorization = match way {
        Way::Signed(integration) => {
            let nonce = Uuid::new_v4().simple().to_string();
            let (nonce, now) = (nonce.as_str(), call.partner.now);
            let once = Once { nonce, now };
            authorization(integration, &request.method, &request.url, once)
        }
        Way::Bearer(token) => format!("Bearer {token}"),
        Way::Admin { .. } => format!("Bearer {token}"),
        Way::Cloud(cloud) => {
            request.headers.insert(API_KEY, header(cloud.client_id)?);
            let organization = header(cloud.organization_id)?;
            request.headers.insert(ORGANIZATION, organization);
            let store = header(store_code(call.account))?;
            request.headers.insert(STORE, store);
            format!("Bearer {token}")
        }
    };
    let authorization = header(&authorization)?;
    request.headers.insert(AUTHORIZATION, authorization);
    exchange(call.partner, operation, request).await
}

fn header(value: &str) -> Result<HeaderValue, PartnerFailure> {
    let value = HeaderValue::try_from(value);
    let mut value = value.map_err(|_| PartnerFailure::NotConfigured("valid credentials"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// An answer that is no refusal of the credentials.
fn admitted(answer: PartnerAnswer) -> Result<PartnerAnswer, PartnerFailure> {
    if answer.status() == 401 {
        answer.read(|reply| Err(refusal::unauthorised(reply)))
    } else {
        Ok(answer)
    }
}

/// A new token for a call; it is kept.
async fn new_token(call: ChannelCall<'_>, way: Way<'_>) -> Result<SecretString, PartnerFailure> {
    log_in(call, way).await.map_err(|failure| {
        if matches!(failure, PartnerFailure::Refused(_)) {
            PartnerFailure::BadCredentials
        } else {
            failure
        }
    })
}

/// Logs in; the token is kept. A refusal says why.
pub(super) async fn log_in(
    call: ChannelCall<'_>,
    way: Way<'_>,
) -> Result<SecretString, PartnerFailure> {
    let (token, lives) = match way {
        Way::Admin { username, password } => admin_token(call, username, password).await?,
        Way::Cloud(cloud) => cloud_token(call, cloud).await?,
        Way::Signed(_) | Way::Bearer(_) => return Err(PartnerFailure::BadCredentials),
    };
    let sessions = call.partner.sessions;
    sessions.keep(call.partner.account, &token, lives).await;
    Ok(token)
}

type Issued = (SecretString, Duration);

async fn admin_token(
    call: ChannelCall<'_>,
    username: &str,
    password: &str,
) -> Result<Issued, PartnerFailure> {
    let body = json!({ "username": username, "password": password });
    let request = request::post(admin_tokens(call.account)?, &body);
    let answer = exchange(call.partner, LOG_IN, request).await?;
    answer.read(|reply| {
        let token: String = issued(reply)?;
        Ok((token.into(), ADMIN_TOKEN_LIVES))
    })
}

async fn cloud_token(call: ChannelCall<'_>, cloud: Cloud<'_>) -> Result<Issued, PartnerFailure> {
    #[derive(Deserialize)]
    struct Token {
        access_token: String,
        #[serde(default)]
        expires_in: u64,
    }
    let url = match call.account.urls.get(TOKEN_URL) {
        Some(url) => url.clone(),
        None => CLOUD_TOKENS
            .parse::<Url>()
            .map_err(|_| PartnerFailure::NotConfigured(TOKEN_URL))?,
    };
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", cloud.client_id)
        .append_pair("client_secret", cloud.client_secret)
        .append_pair("scope", SCOPE)
        .finish();
    let mut request = request::post_bytes(url, form.into_bytes());
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers.insert(CONTENT_TYPE, kind);
    let answer = exchange(call.partner, LOG_IN, request).await?;
    answer.read(|reply| {
        let token: Token = issued(reply)?;
        let lives = Duration::from_secs(token.expires_in).saturating_sub(RESERVE);
        Ok((token.access_token.into(), lives))
    })
}

fn issued<'a, T: Deserialize<'a>>(reply: &'a Reply) -> Result<T, PartnerFailure> {
    if (200..300).contains(&reply.status) {
        serde_json::from_slice(&reply.body).map_err(|_| PartnerFailure::Unreadable)
    } else {
        Err(refusal::refused(reply))
    }
}
