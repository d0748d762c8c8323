//! What goes to a client's systems: the body of each kind of message, and a sample of each.

pub mod invoice;
pub mod notification;
pub mod sample;

/// What a kind of message must be, as the end of the sentence "must be …".
pub const KINDS: &str = "a kind of message in capitals, such as INVOICE";
