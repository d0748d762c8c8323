//! Backends that somebody else runs: a second opinion on what the embedded ones do.
//!
//! They must take an access key of twelve digits for the account, each account having tables and queues of its own, and
//! must not check signatures; the usual emulators of AWS are like that. Every stack takes an account there that nobody
//! has, so that stacks run side by side as they do with backends of their own. What it makes there stays there.

use std::iter::repeat_with;

use crate::surroundings;

/// Where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The endpoint of DynamoDB.
    pub dynamodb_url: String,
    /// The endpoint of SQS.
    pub sqs_url: String,
}

impl Elsewhere {
    /// Those that the environment names, by one URL for both in `LOCAL_BACKENDS`.
    pub fn of_environment() -> Option<Self> {
        surroundings::backends().map(|url| Self {
            dynamodb_url: url.clone(),
            sqs_url: url,
        })
    }
}

/// An account that nobody has.
pub(super) fn new_account() -> String {
    repeat_with(|| fastrand::digit(10)).take(12).collect()
}
