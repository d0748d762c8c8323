//! What can go wrong with the store, by what its caller can do about it.

use aws_sdk_dynamodb::error::{BuildError, SdkError};

use crate::sealing::failure::SealingFailure;

/// The store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// It did not answer, or throttled longer than the SDK repeats: try again later.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It read only a part of a batch, as it does when it is busy: try again later.
    #[error("the store read only a part of a batch")]
    Incomplete,
    /// A condition did not hold, but the item that broke it did not come back: try again.
    #[error("the store did not return the item that a write collided with")]
    MissingItem,
    /// Each write collided with another one: try again.
    #[error("other writers changed the same item each time")]
    Contended,
    /// An item cannot be decoded, or a value cannot be encoded as one: repeating it cannot help.
    #[error("an item of the store cannot be decoded or encoded")]
    Corrupt(#[from] serde_dynamo::Error),
    /// The body in an item cannot be inflated, or is not text: repeating it cannot help.
    #[error("a body in the store cannot be decoded")]
    CorruptBody(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A call lacks a member that it needs, which is a bug: repeating it cannot help.
    #[error("a call of the store is incomplete")]
    InvalidCall(#[from] BuildError),
    /// KMS did not unwrap the keyring: try again later.
    #[error("the keyring is unavailable")]
    KeyringUnavailable(#[source] SealingFailure),
    /// A secret cannot be opened, or one cannot be sealed: repeating it cannot help.
    #[error("a secret cannot be sealed or opened")]
    Sealed(#[source] SealingFailure),
}

impl From<SealingFailure> for StoreFailure {
    fn from(failure: SealingFailure) -> Self {
        match failure {
            SealingFailure::Unavailable(_) => Self::KeyringUnavailable(failure),
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
