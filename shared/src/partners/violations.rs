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

    /// Adds the violations of a part of the request, which is at the pointer `part`.
    pub fn add_part(&mut self, part: &str, violations: Self) {
        let of_part = violations.0.into_iter();
        self.0.extend(of_part.map(|found| Violation {
            pointer: format!("{part}{}", found.pointer),
            detail: found.detail,
        }));
    }

    /// The translated request, if there are no violations. If something could not be translated, a violation must
    /// exist.
    pub fn unless_any<T>(self, translated: Option<T>) -> Result<T, PartnerFailure> {
        translated
            .filter(|_| self.0.is_empty())
            .ok_or(PartnerFailure::Invalid(self.0))
    }
}
