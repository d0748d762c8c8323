//! Between acceptance and delivery: the shape of a task, how it is sent, and how a batch of them is worked off.

pub mod backlog;
pub mod batch;
pub mod dead_letter;
pub mod received;
pub mod sender;
pub mod task;
