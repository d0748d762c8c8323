//! A proxy in front of a backend that is external, or whose calls are counted, delayed or intercepted.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts};
use axum::response::{IntoResponse as _, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::backends::calls::Calls;
use crate::backends::listen;
use crate::http_server::HttpServer;
use crate::region::signer;

/// DynamoDB's request limit; the limit of SQS is lower.
const LARGEST_REQUEST: usize = 16 * 1024 * 1024;
/// External servers close idle connections, after 5 s at the earliest.
const IDLE: Duration = Duration::from_secs(2);

/// A proxy; dropping it stops it.
#[derive(Debug)]
pub(super) struct Proxy {
    url: String,
    server: HttpServer,
}

#[derive(Debug, Clone)]
struct Passage {
    upstream: String,
    account: Option<String>,
    client: Client<HttpConnector, Body>,
    calls: Calls,
}

impl Proxy {
    /// Opens a proxy in front of the backend at `upstream`. All calls are forwarded in the name of `account`, if given.
    pub(super) async fn open(
        port: u16,
        upstream: &str,
        account: Option<&str>,
        calls: &Calls,
    ) -> anyhow::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let passage = Passage {
            upstream: upstream.trim_end_matches('/').to_owned(),
            account: account.map(str::to_owned),
            client: Client::builder(TokioExecutor::new())
                .pool_idle_timeout(IDLE)
                .build(connector),
            calls: calls.clone(),
        };
        let router = Router::new().fallback(pass).with_state(passage);
        let server = HttpServer::start(listen(port).await?, router)?;
        Ok(Self {
            url: server.url(),
            server,
        })
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) async fn stop(self) {
        self.server.stop().await;
    }
}

async fn pass(State(passage): State<Passage>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = text(&parts.headers, "x-amz-target");
    let caller = signer(&parts.headers).unwrap_or_default().to_owned();
    let body = match to_bytes(body, LARGEST_REQUEST).await {
        Ok(body) => body,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    passage.calls.travel().await;
    if let Some(instead) = passage.calls.came(&target, &caller, &body) {
        return (instead.status, instead.body).into_response();
    }
    let response = passage.on(parts, body.clone()).await;
    match passage.calls.happened(&target, &caller, &body) {
        Some(instead) => (instead.status, instead.body).into_response(),
        None => response.unwrap_or_else(|error| {
            (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response()
        }),
    }
}

impl Passage {
    async fn on(&self, mut parts: Parts, body: Bytes) -> anyhow::Result<Response> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        parts.uri = format!("{}{path}", self.upstream).parse::<Uri>()?;
        if let Some(account) = &self.account {
            sign_as(&mut parts.headers, account)?;
        }
        let request = Request::from_parts(parts, Body::from(body));
        Ok(self.client.request(request).await?.map(Body::new))
    }
}

/// Replaces the name in the signature, which makes it invalid: a backend that checks signatures cannot be used here.
fn sign_as(headers: &mut HeaderMap, account: &str) -> anyhow::Result<()> {
    let Some(caller) = signer(headers) else {
        return Ok(());
    };
    let from = format!("Credential={caller}/");
    let to = format!("Credential={account}/");
    let signed = text(headers, "authorization").replace(&from, &to);
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&signed)?);
    Ok(())
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map_or_else(String::new, |value| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    })
}
