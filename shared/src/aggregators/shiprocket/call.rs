//! Requests to Shiprocket. All except the login use a session.

use serde::Serialize;

use crate::aggregators::call::AggregatorCall;
use crate::domain::account::{PartnerAccount, Region};
use crate::outbound::client::OutboundRequest;
use crate::partners::account::endpoint;
use crate::partners::failure::PartnerFailure;
use crate::partners::request;

const BASE_URL: &str = "https://apiv2.shiprocket.in/v1/external";

/// A POST request with JSON.
pub(super) fn post(
    account: PartnerAccount<'_>,
    path: &str,
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    Ok(request::post(endpoint(account, BASE_URL, path)?, body))
}

/// A GET request with a query.
pub(super) fn get(
    account: PartnerAccount<'_>,
    path: &str,
    query: &[(&str, String)],
) -> Result<OutboundRequest, PartnerFailure> {
    let mut url = endpoint(account, BASE_URL, path)?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(request::get(url))
}

/// A path in the account's region: international parcels have their own paths.
pub(super) fn in_region(call: AggregatorCall<'_>, path: &str) -> String {
    match call.account.region {
        Region::Domestic => path.to_owned(),
        Region::International => format!("international/{}", path.trim_end_matches('/')),
    }
}
