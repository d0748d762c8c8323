//! Checks an account: says which of the ways to authenticate the shop wants, and which right is missing.

use secrecy::SecretString;
use serde_json::Value;

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::Way;
use crate::channels::magento::account::way;
use crate::channels::magento::call::{Pair, get};
use crate::channels::magento::refusal::{message, refused, right};
use crate::channels::magento::session::{log_in, logs_in, send};
use crate::domain::form::AccountProblem;
use crate::outbound::client::Reply;
use crate::partners::check::problem_of;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::json;
use crate::partners::transport::Operation;

/// Besides the refusals, a redirect: it is not followed, so the account must have the address behind it.
const CHECK: Operation = Operation {
    judged: &[401, 301, 302, 307, 308],
    ..Operation::reads("check")
};

/// What RMS reads, each with the right of its own.
const READ: [&[&str]; 3] = [&["orders"], &["invoices"], &["inventory", "source-items"]];

/// The answer to one of the checks.
enum Found {
    Fine,
    /// The shop refused the credentials, in these words.
    Refused(String),
    /// They lack this right, or are not accepted at all.
    Lacks(String),
    Problem(AccountProblem),
}

/// Checks an account. The problems of its fields are reported before.
pub(in crate::channels::magento) async fn check(
    call: ChannelCall<'_>,
) -> Result<Vec<AccountProblem>, PartnerFailure> {
    let Some(way) = way(call.account) else {
        return Ok(Vec::new());
    };
    let token = if logs_in(way) {
        match log_in(call, way).await {
            Ok(token) => Some(token),
            Err(failure) => return Ok(vec![no_token(way, &failure)]),
        }
    } else {
        None
    };
    let mut found = Vec::new();
    for path in READ {
        found.push(ask(call, way, token.as_ref(), path).await?);
    }
    Ok(problems(way, found))
}

async fn ask(
    call: ChannelCall<'_>,
    way: Way<'_>,
    token: Option<&SecretString>,
    path: &[&str],
) -> Result<Found, PartnerFailure> {
    let smallest: Pair = ("searchCriteria[pageSize]".to_owned(), "1".to_owned());
    let request = get(call.account, path, &[smallest])?;
    let answer = send(call, CHECK, request, way, token).await?;
    let is_stock = path.contains(&"inventory");
    answer.read(|reply| found(reply, is_stock))
}

fn found(reply: &Reply, is_stock: bool) -> Result<Found, PartnerFailure> {
    let body = json::object(&reply.body).unwrap_or_default();
    Ok(match reply.status {
        200..=299 if body.get("items").is_some() => Found::Fine,
        200..=299 => return Err(PartnerFailure::Unreadable),
        401 => match right(&body) {
            Some(right) => Found::Lacks(right),
            None => Found::Refused(words(&body)),
        },
        300..=399 => Found::Problem(AccountProblem::of(
            "urls.baseUrl",
            "the shop redirects to another address, which RMS does not follow: enter that one",
        )),
        // A shop without multi-source inventory.
        404 if is_stock => Found::Fine,
        404 => Found::Problem(AccountProblem::of(
            "urls.baseUrl",
            "there is no such shop or store view: check baseUrl and storeCode",
        )),
        _ => return Err(refused(reply)),
    })
}

fn words(body: &Value) -> String {
    message(body).unwrap_or_else(|| "it gave no reason".to_owned())
}

fn problems(way: Way<'_>, found: Vec<Found>) -> Vec<AccountProblem> {
    let is_nothing_fine = !found.iter().any(|found| matches!(found, Found::Fine));
    let mut problems = Vec::new();
    let mut lacking = Vec::new();
    for found in found {
        let problem = match found {
            Found::Fine => continue,
            Found::Lacks(right) => {
                lacking.push(right);
                continue;
            }
            Found::Refused(words) => AccountProblem::of("credentials", not_accepted(way, &words)),
            Found::Problem(problem) => problem,
        };
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    if !lacking.is_empty() {
        let rights = lacking.join(", ");
        let detail = match way {
            Way::Bearer(_) if is_nothing_fine => format!(
                "the shop does not accept the access token as a Bearer token: enter all four values of the integration and remove the setting bearer, or have the shop allow it (oauth/consumer/enable_integration_as_bearer). If it does, the integration lacks the rights {rights}"
            ),
            Way::Signed(_) | Way::Bearer(_) => {
                format!(
                    "the integration lacks the rights {rights}: give them to it, and reauthorize it"
                )
            }
            Way::Admin { .. } => {
                format!("the admin's role lacks the rights {rights}: give them to it")
            }
            Way::Cloud(_) => format!(
                "the credential lacks the rights {rights}: give them to it in the Adobe Admin Console"
            ),
        };
        problems.push(AccountProblem::of("credentials", detail));
    }
    problems
}

/// The shop refused the credentials themselves.
fn not_accepted(way: Way<'_>, words: &str) -> String {
    match way {
        Way::Signed(_) => format!(
            "the shop refused the signature ({words}): enter the four values of an active integration. If they are right, the shop is behind an address that changes the request: set bearer, if the shop accepts the access token alone"
        ),
        Way::Bearer(_) => format!(
            "the shop refused the access token ({words}): enter all four values of the integration and remove the setting bearer"
        ),
        Way::Admin { .. } => format!(
            "the shop refused the token that it has just issued ({words}): use an integration"
        ),
        Way::Cloud(_) => format!(
            "the cloud service refused the token ({words}): check clientId, organizationId, and that baseUrl is that tenant's"
        ),
    }
}

/// No token was issued.
fn no_token(way: Way<'_>, failure: &PartnerFailure) -> AccountProblem {
    let PartnerFailure::Refused(Refusal { message, .. }) = failure else {
        return problem_of(failure);
    };
    let words = message.as_deref().unwrap_or("it gave no reason");
    let detail = match way {
        Way::Cloud(_) => format!(
            "Adobe issued no token ({words}): check clientId and clientSecret, and that the credential has the scope commerce.accs"
        ),
        Way::Admin { .. } | Way::Signed(_) | Way::Bearer(_) => format!(
            "the shop issued no token for this admin ({words}): check username and password. A shop with two-factor authentication issues none: use an integration with its four values"
        ),
    };
    AccountProblem::of("credentials", detail)
}
