//! Requests to a shop: URLs and queries. `session` authenticates and sends them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

use crate::channels::magento::account::{BASE_URL, Way, store_code, way};
use crate::domain::account::ChannelAccount;
use crate::outbound::client::OutboundRequest;
use crate::partners::account::url;
use crate::partners::failure::PartnerFailure;
use crate::partners::request;
use crate::partners::transport::Operation;

/// All but the unreserved characters, in queries and signatures: a shop that signs differs with `+` for a blank.
pub(super) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Statuses that `session` judges: a refusal says in its body whether the credentials are wrong or lack a right.
const JUDGED: &[u16] = &[401];

/// A name and value of a query.
pub(super) type Pair = (String, String);

/// An operation that only reads.
pub(super) const fn reads(name: &'static str) -> Operation {
    Operation {
        judged: JUDGED,
        ..Operation::reads(name)
    }
}

/// An operation that changes something.
pub(super) const fn changes(name: &'static str) -> Operation {
    Operation {
        judged: JUDGED,
        ..Operation::creates(name)
    }
}

/// A GET request. `path` is what follows `/V1/`.
pub(super) fn get(
    account: &ChannelAccount,
    path: &[&str],
    query: &[Pair],
) -> Result<OutboundRequest, PartnerFailure> {
    let mut url = of(account, path)?;
    if !query.is_empty() {
        let pairs: Vec<String> = query.iter().map(pair).collect();
        url.set_query(Some(&pairs.join("&")));
    }
    Ok(request::get(url))
}

/// A POST request.
pub(super) fn post(
    account: &ChannelAccount,
    path: &[&str],
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    Ok(request::post(of(account, path)?, body))
}

/// A POST request without a body.
pub(super) fn post_nothing(
    account: &ChannelAccount,
    path: &[&str],
) -> Result<OutboundRequest, PartnerFailure> {
    Ok(request::post_nothing(of(account, path)?))
}

/// A PUT request.
pub(super) fn put(
    account: &ChannelAccount,
    path: &[&str],
    body: &impl Serialize,
) -> Result<OutboundRequest, PartnerFailure> {
    Ok(request::put(of(account, path)?, body))
}

fn pair((name, value): &Pair) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

/// The text with all but the unreserved characters encoded.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The URL of a path below `/V1/`. Each part is encoded, so that a SKU with a slash is one part.
pub(super) fn of(account: &ChannelAccount, path: &[&str]) -> Result<Url, PartnerFailure> {
    if matches!(way(account), Some(Way::Cloud(_))) {
        return below(account, &["V1"], path);
    }
    below(account, &["rest", store_code(account), "V1"], path)
}

/// The URL that issues tokens for admins, of any store view.
pub(super) fn admin_tokens(account: &ChannelAccount) -> Result<Url, PartnerFailure> {
    below(account, &["rest", "V1"], &["integration", "admin", "token"])
}

fn below(account: &ChannelAccount, root: &[&str], path: &[&str]) -> Result<Url, PartnerFailure> {
    let mut url = url(account.as_partner(), BASE_URL)?;
    url.set_query(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(root).extend(path);
    }
    Ok(url)
}
