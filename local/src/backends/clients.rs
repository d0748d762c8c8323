//! SDK clients of the embedded backends: plain HTTP, credentials that nobody checks.

use aws_smithy_http_client::Builder;

use crate::region::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};

pub(super) fn dynamodb(endpoint: &str) -> aws_sdk_dynamodb::Client {
    use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};

    aws_sdk_dynamodb::Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(
                ACCESS_KEY_ID,
                SECRET_ACCESS_KEY,
                None,
                None,
                "local",
            ))
            .endpoint_url(endpoint)
            .http_client(Builder::new().build_http())
            .build(),
    )
}

pub(super) fn sqs(endpoint: &str) -> aws_sdk_sqs::Client {
    use aws_sdk_sqs::config::{BehaviorVersion, Config, Credentials, Region};

    aws_sdk_sqs::Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(
                ACCESS_KEY_ID,
                SECRET_ACCESS_KEY,
                None,
                None,
                "local",
            ))
            .endpoint_url(endpoint)
            .http_client(Builder::new().build_http())
            .build(),
    )
}

pub(super) fn kms(endpoint: &str) -> aws_sdk_kms::Client {
    use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};

    aws_sdk_kms::Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(
                ACCESS_KEY_ID,
                SECRET_ACCESS_KEY,
                None,
                None,
                "local",
            ))
            .endpoint_url(endpoint)
            .http_client(Builder::new().build_http())
            .build(),
    )
}
