//! Why a secret could not be sealed or opened.

/// A secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealingFailure {
    /// KMS did not respond: retry later.
    #[error("the keyring cannot be unwrapped now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The function has no valid keyring: the operator must fix the deployment.
    #[error("no valid keyring: {0}")]
    NoKeyring(&'static str),
    /// The secret was sealed with a key that is not in the keyring: the operator must restore the key.
    #[error("the secret was sealed with a key that is not in the keyring")]
    UnknownKey,
    /// The stored secret was altered, or copied from another place.
    #[error("the sealed secret was altered or copied from another place")]
    Refused,
}
