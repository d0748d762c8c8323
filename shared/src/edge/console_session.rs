//! The session of a browser: its cookie, the proof that a form is the console's own, and calls of the API's handlers on
//! behalf of the visitor.

use lambda_http::Request;
use lambda_http::http::HeaderValue;
use lambda_http::http::header::COOKIE;
use subtle::ConstantTimeEq as _;

use crate::clock;
use crate::domain::client::Caller;
use crate::domain::console::ConsoleSession;
use crate::edge::problem::Problem;
use crate::edge::request::{base_url, header};
use crate::flows::configuring::open_console::{ConsoleDependencies, OpenedConsole, with_session};
use crate::telemetry::set_field;

/// The name of the cookie.
const NAME: &str = "rms_console";
/// Sent only to the console, only over TLS (browsers count this machine as that), never by a link or a form of another site,
/// and never to a script.
const RULES: &str = "Path=/console; Secure; HttpOnly; SameSite=Strict";

/// Somebody who is signed in. Only a valid cookie gives one.
#[derive(Debug)]
pub struct Visitor {
    session: ConsoleSession,
    caller: Caller,
}

/// The caller of a request that one of our own handlers makes of another one, in the same process. No request from the
/// network has it.
#[derive(Debug, Clone)]
pub(super) struct InProcess(pub(super) Caller);

impl Visitor {
    /// The client's id and the permissions.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The word that each form contains.
    pub fn form_token(&self) -> &str {
        &self.session.form_token
    }

    /// Whether a form with this word is one of this session's.
    pub fn made_form(&self, form_token: &str) -> bool {
        let (own, given) = (self.session.form_token.as_bytes(), form_token.as_bytes());
        own.ct_eq(given).into()
    }

    /// Lets the visitor be the caller of a request that is passed to a handler of the API in this process.
    pub fn sign(&self, request: &mut Request) {
        request
            .extensions_mut()
            .insert(InProcess(self.caller.clone()));
    }
}

/// The visitor whose session the request's cookie is.
pub async fn visitor(
    console: &ConsoleDependencies,
    request: &Request,
) -> Result<Option<Visitor>, Problem> {
    let Some(sealed) = cookie(request) else {
        return Ok(None);
    };
    let found = with_session(console, sealed, clock::now()).await?;
    Ok(found.map(|(session, caller)| {
        set_field("client_id", &caller.client_id);
        Visitor { session, caller }
    }))
}

/// The `Set-Cookie` of a new session.
pub fn begin(opened: &OpenedConsole) -> Result<HeaderValue, Problem> {
    let seconds = opened.session.ends_at.as_second() - clock::now().as_second();
    let text = format!("{NAME}={}; Max-Age={seconds}; {RULES}", opened.sealed);
    HeaderValue::from_str(&text).map_err(|_| Problem::internal())
}

/// The `Set-Cookie` that ends a session in the browser.
pub fn end() -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&format!("{NAME}=; Max-Age=0; {RULES}")).map_err(|_| Problem::internal())
}

/// Whether a page of the console sent the request: browsers name the origin of every form.
pub fn is_own_form(request: &Request) -> bool {
    header(request, "origin").is_some_and(|origin| origin == base_url(request))
}

fn cookie(request: &Request) -> Option<&str> {
    let all = request.headers().get_all(COOKIE).iter();
    let each = all.filter_map(|value| value.to_str().ok());
    let mut pairs = each
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == NAME).then_some(value))
}
