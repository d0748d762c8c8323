//! External backends, to check the tests against another DynamoDB and SQS than the embedded ones.
//!
//! They must treat an access key of twelve digits as the account, with separate tables and queues per account, and must not
//! check signatures, as the usual AWS emulators do. Every stack uses a new account, so that stacks can run side by side. Its
//! tables and queues are not deleted afterwards.

use std::iter::repeat_with;

use crate::surroundings;

/// The addresses of external backends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The endpoint of DynamoDB.
    pub dynamodb_url: String,
    /// The endpoint of SQS.
    pub sqs_url: String,
}

impl Elsewhere {
    /// The backends named in the environment: `LOCAL_BACKENDS` has one URL for both.
    pub fn of_environment() -> Option<Self> {
        surroundings::backends().map(|url| Self {
            dynamodb_url: url.clone(),
            sqs_url: url,
        })
    }
}

/// A new account id.
pub(super) fn new_account() -> String {
    repeat_with(|| fastrand::digit(10)).take(12).collect()
}
