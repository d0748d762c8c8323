//! SDK clients for a stack on this machine: plain HTTP, credentials that are not checked.

use aws_smithy_http_client::Builder;
use logistics::aws::kms::Kms;
use logistics::aws::{DynamoDb, Sqs};

/// The region of a stack on this machine.
pub const REGION: &str = "ap-south-1";
/// The access key of these clients.
pub const ACCESS_KEY_ID: &str = "local";
/// The secret of [`ACCESS_KEY_ID`].
pub const SECRET_ACCESS_KEY: &str = "local";

/// A client for the DynamoDB at that URL.
pub fn dynamodb(endpoint: &str) -> DynamoDb {
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
    .into()
}

/// A client for the SQS at that URL.
pub fn sqs(endpoint: &str) -> Sqs {
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
    .into()
}

/// A client for the KMS at that URL.
pub fn kms(endpoint: &str) -> Kms {
    use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};

    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "local");
    let provider = SharedCredentialsProvider::new(credentials);
    Kms::at(endpoint.to_owned(), REGION.to_owned(), Some(provider))
}
