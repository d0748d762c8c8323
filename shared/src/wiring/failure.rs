//! Why a function cannot start.

use crate::config::Misconfigured;
use crate::outbound::client::CannotStart;

/// A dependency of a function cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum WiringFailure {
    /// A variable in the template is missing or invalid.
    #[error(transparent)]
    Misconfigured(#[from] Misconfigured),
    /// The outbound connection pool cannot be created: the build is broken.
    #[error(transparent)]
    Outbound(#[from] CannotStart),
}
