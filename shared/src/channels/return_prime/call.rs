//! Requests to Return Prime: URLs and authentication.

use reqwest::header::{HeaderName, HeaderValue};

use crate::domain::account::PartnerAccount;
use crate::outbound::client::OutboundRequest;
use crate::partners::account::{credential, endpoint};
use crate::partners::failure::PartnerFailure;
use crate::partners::request;

/// Return Prime's host, unless the account has another one.
const BASE_URL: &str = "https://api.returnprime.co";
/// The path of the requests.
pub(super) const REQUESTS: &str = "return-exchange/v2";
/// The credential with the store's token.
pub(super) const STORE_TOKEN: &str = "storeToken";
const TOKEN: HeaderName = HeaderName::from_static("x-rp-token");

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
    let mut request = request::get(url);
    let mut token = HeaderValue::try_from(credential(account, STORE_TOKEN)?)
        .map_err(|_| PartnerFailure::NotConfigured(STORE_TOKEN))?;
    token.set_sensitive(true);
    request.headers.insert(TOKEN, token);
    Ok(request)
}
