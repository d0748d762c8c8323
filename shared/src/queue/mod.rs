//! The delivery queue: the format of a task, how tasks are sent, and how batches are processed.

pub mod backlog;
pub mod batch;
pub mod dead_letter;
pub mod received;
pub mod return_reading;
pub mod sender;
pub mod task;
