//! Requests to a RMS Magic aggregator: each call has its own URL in the account.

use reqwest::header::{HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::domain::account::PartnerAccount;
use crate::outbound::client::OutboundRequest;
use crate::partners::account::url;
use crate::partners::failure::PartnerFailure;
use crate::partners::request;

pub(super) const GENERATE_LABEL: &str = "generateShippingLabel";
pub(super) const GET_LABEL: &str = "getShippingLabel";
pub(super) const GENERATE_RETURN: &str = "generateReturnAwb";
pub(super) const GET_RETURN: &str = "getReturnAwb";
pub(super) const GET_COURIERS: &str = "getCouriers";

/// A POST request to the URL with this name.
pub(super) fn post(
    account: PartnerAccount<'_>,
    name: &'static str,
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    Ok(proved(account, request::post(url(account, name)?, body)))
}

/// A GET request to the URL with this name, with a query.
pub(super) fn get(
    account: PartnerAccount<'_>,
    name: &'static str,
    query: &[(&str, &str)],
) -> Result<OutboundRequest, PartnerFailure> {
    let mut url = url(account, name)?;
    url.query_pairs_mut().extend_pairs(query);
    Ok(proved(account, request::get(url)))
}

fn proved(account: PartnerAccount<'_>, mut request: OutboundRequest) -> OutboundRequest {
    let names = [
        ("authDomainName", HeaderName::from_static("authdomainname")),
        ("authUsername", HeaderName::from_static("authusername")),
        ("authPassword", HeaderName::from_static("authpassword")),
    ];
    for (credential, header) in names {
        let value = account.credentials.get(credential);
        if let Some(Ok(mut value)) =
            value.map(|value| HeaderValue::from_bytes(value.expose_secret().as_bytes()))
        {
            value.set_sensitive(true);
            request.headers.insert(header, value);
        }
    }
    request
}
