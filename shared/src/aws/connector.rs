//! The HTTP client of the AWS calls: one connection pool for HTTP/1.1, with the same TLS as everywhere. The SDK's own
//! client would link a second one with HTTP/2, which neither DynamoDB nor SQS supports, and read the system's 150 root
//! certificates at every cold start. reqwest's, which RMS uses elsewhere, has layers for redirects and retries, which AWS does
//! not need, and parses the URL of each request.
//!
//! The SDK handles deadlines and retries. Bodies are small and kept in memory, in both directions.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, Response, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use crate::outbound::client::{CannotStart, IDLE_CONNECTIONS_LIVE, tls};

/// Inside a region a connection is established at once or not at all.
const CONNECT_DEADLINE: Duration = Duration::from_secs(2);

/// The headers that the parsers of responses read: the request's id and, in some services, the kind of an error.
const OF_PARSERS: [HeaderName; 2] = [
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("x-amzn-errortype"),
];

/// A connection pool for AWS.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    client: Client<HttpsConnector<Tcp>, Full<Bytes>>,
}

impl Connector {
    pub(super) fn new() -> Result<Self, CannotStart> {
        let mut tcp = Tcp::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_DEADLINE));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTIONS_LIVE)
            .build(connector);
        Ok(Self { client })
    }

    /// Sends a signed `POST`. Of the response's headers, only those are kept that the SDKs' parsers read.
    pub(super) async fn post_signed(
        &self,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
        deadline: Duration,
    ) -> Result<HttpResponse, ConnectorError> {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let kept = |headers: &mut HeaderMap| {
            let of_parsers = OF_PARSERS.into_iter();
            let kept =
                of_parsers.filter_map(|name| headers.remove(&name).map(|value| (name, value)));
            kept.collect()
        };
        let exchanged = timeout(deadline, self.exchange(request, kept));
        let exchanged = exchanged.await;
        exchanged.unwrap_or_else(|elapsed| Err(ConnectorError::timeout(elapsed.into())))
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        kept: impl FnOnce(&mut HeaderMap) -> HeaderMap,
    ) -> Result<HttpResponse, ConnectorError> {
        let response = self.client.request(request).await;
        let response = response.map_err(|error| ConnectorError::io(error.into()))?;
        let (mut parts, body) = response.into_parts();
        let body = body.collect().await;
        let body = body.map_err(|error| ConnectorError::io(error.into()))?;
        let mut answer = Response::new(SdkBody::from(body.to_bytes()));
        *answer.status_mut() = parts.status;
        *answer.headers_mut() = kept(&mut parts.headers);
        HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            connector
                .exchange(in_memory(request)?, std::mem::take)
                .await
        })
    }
}

fn in_memory(request: HttpRequest) -> Result<Request<Full<Bytes>>, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let body = body
        .bytes()
        .ok_or_else(|| ConnectorError::user("streaming bodies are not supported".into()))?;
    let body = Full::from(Bytes::copy_from_slice(body));
    Ok(Request::from_parts(parts, body))
}
