//! Calls untrusted URLs: checked addresses, deadlines, no redirects, no decompression, limited responses.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, redirect};
use url::Url;

use crate::outbound::cause::{Unresolved, causes};
use crate::outbound::target::{self, AllowedTargets, ForbiddenTarget};
use crate::outbound::vetting::Names;

/// Long enough for a TCP and TLS handshake around the world; a host that needs longer is down.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// Lambda freezes idle instances, and frozen connections break unnoticed: older connections are not reused.
pub(crate) const IDLE_CONNECTIONS_LIVE: Duration = Duration::from_secs(50);

/// An outgoing request.
#[derive(Clone)]
pub struct OutboundRequest {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; `None` sends none.
    pub body: Option<Vec<u8>>,
}

/// Prints neither query, headers nor body: they contain keys and personal data.
impl std::fmt::Debug for OutboundRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("OutboundRequest")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("path", &self.url.path())
            .finish_non_exhaustive()
    }
}

/// Limits of a call: its duration and the size of its response.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first byte sent to the last byte read.
    pub total: Duration,
    /// The maximum size of a body, in bytes.
    pub most_bytes: usize,
}

/// A response with any status.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header, unparsed.
    pub retry_after: Option<String>,
    /// The `Content-Type` header, unparsed.
    pub content_type: Option<String>,
    /// The body, up to the limit.
    pub body: Vec<u8>,
    /// Whether the body was longer than the limit.
    pub truncated: bool,
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The URL may not be called; nothing was sent.
    #[error("the target is forbidden")]
    Forbidden(#[from] ForbiddenTarget),
    /// No connection could be established; nothing was sent.
    #[error("the connection failed")]
    NotSent(#[source] reqwest::Error),
    /// The request may have been sent, but no complete response arrived in time.
    #[error("no complete response arrived")]
    Unanswered(#[source] reqwest::Error),
}

/// The pool cannot be created: the build is broken.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    /// TLS has no usable protocol version.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The HTTP client rejects its settings.
    #[error("the HTTP client cannot be set up")]
    Client(#[from] reqwest::Error),
}

/// The outbound connection pool.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: reqwest::Client,
    pub(super) allowed: AllowedTargets,
    pub(super) names: Names,
}

impl Outbound {
    /// Creates the pool. Connections are opened on demand.
    pub fn new(allowed: AllowedTargets) -> Result<Self, CannotStart> {
        Self::with_names(allowed, SystemNames)
    }

    /// A pool that resolves names with `names` and checks every address.
    pub(super) fn with_names(
        allowed: AllowedTargets,
        names: impl Resolve + 'static,
    ) -> Result<Self, CannotStart> {
        let names = Arc::new(OnlyPublic(names));
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(names.clone())
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_DEADLINE)
            .pool_idle_timeout(IDLE_CONNECTIONS_LIVE)
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .user_agent(concat!("rms-logistics/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            allowed,
            names: Names(names),
        })
    }

    /// Sends a request and reads the response up to the limit.
    pub async fn send(&self, request: OutboundRequest, limits: Limits) -> Result<Reply, SendError> {
        target::check(&request.url, &self.allowed)?;
        let mut builder = self
            .client
            .request(request.method, request.url)
            .headers(request.headers)
            .timeout(limits.total);
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let mut response = builder.send().await.map_err(unsent_or_unanswered)?;
        let (body, truncated) = read_capped(&mut response, limits.most_bytes)
            .await
            .map_err(SendError::Unanswered)?;
        Ok(Reply {
            status: response.status().as_u16(),
            retry_after: response.headers().get(RETRY_AFTER).and_then(printed),
            content_type: response.headers().get(CONTENT_TYPE).and_then(printed),
            body,
            truncated,
        })
    }
}

fn printed(value: &HeaderValue) -> Option<String> {
    value.to_str().ok().map(str::to_owned)
}

fn unsent_or_unanswered(error: reqwest::Error) -> SendError {
    if let Some(forbidden) = refused_by_resolver(&error) {
        SendError::Forbidden(forbidden)
    } else if error.is_connect() || error.is_builder() {
        SendError::NotSent(error.without_url())
    } else {
        SendError::Unanswered(error.without_url())
    }
}

/// The error of [`OnlyPublic`], if it refused the name.
fn refused_by_resolver(error: &reqwest::Error) -> Option<ForbiddenTarget> {
    causes(error).find_map(|cause| cause.downcast_ref().cloned())
}

async fn read_capped(
    response: &mut reqwest::Response,
    most: usize,
) -> Result<(Vec<u8>, bool), reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        let room = most.saturating_sub(body.len());
        if chunk.len() > room {
            body.extend(chunk.iter().take(room));
            return Ok((body, true));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, false))
}

/// TLS with the Mozilla roots compiled in: reading the system's roots at every cold start costs milliseconds.
pub(crate) fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_root_certificates(roots).with_no_client_auth())
}

/// Resolves a name once and refuses it if any of its addresses is not public. The connection uses these addresses, so a
/// DNS change right after the check has no effect.
struct OnlyPublic<N>(N);

impl<N: Resolve> Resolve for OnlyPublic<N> {
    fn resolve(&self, name: Name) -> Resolving {
        let resolving = self.0.resolve(name);
        Box::pin(async move {
            let resolved = resolving.await.map_err(|error| Unresolved(Some(error)))?;
            let addresses: Vec<SocketAddr> = resolved.collect();
            if addresses.is_empty() {
                return Err(Unresolved(None).into());
            }
            for address in &addresses {
                target::check_address(address.ip())?;
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The system's resolver.
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
