//! DynamoDB by dynoxide, in memory or in one `SQLite` file, with a loop that deletes what its time to live has ended.
//!
//! The server has no hook for its calls; to count or intercept them a proxy stands in front, only then.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, request::Parts, uri::PathAndQuery};
use axum::response::{IntoResponse as _, Response};
use dynoxide::Database;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::calls::Calls;
use super::listen;
use crate::http_server::HttpServer;

/// DynamoDB itself takes hours to days; a newcomer may want to see it happen.
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How long a call that is under way may hold up the end.
const STOP_WITHIN: Duration = Duration::from_secs(2);
/// DynamoDB's own limit of a request.
const LARGEST_REQUEST: usize = 16 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct DynamoDb {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    sweeper: JoinHandle<()>,
    proxy: Option<HttpServer>,
}

impl DynamoDb {
    pub(super) async fn start(
        port: u16,
        data: Option<&Path>,
        calls: &Calls,
    ) -> anyhow::Result<Self> {
        let database = open(data)?;
        let behind_proxy = calls.observed();
        let listener = listen(if behind_proxy { 0 } else { port }).await?;
        let mut public_port = listener.local_addr()?.port();
        let mut proxy = None;
        if behind_proxy {
            let front = listen(port).await?;
            let router = Proxy::router(public_port, calls.clone());
            public_port = front.local_addr()?.port();
            proxy = Some(HttpServer::start(front, router)?);
        }
        let sweeper = tokio::spawn(sweep(database.clone()));
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(async move {
            let stopped = async {
                stopped.await.ok();
            };
            if let Err(error) =
                dynoxide::server::serve_with_shutdown(listener, database, stopped).await
            {
                eprintln!("the embedded DynamoDB ended: {error}");
            }
        });
        Ok(Self {
            port: public_port,
            stop: Some(stop),
            server,
            sweeper,
            proxy,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) async fn stop(mut self) {
        if let Some(proxy) = self.proxy.take() {
            proxy.stop().await;
        }
        self.sweeper.abort();
        drop(self.stop.take());
        tokio::time::timeout(STOP_WITHIN, &mut self.server)
            .await
            .ok();
    }
}

impl Drop for DynamoDb {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.sweeper.abort();
    }
}

fn open(data: Option<&Path>) -> anyhow::Result<Database> {
    let Some(directory) = data else {
        return Database::memory().map_err(|error| anyhow!("{error}"));
    };
    let file = directory.join("dynamodb.sqlite");
    let path = file
        .to_str()
        .with_context(|| format!("{} is no UTF-8 path", file.display()))?;
    Database::new(path).map_err(|error| anyhow!("cannot open {path}: {error}"))
}

async fn sweep(database: Database) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let database = database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        if let Ok(Err(error)) = swept {
            eprintln!("the embedded DynamoDB could not delete expired items: {error}");
        }
    }
}

#[derive(Debug, Clone)]
struct Proxy {
    upstream: u16,
    client: Client<HttpConnector, Body>,
    calls: Calls,
}

impl Proxy {
    fn router(upstream: u16, calls: Calls) -> Router {
        Router::new().fallback(pass_on).with_state(Self {
            upstream,
            client: Client::builder(TokioExecutor::new()).build_http(),
            calls,
        })
    }
}

async fn pass_on(State(proxy): State<Proxy>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target");
    let target = target.map_or_else(String::new, |target| {
        String::from_utf8_lossy(target.as_bytes()).into_owned()
    });
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, LARGEST_REQUEST).await {
        Ok(body) => body,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    if let Some(instead) = proxy.calls.came(&target, &body) {
        return (instead.status, instead.body).into_response();
    }
    let response = proxy.forward(parts, body.clone()).await;
    match proxy.calls.happened(&target, &body) {
        Some(instead) => (instead.status, instead.body).into_response(),
        None => response,
    }
}

impl Proxy {
    async fn forward(&self, mut parts: Parts, body: Bytes) -> Response {
        let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        match format!("http://127.0.0.1:{}{path}", self.upstream).parse::<Uri>() {
            Ok(uri) => parts.uri = uri,
            Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        }
        let request = Request::from_parts(parts, Body::from(body));
        match self.client.request(request).await {
            Ok(response) => response.map(Body::new),
            Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
        }
    }
}
