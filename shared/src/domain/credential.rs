//! The user name and secret with which an aggregator authenticates its pushes.

/// A user name and a secret.
#[derive(Clone)]
pub struct Credential {
    /// The user name.
    pub user_name: String,
    /// The secret.
    pub secret: String,
    /// The domain name, if the sender uses one.
    pub domain_name: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Credential").finish_non_exhaustive()
    }
}
