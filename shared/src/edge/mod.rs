//! HTTP requests and responses: authentication, parsing, results. Only this room knows the HTTP statuses of our
//! responses.

mod access_log;
pub mod answer;
pub mod caller;
pub mod console_session;
pub mod envelope;
pub mod page;
pub mod precondition;
pub mod problem;
pub mod problem_sets;
pub mod request;
pub mod wanted;
mod warnings;
