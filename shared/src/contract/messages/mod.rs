//! What goes to a client's systems: the body of each kind of message.

pub mod notification;
