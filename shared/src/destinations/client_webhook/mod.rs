//! A client's webhook endpoint: [`signature`] signs a message, [`attempt`] sends it and judges the reply.

pub mod attempt;
pub mod signature;
#[cfg(test)]
mod tests;
