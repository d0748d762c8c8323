//! Collects everything in a request that a partner does not support, so that a client sees all of it at once.

use crate::contract::fields::Violation;
use crate::partners::failure::PartnerFailure;

/// The violations of a request. If there are any, nothing is sent.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Adds a violation at a JSON pointer of our contract.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Violation {
            pointer: pointer.into(),
            detail: detail.into(),
        });
    }

    /// The translated request, if there are no violations. If something could not be translated, a violation must
    /// exist.
    pub fn unless_any<T>(self, translated: Option<T>) -> Result<T, PartnerFailure> {
        translated
            .filter(|_| self.0.is_empty())
            .ok_or(PartnerFailure::Invalid(self.0))
    }
}
