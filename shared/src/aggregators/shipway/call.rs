//! Requests to Shipway: URLs and authentication.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::Serialize;

use crate::domain::account::PartnerAccount;
use crate::outbound::client::OutboundRequest;
use crate::partners::account::{credential, endpoint};
use crate::partners::failure::PartnerFailure;
use crate::partners::request;

/// Shipway's URL, unless the account has another one.
pub(super) const BASE_URL: &str = "https://app.shipway.com/api";
/// The credential with the account's e-mail address.
pub(super) const EMAIL: &str = "email";
/// The credential with the account's licence key.
pub(super) const LICENSE_KEY: &str = "licenseKey";

/// A POST request with JSON.
pub(super) fn post(
    account: PartnerAccount<'_>,
    path: &str,
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    let url = endpoint(account, BASE_URL, path)?;
    proved(account, request::post(url, body))
}

/// A GET request with a query.
pub(super) fn get(
    account: PartnerAccount<'_>,
    path: &str,
    query: &[(&str, String)],
) -> Result<OutboundRequest, PartnerFailure> {
    let mut url = endpoint(account, BASE_URL, path)?;
    url.query_pairs_mut().extend_pairs(query);
    proved(account, request::get(url))
}

fn proved(
    account: PartnerAccount<'_>,
    mut request: OutboundRequest,
) -> Result<OutboundRequest, PartnerFailure> {
    let email = credential(account, EMAIL)?;
    let pair = format!("{email}:{}", credential(account, LICENSE_KEY)?);
    let mut basic = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| PartnerFailure::NotConfigured(EMAIL))?;
    basic.set_sensitive(true);
    request.headers.insert(AUTHORIZATION, basic);
    Ok(request)
}
