//! The clients of DynamoDB, SQS and KMS.
//!
//! All settings come from the environment, as Lambda sets it: no profile, no metadata service, no lookups at a cold
//! start. The configuration is built here because the SDK's own loader links all of these and reads files.

mod clients;
mod connector;
pub mod direct;
mod gathered_puts;
pub mod kms;
mod service;
mod signer;

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::config::{AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_REGION, Variables};
pub use clients::{DynamoDb, Sqs};
use connector::Connector;

/// A DynamoDB or SQS call that takes longer is retried: both respond within milliseconds.
const ATTEMPT_DEADLINE: Duration = Duration::from_secs(3);
/// Three attempts with their pauses end before the shortest function timeout.
const CALL_DEADLINE: Duration = Duration::from_secs(8);

/// The configuration of all AWS clients.
#[derive(Debug, Clone)]
pub struct Aws {
    /// That of the SDKs.
    pub sdk: SdkConfig,
    connector: Connector,
}

impl Aws {
    /// The same with other credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: SharedCredentialsProvider) -> Self {
        let sdk = self.sdk.into_builder();
        Self {
            sdk: sdk.credentials_provider(credentials).build(),
            connector: self.connector,
        }
    }
}

/// The configuration of all AWS clients, from the environment.
pub fn configuration() -> Aws {
    configuration_by(&Variables::of_environment())
}

/// The same, with the region and endpoint URLs of these variables. Credentials still come from the environment.
pub fn configuration_by(variables: &Variables) -> Aws {
    let region = variables.optional(AWS_REGION);
    let region = region.or_else(|| variables.optional(AWS_DEFAULT_REGION));
    let deadlines = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_DEADLINE)
        .operation_timeout(CALL_DEADLINE)
        .build();
    let connector = connector();
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(connector.clone())
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .region(region.map(Region::new))
        .service_config(ConfiguredUrls(variables.clone()))
        .retry_config(RetryConfig::standard())
        .timeout_config(deadlines)
        // The deadlines end a stalled stream: responses here are read as a whole.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    Aws { sdk, connector }
}

/// The endpoint URL of a service, if it is not the default, looked up as the SDKs do.
fn endpoint_url(aws: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env(AWS_ENDPOINT_URL)
        .profile("endpoint_url")
        .build();
    let configured = aws.service_config()?.load_config(key.ok()?);
    configured.or_else(|| aws.endpoint_url().map(ToOwned::to_owned))
}

/// For tests: the configuration of clients of a stand-in at this URL.
#[cfg(test)]
pub(crate) fn configuration_at(url: &str) -> Aws {
    use aws_sdk_dynamodb::config::Credentials;

    let credentials = Credentials::new("id", "secret", None, None, "test");
    let aws = configuration_by(&Variables::given(std::collections::BTreeMap::new()));
    let sdk = aws
        .sdk
        .into_builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .build();
    Aws { sdk, ..aws }
}

#[expect(
    clippy::expect_used,
    reason = "the settings are constants: if they were wrong, no function would start and every test would fail"
)]
fn connector() -> Connector {
    Connector::new().expect("a client with these settings")
}

/// The endpoint URL of a service, if the variables set one.
#[derive(Debug)]
struct ConfiguredUrls(Variables);

impl LoadServiceConfig for ConfiguredUrls {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match key.env() {
            AWS_ENDPOINT_URL => self.0.endpoint_url(key.service_id()),
            _ => None,
        }
    }
}
