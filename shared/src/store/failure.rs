//! Storage failures, named by what the caller can do.

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};

use crate::sealing::failure::SealingFailure;
use crate::telemetry::metrics::{self, Metric};

/// A storage operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// DynamoDB did not respond, or throttled for longer than the SDK retries: retry later.
    #[error("storage is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Only a part of a batch was read, as happens under load: retry later.
    #[error("only a part of a batch was read")]
    Incomplete,
    /// A condition failed, but the conflicting item was not returned: retry.
    #[error("the conflicting item of a write was not returned")]
    MissingItem,
    /// Each write conflicted with another one: retry.
    #[error("other writers changed the same item at each attempt")]
    Contended,
    /// An item cannot be decoded or encoded: do not retry.
    #[error("a stored item cannot be decoded or encoded")]
    Corrupt(#[from] serde_dynamo::Error),
    /// The body in an item cannot be decompressed or is not text: do not retry.
    #[error("a stored body cannot be decoded")]
    CorruptBody(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A request lacks a required field, which is a bug: do not retry.
    #[error("a storage request is incomplete")]
    InvalidCall(#[from] BuildError),
    /// KMS did not unwrap the keyring: retry later.
    #[error("the keyring is unavailable")]
    KeyringUnavailable(#[source] SealingFailure),
    /// A secret cannot be opened or sealed: do not retry.
    #[error("a secret cannot be sealed or opened")]
    Sealed(#[source] SealingFailure),
}

/// The codes with which DynamoDB throttles a call.
const THROTTLES: [&str; 4] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottledException",
    "ThrottlingException",
];

impl StoreFailure {
    /// DynamoDB did not do it, after all that the SDK repeats. A throttled call is counted.
    pub(super) fn unavailable<E>(error: E) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if error.code().is_some_and(|code| THROTTLES.contains(&code)) {
            metrics::count(Metric::TableThrottles, 1);
        }
        Self::Unavailable(Box::new(error))
    }
}

impl From<SealingFailure> for StoreFailure {
    fn from(failure: SealingFailure) -> Self {
        match failure {
            SealingFailure::Unavailable(_) => {
                metrics::count(Metric::KeyErrors, 1);
                Self::KeyringUnavailable(failure)
            }
            SealingFailure::NoKeyring(_) | SealingFailure::UnknownKey | SealingFailure::Refused => {
                Self::Sealed(failure)
            }
        }
    }
}

impl<E, R> From<SdkError<E, R>> for StoreFailure
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    fn from(error: SdkError<E, R>) -> Self {
        Self::unavailable(error)
    }
}
