//! How an invocation can fail, with Lambda's own messages where they exist.

use std::process::ExitStatus;
use std::time::Duration;

use crate::runtime_api::FunctionError;

/// Why an invocation has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvocationFailure {
    /// The function returned an error. Its instance keeps running.
    #[error("the function returned an error: {0}")]
    Returned(FunctionError),
    /// The function was killed at its timeout.
    #[error("{request_id} Task timed out after {:.2} seconds", .timeout.as_secs_f64())]
    TimedOut {
        /// Id of the invocation.
        request_id: String,
        /// The function's timeout.
        timeout: Duration,
    },
    /// The process ended during the invocation.
    #[error("RequestId: {request_id} Error: Runtime exited with error: {status}")]
    Exited {
        /// Id of the invocation.
        request_id: String,
        /// `exit status 3`, `signal 9`.
        status: String,
    },
    /// The process did not poll for an invocation.
    #[error("the function could not start: {reason}")]
    NotStarted {
        /// The reason, as far as known.
        reason: String,
    },
    /// The stack is stopping.
    #[error("the local stack is stopping")]
    Stopped,
}

/// The exit status in Lambda's wording.
pub(super) fn describe(status: std::io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => match status.code() {
            Some(code) => format!("exit status {code}"),
            None => status.to_string(),
        },
        Err(error) => error.to_string(),
    }
}
