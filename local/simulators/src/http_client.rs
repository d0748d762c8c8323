//! The HTTP client of the simulators and of the tests. It is separate from the product's client, because the simulators must
//! not depend on the code that they check.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A receiver on this machine accepts at once, or it is not running.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Longer than a function's first start in a debug build on a busy machine.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);

/// A client that follows no redirect and uses no proxy.
pub fn client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls()?)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .context("cannot build the HTTP client")
}

fn tls() -> anyhow::Result<ClientConfig> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("ring supports no TLS version")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
