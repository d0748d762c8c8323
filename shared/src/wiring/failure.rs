//! Why a function cannot start.

use crate::config::Misconfigured;
use crate::outbound::client::CannotStart;

/// What a function uses cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum WiringFailure {
    /// The template does not give the function a variable, or a wrong one.
    #[error(transparent)]
    Misconfigured(#[from] Misconfigured),
    /// The pool to the outside cannot be made: the build is wrong.
    #[error(transparent)]
    Outbound(#[from] CannotStart),
}
