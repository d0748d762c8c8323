//! What sales channels tell: prove their webhooks, keep what they say about orders, and tell the client what changed.

pub mod dependencies;
pub mod prove_hook;
pub mod receive_hook;
mod receive_order;
