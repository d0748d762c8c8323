//! The console: pages in which a client's people see and change what the API shows and changes.
//!
//! - It has no rules of its own. A page asks the handlers of the API's functions, in this process and as the visitor
//!   ([`api`]), and shows their answers and problems. So the console permits nothing that the API does not.
//! - A screen is a file in [`screens`], its template in `templates/`, and its line in [`route`].
//! - Every form is checked before it is read ([`form`]); every response gets the same headers ([`respond`]).
//! - Everything works without the script; with it, pages change without a reload.

// The handlers that it calls are deep futures.
#![recursion_limit = "256"]

mod api;
mod assets;
mod chart;
mod failure;
mod form;
mod frame;
mod moment;
mod packing;
mod respond;
mod screens;
mod sheet;
mod shown_problem;
mod sign_in;

use std::sync::{Mutex, OnceLock};

use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::domain::sign_in_limit::SignInLimit;
use logistics::edge::console_session::visitor;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request;
use logistics::flows::configuring::open_console::ConsoleDependencies;
use logistics::store::statistics::Statistics;
use logistics::wiring::{Start, WiringFailure};

use api::{Api, Functions};
use failure::{Failed, Shown};
use frame::Frame;
use screens::{
    accounts, audit, download, endpoints, find, keys, messages, notifications, overview, problems,
    recovery, returns, shipments, unmapped,
};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// What opens a session.
    pub console: ConsoleDependencies,
    /// The API's functions.
    pub functions: Functions,
    /// The counts of what was accepted and delivered.
    pub statistics: Statistics,
    /// The failed sign-ins at this instance.
    pub failed_sign_ins: Mutex<SignInLimit>,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            console: start.console()?,
            functions: Functions::new(start)?,
            statistics: start.statistics()?,
            failed_sign_ins: Mutex::default(),
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    // Around a problem too, once it is known who asks.
    let frame = OnceLock::new();
    let response = request::respond(&request, async |request| {
        match answer(app, request, &frame).await {
            Ok(response) => Ok(response),
            Err(Failed::Api(problem)) => respond::failed(&problem, frame.get()),
            Err(Failed::Own(problem)) => Err(problem),
        }
    })
    .await;
    let response = respond::with_problem_in_words(response, frame.get());
    respond::finish(&request, response)
}

async fn answer(app: &App, request: &Request, frame: &OnceLock<Frame>) -> Shown {
    let path = request.raw_http_path();
    let path = path.strip_prefix("/console").unwrap_or(path);
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let method = request.method();
    match (method, segments.as_slice()) {
        (&Method::GET, ["assets", name]) => return Ok(assets::serve(request, name)?),
        (&Method::GET, ["sign-in"]) => return sign_in::show(request),
        (&Method::POST, ["sign-in"]) => return sign_in::with_key(app, request).await,
        (&Method::GET, ["link"]) => return sign_in::show_link(request),
        (&Method::POST, ["link"]) => return sign_in::with_link(app, request).await,
        _ => {}
    }
    let Some(visitor) = visitor(&app.console, request).await? else {
        return Ok(respond::see_other("/console/sign-in")?);
    };
    let api = Api {
        functions: &app.functions,
        statistics: &app.statistics,
        visitor: &visitor,
        request,
    };
    frame.get_or_init(|| Frame::of(&api, ""));
    route(&api, &segments).await
}

/// The screens.
async fn route(api: &Api<'_>, segments: &[&str]) -> Shown {
    match (api.request.method(), segments) {
        (&Method::POST, ["sign-out"]) => sign_in::out(api),
        (&Method::GET, []) => find::home(api).await,
        (&Method::GET, ["find"]) => find::look(api).await,
        (&Method::GET, ["shipment"]) => shipments::show(api).await,
        (&Method::GET, ["shipment", "label"]) => shipments::label(api).await,
        (&Method::POST, ["shipment", "cancel"]) => shipments::cancel(api).await,
        (&Method::POST, ["shipment", "settle"]) => shipments::settle(api).await,
        (&Method::GET, ["notifications", id]) => notifications::show(api, id).await,
        (&Method::GET, ["overview"]) => overview::show(api).await,
        (&Method::GET, ["problems"]) => problems::show(api).await,
        (&Method::GET, ["problems", "unmapped"]) => problems::unmapped(api).await,
        (&Method::GET, ["unmapped"]) => unmapped::list(api).await,
        (&Method::GET, ["unmapped", "code"]) => unmapped::show(api).await,
        (&Method::POST, ["unmapped", "map"]) => unmapped::map(api).await,
        (&Method::POST, ["unmapped", "replay"]) => unmapped::replay(api).await,
        (&Method::GET, ["problems", "exceptions"]) => problems::exceptions::list(api).await,
        (&Method::GET, ["problems", "still"]) => problems::still::show(api).await,
        (&Method::GET, ["messages"]) => messages::list(api).await,
        (&Method::GET, ["messages", id]) => messages::show(api, id).await,
        (&Method::GET, ["returns"]) => returns::list(api).await,
        (&Method::GET, ["returns", "one"]) => returns::show(api).await,
        (&Method::GET, ["endpoints"]) => endpoints::list(api).await,
        (&Method::GET, ["endpoints", "new"]) => endpoints::new(api),
        (&Method::POST, ["endpoints", "new"]) => endpoints::create(api).await,
        (&Method::GET, ["endpoints", id]) => endpoints::show(api, id).await,
        (&Method::GET, ["endpoints", id, "edit"]) => endpoints::edit(api, id).await,
        (&Method::POST, ["endpoints", id, "edit"]) => endpoints::save(api, id).await,
        (&Method::POST, ["endpoints", id, "test"]) => endpoints::test(api, id).await,
        (&Method::POST, ["endpoints", id, "rotate"]) => endpoints::rotate(api, id).await,
        (&Method::POST, ["endpoints", id, "resume"]) => endpoints::resume(api, id).await,
        (&Method::POST, ["endpoints", id, "delete"]) => endpoints::delete(api, id).await,
        (&Method::POST, ["endpoints", id, "recover"]) => recovery::recover(api, id).await,
        (&Method::GET, ["endpoints", id, "failed.xlsx"]) => download::failed(api, id, "xlsx").await,
        (&Method::GET, ["endpoints", id, "failed.csv"]) => download::failed(api, id, "csv").await,
        (method, ["accounts" | "channels", rest @ ..]) => {
            accounts::route(api, method, segments, rest).await
        }
        (&Method::GET, ["keys"]) => keys::list(api).await,
        (&Method::POST, ["keys"]) => keys::create(api).await,
        (&Method::POST, ["keys", "link"]) => keys::link(api).await,
        (&Method::POST, ["keys", id, "revoke"]) => keys::revoke(api, id).await,
        (&Method::GET, ["audit"]) => audit::list(api).await,
        // A page that a form showed, loaded again.
        (&Method::GET, ["keys", "link"]) => Ok(respond::see_other("/console/keys")?),
        (&Method::GET, ["unmapped", "map" | "replay"]) => {
            Ok(respond::see_other("/console/unmapped")?)
        }
        (
            &Method::GET,
            [
                "endpoints",
                id,
                "test" | "rotate" | "resume" | "delete" | "recover",
            ],
        ) => Ok(respond::see_other(&format!("/console/endpoints/{id}"))?),
        _ => Err(Problem::new(ProblemKind::NotFound, "the console has no such page").into()),
    }
}
