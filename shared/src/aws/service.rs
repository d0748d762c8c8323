//! A service of AWS at one endpoint: where its requests go, and how they are signed.

use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, Uri};

use crate::aws::connector::Connector;
use crate::aws::signer::Signer;

/// A service.
#[derive(Debug)]
pub(super) struct Service {
    connector: Connector,
    uri: Uri,
    host: HeaderValue,
    signer: Signer,
}

/// Why a request got no response.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoResponse {
    /// There are no usable credentials.
    #[error("no credentials")]
    NotSigned,
    /// It may have been sent.
    #[error("no response: {0}")]
    NotAnswered(ConnectorError),
}

impl Service {
    /// `None` if the endpoint is no URL without a path.
    pub(super) fn new(
        connector: Connector,
        name: &'static str,
        region: &str,
        credentials: SharedCredentialsProvider,
        endpoint: &str,
    ) -> Option<Self> {
        let uri: Uri = endpoint.parse().ok()?;
        let host = HeaderValue::from_str(uri.authority()?.as_str()).ok()?;
        (uri.path() == "/").then(|| Self {
            connector,
            uri,
            host,
            signer: Signer::new(name, region, credentials),
        })
    }

    /// Signs a `POST` and sends it.
    pub(super) async fn post(
        &self,
        mut headers: HeaderMap,
        body: Bytes,
        deadline: Duration,
    ) -> Result<HttpResponse, NoResponse> {
        headers.insert(HOST, self.host.clone());
        let signed = self.signer.sign(&mut headers, &body).await;
        signed.ok_or(NoResponse::NotSigned)?;
        let uri = self.uri.clone();
        let sent = self.connector.post_signed(uri, headers, body, deadline);
        sent.await.map_err(NoResponse::NotAnswered)
    }

    /// Asks for the credentials again at the next request.
    pub(super) fn forget_credentials(&self) {
        self.signer.forget();
    }
}
