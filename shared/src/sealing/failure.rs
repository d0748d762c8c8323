//! Why a secret was not sealed or opened.

/// A secret was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealingFailure {
    /// KMS gave no answer: try again later.
    #[error("the keyring cannot be unwrapped at present")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// This function was not given a usable keyring: the operator corrects the deployment.
    #[error("there is no usable keyring: {0}")]
    NoKeyring(&'static str),
    /// The secret was sealed with a key that the keyring does not have: the operator puts it back.
    #[error("the secret was sealed with a key that is not in the keyring")]
    UnknownKey,
    /// What is stored was not sealed for this place, or was altered since.
    #[error("a sealed secret was altered, or belongs elsewhere")]
    Refused,
}
