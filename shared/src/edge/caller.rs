//! Authentication: an API key gives a client and its scopes, or, within the console's process, a session; a push contains its
//! credential.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::Request;

use crate::clock;
use crate::domain::client::{Caller, Scope};
use crate::domain::credential::Credential;
use crate::edge::console_session::InProcess;
use crate::edge::problem::Problem;
use crate::edge::problem::kind::ProblemKind;
use crate::edge::request::header;
use crate::flows::notifying::prove_push::Proof;
use crate::store::configuring::api_keys::ApiKeys;
use crate::telemetry::set_field;

/// The maximum length of an API key.
const LONGEST_KEY: usize = 200;

/// The caller, if its key has one of these scopes and its rate limit is not exceeded. The first scope is the route's class
/// for the rate limit.
pub async fn authenticate(
    api_keys: &ApiKeys,
    request: &Request,
    scopes: &[Scope],
) -> Result<Caller, Problem> {
    let in_process = request.extensions().get::<InProcess>();
    let caller = if let Some(InProcess(caller)) = in_process {
        caller.clone()
    } else {
        let caller = api_keys.caller(api_key(request)?, clock::now()).await?;
        caller.ok_or_else(|| unknown("the API key is unknown, revoked or expired"))?
    };
    set_field("client_id", &caller.client_id);
    if let Some(class) = scopes.first() {
        let admitted = api_keys.admit(&caller, *class);
        admitted.map_err(Problem::throttled)?;
    }
    if !caller.has_one_of(scopes) {
        let names: Vec<_> = scopes.iter().map(Scope::to_string).collect();
        return Err(Problem::new(
            ProblemKind::Forbidden,
            format!("the API key lacks the scope {}", names.join(" or ")),
        ));
    }
    Ok(caller)
}

fn unknown(detail: &str) -> Problem {
    Problem::unauthenticated(detail, "Bearer")
}

fn api_key(request: &Request) -> Result<&str, Problem> {
    let bearer = header(request, "authorization").and_then(|value| scheme(value, "bearer"));
    bearer
        .or_else(|| header(request, "x-api-key").map(str::trim))
        .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY)
        .ok_or_else(|| unknown("send an API key as Authorization: Bearer or x-api-key"))
}

/// The value after an authorization scheme.
fn scheme<'a>(value: &'a str, wanted: &str) -> Option<&'a str> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case(wanted).then(|| rest.trim())
}

/// The proof of a push: the token in its URL, the credential in `authUsername` and `authPassword`, or Basic
/// authorization.
pub fn push_proof<'a>(request: &'a Request, token: Option<&'a str>) -> Result<Proof<'a>, Problem> {
    if let Some(token) = token {
        return Ok(Proof::Token(token, request.headers()));
    }
    named(request)
        .or_else(|| basic(request))
        .map(Proof::Credential)
        .ok_or_else(|| unproved("send authUsername and authPassword, or Basic authorization"))
}

/// The response to a push without a valid proof.
pub fn unproved(detail: &str) -> Problem {
    Problem::unauthenticated(detail, "Basic realm=\"rms\"")
}

fn named(request: &Request) -> Option<Credential> {
    Some(Credential {
        user_name: header(request, "authUsername")?.to_owned(),
        secret: header(request, "authPassword")?.to_owned(),
        domain_name: header(request, "authDomainName").map(str::to_owned),
    })
}

fn basic(request: &Request) -> Option<Credential> {
    let encoded = header(request, "authorization").and_then(|value| scheme(value, "basic"))?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user_name, secret) = decoded.split_once(':')?;
    Some(Credential {
        user_name: user_name.to_owned(),
        secret: secret.to_owned(),
        domain_name: None,
    })
}
