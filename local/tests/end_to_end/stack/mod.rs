//! The local stack from outside.

mod backends;
mod direct_calls;
mod functions;
mod gateway;
mod queue;
mod stack_file;
mod template;
mod top;
mod world;
