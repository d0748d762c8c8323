//! The clients of DynamoDB and SQS.
//!
//! Everything comes from the environment, as Lambda sets it: no profile, no metadata service, nothing to look for at a
//! cold start. That is why the configuration is put together here: the SDK's own loader links all of that and reads
//! files for it. TLS is the one that the rest of RMS uses.

use std::time::Duration;

use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::meta::region::ProvideRegion;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::config;

/// A call to DynamoDB or SQS that lasts longer is repeated: both answer in milliseconds.
const ATTEMPT_DEADLINE: Duration = Duration::from_secs(3);
/// Three attempts and their pauses end before the shortest function does.
const CALL_DEADLINE: Duration = Duration::from_secs(8);

/// Amazon Trust Services, which signs the certificates of all AWS services (the four Amazon roots and Starfield's, as
/// <https://www.amazontrust.com/repository/> lists them). Reading the system's 150 roots took half of a cold start, and
/// no other authority has to be trusted with our state.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

/// The configuration of all AWS clients.
pub async fn configuration() -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trusted())
        .build_https();
    let deadlines = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_DEADLINE)
        .operation_timeout(CALL_DEADLINE)
        .build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .region(EnvironmentVariableRegionProvider::new().region().await)
        .service_config(Endpoints)
        .retry_config(RetryConfig::standard())
        .timeout_config(deadlines)
        // The deadlines end a stream that stalls: answers here are read whole.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build()
}

#[expect(
    clippy::expect_used,
    reason = "the builder refuses nothing; the certificates are read in a test"
)]
fn trusted() -> TlsContext {
    let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .expect("a trust store alone is a context")
}

/// Where the environment says that a service is, if it says so.
#[derive(Debug)]
struct Endpoints;

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match key.env() {
            "AWS_ENDPOINT_URL" => config::endpoint_url(key.service_id()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rustls::RootCertStore;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    use super::*;

    #[test]
    fn the_five_roots_are_trusted() {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(AMAZON_ROOTS) {
            roots.add(certificate.unwrap()).unwrap();
        }
        assert_eq!(roots.len(), 5);
    }
}
