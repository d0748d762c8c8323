//! What an account of a RMS Magic aggregator has, and a try of it: a look-up of an order that does not exist.

use crate::aggregators::rms_magic::call::{
    GENERATE_LABEL, GENERATE_RETURN, GET_COURIERS, GET_LABEL, GET_RETURN, get,
};
use crate::domain::form::{AccountProblem, Entry, Form};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

/// An order number that nobody has.
const NOBODY_S: &str = "RMS-CHECK";

/// What accounts have.
pub(super) static FORM: Form = Form {
    credentials: &[
        Entry {
            name: "authDomainName",
            help: "sent as the header authDomainName, if the aggregator gave one",
            is_needed: false,
        },
        Entry {
            name: "authUsername",
            help: "sent as the header authUsername",
            is_needed: true,
        },
        Entry {
            name: "authPassword",
            help: "sent as the header authPassword",
            is_needed: true,
        },
    ],
    urls: &[
        url(GENERATE_LABEL, "where labels are bought"),
        url(GET_LABEL, "where labels are read back"),
        url(GENERATE_RETURN, "where return AWBs are bought"),
        url(GET_RETURN, "where return AWBs are read back"),
        url(GET_COURIERS, "where couriers are recommended"),
    ],
    settings: &[],
    at_the_aggregator: &[
        "Give the aggregator pushUrl and the pushCredential: it sends them as the headers authUsername and authPassword, or as Basic authorization.",
        "The password is shown once, in the answer that makes the account.",
    ],
};

const fn url(name: &'static str, help: &'static str) -> Entry {
    Entry {
        name,
        help,
        is_needed: false,
    }
}

/// Looks up an order that does not exist: whatever the answer is, but for a refusal of the credentials, the account is
/// known. Without a URL for that there is nothing harmless to try.
pub(super) async fn check(call: Call<'_>) -> Result<Vec<AccountProblem>, Failure> {
    let urls = &call.account.urls;
    let mut problems = Vec::new();
    let pairs = [(GENERATE_LABEL, GET_LABEL), (GENERATE_RETURN, GET_RETURN)];
    if !pairs.iter().any(|(buys, _)| urls.contains_key(*buys)) {
        problems.push(AccountProblem::of(
            "urls",
            format!("has neither {GENERATE_LABEL} nor {GENERATE_RETURN}: nothing can be booked"),
        ));
    }
    for (buys, reads) in pairs {
        if urls.contains_key(buys) && !urls.contains_key(reads) {
            let detail = format!("is missing: what {buys} made cannot be looked up after a fault");
            problems.push(AccountProblem::of(format!("urls.{reads}"), detail));
        }
    }
    let mut lookups = [GET_LABEL, GET_RETURN]
        .into_iter()
        .filter_map(|name| urls.get(name));
    let Some(mut url) = lookups.next().cloned() else {
        problems.push(AccountProblem::general(
            "there is no URL that could be tried harmlessly: the credentials were not checked",
        ));
        return Ok(problems);
    };
    url.query_pairs_mut().append_pair("orderNumber", NOBODY_S);
    exchange(call, get(call.account, url), Effect::Reads).await?;
    Ok(problems)
}
