//! What can go wrong with the store.

use aws_sdk_dynamodb::error::SdkError;

use crate::sealing::failure::SealingFailure;

/// The store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// It gave no answer, or throttled longer than the SDK repeats: try again later.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It holds an item that nobody can read.
    #[error("the store holds an item that cannot be read")]
    Corrupt(#[from] serde_dynamo::Error),
    /// It holds a secret that cannot be opened, or one cannot be sealed.
    #[error("a secret cannot be sealed or opened")]
    Sealed(#[source] SealingFailure),
}

impl From<SealingFailure> for StoreFailure {
    fn from(failure: SealingFailure) -> Self {
        match failure {
            SealingFailure::Unavailable(_) => Self::Unavailable(failure.into()),
            SealingFailure::NoKeyring(_) | SealingFailure::UnknownKey | SealingFailure::Refused => {
                Self::Sealed(failure)
            }
        }
    }
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
