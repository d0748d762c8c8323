//! A client's webhook endpoint: [`request`] builds a signed request, [`attempt`] sends it and judges the response.

pub mod attempt;
mod request;
pub mod signature;
#[cfg(test)]
mod tests;
