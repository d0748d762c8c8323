//! Requests to Shipper: URLs and the API key.

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde::Serialize;
use url::Url;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::shipper::account::{API_KEY, is_sandbox};
use crate::outbound::client::OutboundRequest;
use crate::partners::account::{credential, endpoint};
use crate::partners::failure::PartnerFailure;
use crate::partners::request;

const PRODUCTION: &str = "https://merchant-api.shipper.id";
const SANDBOX: &str = "https://merchant-api-sandbox.shipper.id";
const VERSION: &str = "v3";
const KEY_HEADER: &str = "x-api-key";

/// A POST request with JSON. A part of the path may have any characters.
pub(super) fn post(
    call: AggregatorCall<'_>,
    path: &[&str],
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    proved(call, request::post(url(call, path)?, body))
}

/// A GET request.
pub(super) fn get(
    call: AggregatorCall<'_>,
    path: &[&str],
) -> Result<OutboundRequest, PartnerFailure> {
    proved(call, request::get(url(call, path)?))
}

/// A DELETE request with JSON.
pub(super) fn delete(
    call: AggregatorCall<'_>,
    path: &[&str],
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    let request = OutboundRequest {
        method: Method::DELETE,
        ..request::post(url(call, path)?, body)
    };
    proved(call, request)
}

fn url(call: AggregatorCall<'_>, path: &[&str]) -> Result<Url, PartnerFailure> {
    let own = if is_sandbox(call.account) {
        SANDBOX
    } else {
        PRODUCTION
    };
    let mut url = endpoint(call.partner.account, own, VERSION)?;
    url.path_segments_mut()
        .map_err(|()| PartnerFailure::NotConfigured("baseUrl"))?
        .extend(path);
    Ok(url)
}

fn proved(
    call: AggregatorCall<'_>,
    mut request: OutboundRequest,
) -> Result<OutboundRequest, PartnerFailure> {
    let key = credential(call.partner.account, API_KEY)?;
    let mut key = HeaderValue::try_from(key).map_err(|_| PartnerFailure::NotConfigured(API_KEY))?;
    key.set_sensitive(true);
    request.headers.insert(KEY_HEADER, key);
    Ok(request)
}
