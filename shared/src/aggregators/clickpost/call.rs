//! Requests to Clickpost: URLs and authentication.

use serde::Serialize;
use url::Url;

use crate::domain::account::{PartnerAccount, Region};
use crate::outbound::client::OutboundRequest;
use crate::partners::account::credential;
use crate::partners::failure::PartnerFailure;
use crate::partners::{account, request};

const BASE_URL: &str = "https://www.clickpost.in/api";
/// The host of the predictions. An account's `baseUrl` replaces it too.
const PREDICTIONS_URL: &str = "https://ds.clickpost.in/api";

/// The path for creating and reading orders.
pub(super) fn orders(region: Region) -> &'static str {
    match region {
        Region::Domestic => "v3/create-order/",
        Region::International => "v4/create-order/",
    }
}

/// A POST request with JSON.
pub(super) fn post(
    account: PartnerAccount<'_>,
    path: &str,
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    Ok(request::post(endpoint(account, path)?, body))
}

/// A POST request for predictions.
pub(super) fn predictions(
    account: PartnerAccount<'_>,
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    let path = "v2/predicted_sla_api/";
    let url = with_credentials(account, account::endpoint(account, PREDICTIONS_URL, path)?)?;
    Ok(request::post(url, body))
}

/// A GET request with a query.
pub(super) fn get(
    account: PartnerAccount<'_>,
    path: &str,
    query: &[(&str, &str)],
) -> Result<OutboundRequest, PartnerFailure> {
    let mut url = endpoint(account, path)?;
    url.query_pairs_mut().extend_pairs(query);
    Ok(request::get(url))
}

/// A call's URL with the account's credentials.
pub(super) fn endpoint(account: PartnerAccount<'_>, path: &str) -> Result<Url, PartnerFailure> {
    with_credentials(account, account::endpoint(account, BASE_URL, path)?)
}

fn with_credentials(account: PartnerAccount<'_>, mut url: Url) -> Result<Url, PartnerFailure> {
    url.query_pairs_mut()
        .append_pair("username", credential(account, "username")?)
        .append_pair("key", credential(account, "key")?);
    Ok(url)
}
