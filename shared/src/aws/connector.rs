//! The HTTP client of the AWS SDKs: the same HTTP/1.1 client that RMS uses everywhere. The SDK's own client would link
//! a second one with HTTP/2, which neither DynamoDB nor SQS supports, and read the system's 150 root certificates at
//! every cold start.
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
use http::{HeaderMap, HeaderName, Method};
use reqwest::redirect;
use url::Url;

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
    client: reqwest::Client,
}

impl Connector {
    pub(super) fn new() -> Result<Self, CannotStart> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_DEADLINE)
            .pool_idle_timeout(IDLE_CONNECTIONS_LIVE)
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()?;
        Ok(Self { client })
    }

    /// Sends a call that is not made by an SDK, and returns its status and body.
    pub(super) async fn post(
        &self,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
        deadline: Duration,
    ) -> Result<(u16, Vec<u8>), reqwest::Error> {
        let request = self.client.post(url).timeout(deadline).body(body.to_vec());
        let named = |request: reqwest::RequestBuilder, (name, value): &(String, String)| {
            request.header(name, value)
        };
        let answer = headers.iter().fold(request, named).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.bytes().await?.to_vec()))
    }

    /// Sends a signed `POST`. Of the response's headers, only those are kept that the SDKs' parsers read.
    pub(super) async fn post_signed(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
        deadline: Duration,
    ) -> Result<HttpResponse, ConnectorError> {
        let mut request = reqwest::Request::new(Method::POST, url.clone());
        *request.headers_mut() = headers;
        *request.body_mut() = Some(body.into());
        *request.timeout_mut() = Some(deadline);
        exchange(&self.client, request, |headers| {
            let of_parsers = OF_PARSERS.into_iter();
            let kept =
                of_parsers.filter_map(|name| headers.remove(&name).map(|value| (name, value)));
            kept.collect()
        })
        .await
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
        let client = self.client.clone();
        HttpConnectorFuture::new(async move {
            exchange(&client, in_memory(request)?, std::mem::take).await
        })
    }
}

async fn exchange(
    client: &reqwest::Client,
    request: reqwest::Request,
    kept: impl FnOnce(&mut HeaderMap) -> HeaderMap,
) -> Result<HttpResponse, ConnectorError> {
    let mut response = client.execute(request).await.map_err(unanswered)?;
    let mut answer = http::Response::new(());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = kept(response.headers_mut());
    let body = response.bytes().await.map_err(unanswered)?;
    HttpResponse::try_from(answer.map(|()| SdkBody::from(body)))
        .map_err(|error| ConnectorError::other(error.into(), None))
}

fn in_memory(request: HttpRequest) -> Result<reqwest::Request, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let body = body
        .bytes()
        .ok_or_else(|| ConnectorError::user("streaming bodies are not supported".into()))?
        .to_vec();
    http::Request::from_parts(parts, body)
        .try_into()
        .map_err(|error: reqwest::Error| ConnectorError::user(error.into()))
}

fn unanswered(error: reqwest::Error) -> ConnectorError {
    if error.is_builder() {
        ConnectorError::user(error.into())
    } else if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}
