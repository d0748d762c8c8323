//! The clients of DynamoDB and SQS.
//!
//! Credentials and region come from the environment, as Lambda sets them: no profile, no metadata service, nothing to
//! look for at a cold start. TLS is the one that the rest of RMS uses.

use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::time::Duration;

/// A call to DynamoDB or SQS that lasts longer is repeated: both answer in milliseconds.
const ATTEMPT_DEADLINE: Duration = Duration::from_secs(3);
/// Three attempts and their pauses end before the shortest function does.
const CALL_DEADLINE: Duration = Duration::from_secs(8);

/// Reads the configuration of all AWS clients.
pub async fn configuration() -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let deadlines = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_DEADLINE)
        .operation_timeout(CALL_DEADLINE)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .region(EnvironmentVariableRegionProvider::new())
        .timeout_config(deadlines)
        .load()
        .await
}
