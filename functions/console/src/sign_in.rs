//! Signing in, with an API key or a one-time link, and out.

use std::sync::PoisonError;
use std::time::Instant;

use askama::Template;
use lambda_http::http::StatusCode;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use logistics::clock;
use logistics::edge::console_session::{begin, end};
use logistics::edge::problem::Problem;
use logistics::edge::request::Answer;
use logistics::flows::configuring::open_console::{self, OpenedConsole};

use crate::App;
use crate::api::Api;
use crate::failure::Shown;
use crate::form::Form;
use crate::frame::Frame;
use crate::respond::{page, page_as, see_other};

const WRONG_KEY: &str = "This key is unknown, revoked or expired.";
const WRONG_LINK: &str =
    "This link was used before, has expired, or its key was revoked. Ask for a new one.";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage<'a> {
    frame: Frame,
    token: &'a str,
    error: Option<&'static str>,
}

/// The form for a key.
pub(crate) fn show(request: &Request) -> Shown {
    let parameters = request.query_string_parameters_ref();
    let done = parameters.and_then(|parameters| parameters.first("done"));
    let frame = Frame {
        notice: (done == Some("signed-out")).then(|| "You are signed out.".to_owned()),
        ..Frame::bare()
    };
    Ok(page(&SignInPage { frame, error: None })?)
}

/// Signs in with the key of the form.
pub(crate) async fn with_key(app: &App, request: &Request) -> Shown {
    let form = Form::of_anybody(request)?;
    admit(app, request)?;
    let opened = open_console::with_key(&app.console, form.text("key"), clock::now()).await;
    if let Some(opened) = opened.map_err(Problem::from)? {
        return Ok(enter(&opened)?);
    }
    count_failure(app, request);
    let (frame, error) = (Frame::bare(), Some(WRONG_KEY));
    let page = SignInPage { frame, error };
    Ok(page_as(StatusCode::UNAUTHORIZED, &page)?)
}

/// Asks to open the link: whoever only looks at a URL, such as a mail filter, does not use it up.
pub(crate) fn show_link(request: &Request) -> Shown {
    let parameters = request.query_string_parameters_ref();
    let token = parameters.and_then(|parameters| parameters.first("token"));
    Ok(page(&LinkPage {
        frame: Frame::bare(),
        token: token.unwrap_or_default(),
        error: None,
    })?)
}

/// Signs in with the link of the form.
pub(crate) async fn with_link(app: &App, request: &Request) -> Shown {
    let form = Form::of_anybody(request)?;
    admit(app, request)?;
    let opened = open_console::with_link(&app.console, form.text("token"), clock::now()).await;
    if let Some(opened) = opened.map_err(Problem::from)? {
        return Ok(enter(&opened)?);
    }
    count_failure(app, request);
    let page = LinkPage {
        frame: Frame::bare(),
        token: "",
        error: Some(WRONG_LINK),
    };
    Ok(page_as(StatusCode::UNAUTHORIZED, &page)?)
}

/// Ends the session in this browser. A stolen cookie works until the session ends or the key is revoked.
pub(crate) fn out(api: &Api<'_>) -> Shown {
    Form::of(api)?;
    let mut response = see_other("/console/sign-in?done=signed-out")?;
    response.headers_mut().append(SET_COOKIE, end()?);
    Ok(response)
}

fn enter(opened: &OpenedConsole) -> Answer {
    let mut response = see_other("/console")?;
    response.headers_mut().append(SET_COOKIE, begin(opened)?);
    Ok(response)
}

fn admit(app: &App, request: &Request) -> Result<(), Problem> {
    let limit = app.failed_sign_ins.lock();
    let limit = limit.unwrap_or_else(PoisonError::into_inner);
    let admitted = limit.check(&address(request), Instant::now());
    admitted.map_err(Problem::throttled)
}

fn count_failure(app: &App, request: &Request) {
    let limit = app.failed_sign_ins.lock();
    let mut limit = limit.unwrap_or_else(PoisonError::into_inner);
    limit.failed(&address(request), Instant::now());
    tracing::warn!("console sign-in refused");
}

/// The address that the gateway saw.
fn address(request: &Request) -> String {
    let address = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone(),
        _ => None,
    };
    address.unwrap_or_default()
}
