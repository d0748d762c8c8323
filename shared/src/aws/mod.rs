//! The clients of DynamoDB, SQS and KMS.
//!
//! Everything comes from the environment, as Lambda sets it: no profile, no metadata service, nothing to look for at a
//! cold start. That is why the configuration is put together here: the SDK's own loader links all of that and reads
//! files for it.

mod connector;
pub mod kms;

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::config::{AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_REGION, Variables};
use connector::Connector;

/// A call to DynamoDB or SQS that lasts longer is repeated: both answer in milliseconds.
const ATTEMPT_DEADLINE: Duration = Duration::from_secs(3);
/// Three attempts and their pauses end before the shortest function does.
const CALL_DEADLINE: Duration = Duration::from_secs(8);

/// The configuration of all AWS clients, as the environment says.
pub fn configuration() -> SdkConfig {
    configuration_by(&Variables::of_environment())
}

/// The same, with the region and the places of services that these variables say. Credentials are still the
/// environment's.
pub fn configuration_by(variables: &Variables) -> SdkConfig {
    let region = variables.optional(AWS_REGION);
    let region = region.or_else(|| variables.optional(AWS_DEFAULT_REGION));
    let deadlines = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_DEADLINE)
        .operation_timeout(CALL_DEADLINE)
        .build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(connector())
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .region(region.map(Region::new))
        .service_config(ConfiguredUrls(variables.clone()))
        .retry_config(RetryConfig::standard())
        .timeout_config(deadlines)
        // The deadlines end a stream that stalls: answers here are read whole.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build()
}

#[expect(
    clippy::expect_used,
    reason = "the settings are constants: when they are wrong, no function starts and every test fails"
)]
fn connector() -> Connector {
    Connector::new().expect("a client with these settings")
}

/// Where the variables say that a service is, if they say so.
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
