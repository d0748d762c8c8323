//! A local stack: runs the deployment template on one machine, without Docker and without an AWS account.
//!
//! The functions are the same binaries that are deployed, started as child processes that speak the Lambda runtime
//! API. Around them stand the parts of AWS that the template names: the HTTP API, the queue poller, the schedules,
//! and an embedded DynamoDB and SQS. What is not in the template does not run.
//!
//! [`stack::Stack`] is the whole; [`backends::Backends`] alone is what tests of the store and the queue need, and
//! [`handler_world::HandlerWorld`] what the tests of a function need.
//!
//! What is not here, but in crates beside this one: the aggregators' simulators and the client's sink (`simulators`),
//! the commands for a stack in AWS too (`operator`), the benchmark (`bench`), the command line (`cargo-local`).

pub mod backends;
pub mod binaries;
pub mod demo;
pub mod gateway;
pub mod handler_world;
pub mod http_server;
pub mod instances;
pub mod log;
mod permissions;
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

/// The client's system of a stack and of a handler's world.
pub use simulators::sink;
