//! Everything that Shiprocket has no place for in a request, collected so that it is told at once.

use crate::contract::fields::Violation;
use crate::partners::failure::Failure;

/// Everything that Shiprocket has no place for.
#[derive(Default)]
pub(super) struct Wrong(Vec<Violation>);

impl Wrong {
    /// Something at a JSON pointer of our contract.
    pub(super) fn at(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Violation {
            pointer: pointer.into(),
            detail: detail.into(),
        });
    }

    /// What was translated, unless something is wrong.
    pub(super) fn unless_nothing<T>(self, translated: T) -> Result<T, Failure> {
        if self.0.is_empty() {
            Ok(translated)
        } else {
            Err(Failure::Invalid(self.0))
        }
    }
}
