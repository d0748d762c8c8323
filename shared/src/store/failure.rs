//! What can go wrong with the store.

use aws_sdk_dynamodb::error::SdkError;

/// The store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// It gave no answer, or throttled longer than the SDK repeats: try again later.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It holds an item that nobody can read.
    #[error("the store holds an item that cannot be read")]
    Corrupt(#[from] serde_dynamo::Error),
}

impl<E, R> From<SdkError<E, R>> for StoreFailure
where
    E: std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    fn from(error: SdkError<E, R>) -> Self {
        Self::Unavailable(Box::new(error))
    }
}
