//! The fields of a RMS Magic account, and its check: a look-up of an order that does not exist.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::rms_magic::call::{
    GENERATE_LABEL, GENERATE_RETURN, GET_COURIERS, GET_LABEL, GET_RETURN, get,
};
use crate::domain::form::{AccountForm, AccountProblem, FormEntry};
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const CHECK: Operation = Operation::reads("check");
/// An order number that does not exist.
const NO_ORDER: &str = "RMS-CHECK";

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[
        FormEntry {
            name: "authDomainName",
            help: "sent as the header authDomainName, if the aggregator gave one",
            is_needed: false,
            is_secret: false,
        },
        FormEntry {
            name: "authUsername",
            help: "sent as the header authUsername",
            is_needed: true,
            is_secret: false,
        },
        FormEntry {
            name: "authPassword",
            help: "sent as the header authPassword",
            is_needed: true,
            is_secret: true,
        },
    ],
    urls: &[
        url(GENERATE_LABEL, "books labels"),
        url(GET_LABEL, "returns a booked label"),
        url(GENERATE_RETURN, "books return AWBs"),
        url(GET_RETURN, "returns a booked return AWB"),
        url(GET_COURIERS, "recommends couriers"),
    ],
    settings: &[],
    at_the_partner: &[
        "Give the aggregator pushUrl and the pushCredential: it sends them as the headers authUsername and authPassword, or as Basic authorization.",
        "The password is shown once, in the response that creates the account.",
    ],
};

const fn url(name: &'static str, help: &'static str) -> FormEntry {
    FormEntry {
        name,
        help,
        is_needed: false,
        is_secret: false,
    }
}

/// Looks up an order that does not exist: any response except a refusal of the credentials shows that they are valid.
/// Without a look-up URL there is no call that changes nothing.
pub(super) async fn check(call: AggregatorCall<'_>) -> Result<Vec<AccountProblem>, PartnerFailure> {
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
            let detail = format!(
                "is missing: without it, bookings made by {buys} cannot be looked up after a failure"
            );
            problems.push(AccountProblem::of(format!("urls.{reads}"), detail));
        }
    }
    let lookup = [GET_LABEL, GET_RETURN]
        .into_iter()
        .find(|name| urls.contains_key(*name));
    let Some(name) = lookup else {
        problems.push(AccountProblem::general(
            "the credentials were not checked: there is no look-up URL to try them with",
        ));
        return Ok(problems);
    };
    let asked = get(call.partner.account, name, &[("orderNumber", NO_ORDER)])?;
    let answered = exchange(call.partner, CHECK, asked).await?;
    answered.read(|_| Ok(problems))
}
