//! A client's webhook endpoint: [`request`] makes a message a signed request, [`attempt`] sends it and judges the reply.

pub mod attempt;
mod request;
pub mod signature;
#[cfg(test)]
mod tests;
