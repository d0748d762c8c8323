//! Calls of the API's handlers in this process, as the visitor.
//!
//! A call is the request that the gateway would pass to the function, with the visitor in place of an API key. Scopes, rate
//! limits, validation, the flows and the log line of the route are therefore those of the API.

use std::collections::HashMap;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use lambda_http::http::{HeaderName, HeaderValue, Method};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::domain::client::Scope;
use logistics::edge::caller::authenticate;
use logistics::edge::console_session::Visitor;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::store::statistics::Statistics;
use logistics::wiring::{Start, WiringFailure};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failed;
use crate::shown_problem::ShownProblem;

/// The functions of the API that the console asks.
#[derive(Debug)]
pub struct Functions {
    pub(crate) cancel_shipment: cancel_shipment::App,
    pub(crate) configuration: configuration::App,
    get_label: get_label::App,
    get_notification: get_notification::App,
    pub(crate) get_shipment: get_shipment::App,
    list_notifications: list_notifications::App,
    pub(crate) messages: messages::App,
    pub(crate) recover_endpoint: recover_endpoint::App,
    return_order: return_order::App,
    settle_label: settle_label::App,
    unmapped_statuses: unmapped_statuses::App,
}

impl Functions {
    pub(crate) fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            cancel_shipment: cancel_shipment::App::new(start)?,
            configuration: configuration::App::new(start)?,
            get_label: get_label::App::new(start)?,
            get_notification: get_notification::App::new(start)?,
            get_shipment: get_shipment::App::new(start)?,
            list_notifications: list_notifications::App::new(start)?,
            messages: messages::App::new(start)?,
            recover_endpoint: recover_endpoint::App::new(start)?,
            return_order: return_order::App::new(start)?,
            settle_label: settle_label::App::new(start)?,
            unmapped_statuses: unmapped_statuses::App::new(start)?,
        })
    }

    /// The answer of the function that has the route. Each is boxed: together they would be a future of many kilobytes.
    fn handle<'a>(&'a self, route: &str, request: Request) -> BoxFuture<'a, Response<Body>> {
        match route {
            "GET /notifications" => {
                list_notifications::handle(&self.list_notifications, request).boxed()
            }
            "GET /notifications/{token}" => {
                get_notification::handle(&self.get_notification, request).boxed()
            }
            "GET /shipments" => get_shipment::handle(&self.get_shipment, request).boxed(),
            "GET /messages" | "GET /messages/{messageId}" => {
                messages::handle(&self.messages, request).boxed()
            }
            "GET /return-orders" => return_order::handle(&self.return_order, request).boxed(),
            "GET /shipping-labels" => get_label::handle(&self.get_label, request).boxed(),
            "DELETE /shipping-labels" | "DELETE /return-awbs" => {
                cancel_shipment::handle(&self.cancel_shipment, request).boxed()
            }
            "POST /shipping-labels/settle" => {
                settle_label::handle(&self.settle_label, request).boxed()
            }
            "POST /webhook-endpoints/{id}/recover" => {
                recover_endpoint::handle(&self.recover_endpoint, request).boxed()
            }
            "GET /unmapped-statuses" | "POST /unmapped-statuses/replay" => {
                unmapped_statuses::handle(&self.unmapped_statuses, request).boxed()
            }
            _ => configuration::handle(&self.configuration, request).boxed(),
        }
    }
}

/// A request of a route of the API.
#[derive(Debug)]
pub(crate) struct Call {
    /// Such as `GET /webhook-endpoints/{id}`.
    route: &'static str,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    headers: Vec<(HeaderName, String)>,
    body: Option<Value>,
}

