//! Everything in a request that a partner has no place for, collected so that a client is told all of it at once.

use crate::contract::fields::Violation;
use crate::partners::failure::PartnerFailure;

/// What is wrong with a request. Nothing is sent as long as there is anything.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Adds what is wrong at a JSON pointer of our contract.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Violation {
            pointer: pointer.into(),
            detail: detail.into(),
        });
    }

    /// What was translated, unless anything is wrong. What could not be translated must have been added.
    pub fn unless_any<T>(self, translated: Option<T>) -> Result<T, PartnerFailure> {
        translated
            .filter(|_| self.0.is_empty())
            .ok_or(PartnerFailure::Invalid(self.0))
    }
}
