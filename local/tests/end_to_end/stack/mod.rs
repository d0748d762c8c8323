//! The local stack from outside. One binary, so that it is linked once.

mod backends;
mod functions;
mod gateway;
mod queue;
mod stack_file;
mod template;
mod world;
