//! A local stack: runs the deployment template on one machine, without Docker and without an AWS account.
//!
//! The functions are the deployed binaries, started as child processes that use the Lambda runtime API. The stack provides
//! the parts of AWS that the template names: the HTTP API, the queue poller, the schedules, and an embedded DynamoDB and
//! SQS. Only resources of the template run.
//!
//! [`stack::Stack`] is the whole stack. Tests of the store and the queue use [`backends::Backends`], and tests of a
//! function use [`handler_world::HandlerWorld`].
//!
//! Not here, but in crates of their own: the aggregators' simulators and the client's sink (`simulators`), the commands
//! that also work on a stack in AWS (`operator`), the benchmark (`bench`), the command line (`cargo-local`).

pub mod backends;
pub mod binaries;
pub mod demo;
mod faults;
pub mod gateway;
pub mod handler_world;
pub mod http_server;
pub mod instances;
pub mod log;
pub mod metrics;
pub mod permissions;
pub mod poller;
mod private_file;
pub mod region;
pub mod resources;
pub mod runtime_api;
pub mod schedule;
pub mod screen;
mod secret;
pub mod stack;
mod surroundings;
pub mod template;
pub mod top;

/// The client's system of a stack and of a handler's world.
pub use simulators::sink;
/// Where the answers that tests get are written down.
pub use surroundings::answers;
