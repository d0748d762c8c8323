//! HTTP in and out: who calls, what came, what goes back. The only room that knows HTTP statuses of our own answers.

mod access_log;
pub mod answer;
pub mod caller;
pub mod precondition;
pub mod problem;
pub mod problem_sets;
pub mod request;
pub mod wanted;
