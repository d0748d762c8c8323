//! What every partner needs, whatever it does for us: the call with its deadline, the transport, the names of failures,
//! sessions and progress. It knows no partner, and no kind of partner.

pub mod call;
pub mod failure;
pub mod progress;
pub mod session;
pub mod transport;