impl Call {
    pub(crate) fn of(route: &'static str) -> Self {
        Self {
            route,
            path: HashMap::new(),
            query: HashMap::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// With a parameter of the path.
    pub(crate) fn named(mut self, name: &str, value: &str) -> Self {
        self.path.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With a parameter of the query; an empty one is left out.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.query.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// Only if the object still has this version.
    pub(crate) fn if_still(self, version: &str) -> Self {
        self.header("if-match", format!("\"{version}\""))
    }

    /// Only if there is no such object.
    pub(crate) fn if_absent(self) -> Self {
        self.header("if-none-match", "*".to_owned())
    }

    /// Asks for the document instead of JSON.
    pub(crate) fn wanting_pdf(self) -> Self {
        self.header("accept", "application/pdf".to_owned())
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((HeaderName::from_static(name), value));
        self
    }
}

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answered(pub(crate) Response<Body>);

impl Answered {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let read = serde_json::from_slice(self.0.body().as_ref());
        read.map_err(|error| {
            tracing::error!(error = %error, "answer of the API not understood");
            Problem::new(
                ProblemKind::Internal,
                "an internal error occurred; the logs have the request id",
            )
        })
    }

    /// The version of the object: its `ETag` without quotation marks.
    pub(crate) fn version(&self) -> String {
        let etag = self.0.headers().get("etag");
        let etag = etag.and_then(|etag| etag.to_str().ok()).unwrap_or_default();
        etag.trim_matches('"').to_owned()
    }
}

/// The API as the visitor of a request uses it.
#[derive(Clone, Copy)]
pub(crate) struct Api<'a> {
    pub(crate) functions: &'a Functions,
    pub(crate) statistics: &'a Statistics,
    pub(crate) visitor: &'a Visitor,
    pub(crate) request: &'a Request,
}

impl Api<'_> {
    /// The answer to a call; a problem ends the page.
    pub(crate) async fn ask(&self, call: Call) -> Result<Answered, Failed> {
        Ok(self.attempt(call).await??)
    }

    /// The body of the answer.
    pub(crate) async fn get<T: DeserializeOwned>(&self, call: Call) -> Result<T, Failed> {
        Ok(self.ask(call).await?.read()?)
    }

    /// The body of the answer; `None` if there is no such object.
    pub(crate) async fn find<T: DeserializeOwned>(&self, call: Call) -> Result<Option<T>, Failed> {
        match self.attempt(call).await? {
            Ok(answered) => Ok(Some(answered.read()?)),
            Err(problem) if problem.is_absence() => Ok(None),
            Err(problem) => Err(problem.into()),
        }
    }

    /// The answer, or the problem, to show it in the page.
    pub(crate) async fn attempt(
        &self,
        call: Call,
    ) -> Result<Result<Answered, ShownProblem>, Problem> {
        let route = call.route;
        let request = self.request_of(call)?;
        let response = self.functions.handle(route, request).await;
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            return Ok(Err(Answered(response).read()?));
        }
        Ok(Ok(Answered(response)))
    }

    /// Admits the visitor to a page that asks no route of the API: by scope and rate, as a route does.
    pub(crate) async fn admit(&self, scope: Scope) -> Result<(), Problem> {
        let request = self.request_of(Call::of("GET /shipments"))?;
        let keys = &self.functions.get_shipment.api_keys;
        authenticate(keys, &request, &[scope]).await?;
        Ok(())
    }

    /// A query parameter of the page; empty if it is absent.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.exact_parameter(name).trim()
    }

    /// The same with the blanks at its ends: an id of another system.
    pub(crate) fn exact_parameter(&self, name: &str) -> &str {
        let parameters = self.request.query_string_parameters_ref();
        let value = parameters.and_then(|parameters| parameters.first(name));
        value.unwrap_or_default()
    }

    /// The request of a call.
    pub(crate) fn request_of(&self, call: Call) -> Result<Request, Problem> {
        let unsendable = |_| Problem::new(ProblemKind::NotFound, "the console has no such page");
        let (method, path) = call.route.split_once(' ').unwrap_or_default();
        let mut request = Request::new(Body::Empty);
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        // Handlers read the route's parameters, so that the template of the path is enough.
        let path = path.replace(['{', '}'], "");
        *request.uri_mut() = path.parse().unwrap_or_default();
        for name in ["host", "x-forwarded-proto"] {
            if let Some(value) = self.request.headers().get(name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        for (name, value) in call.headers {
            let value = HeaderValue::from_str(&value).map_err(unsendable)?;
            request.headers_mut().insert(name, value);
        }
        if let Some(body) = call.body {
            *request.body_mut() = Body::from(body.to_string());
        }
        if let Some(RequestContext::ApiGatewayV2(context)) = self.request.request_context_ref() {
            let mut context = context.clone();
            context.route_key = Some(call.route.to_owned());
            request = request.with_request_context(RequestContext::ApiGatewayV2(context));
        }
        let mut request = request
            .with_path_parameters(call.path)
            .with_query_string_parameters(call.query);
        self.visitor.sign(&mut request);
        Ok(request)
    }
}
