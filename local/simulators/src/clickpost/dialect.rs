//! The formats of the webhooks: those that a merchant selects on the dashboard, and a variant from the documentation.

use crate::control::AdvanceRefusal;

const NAMES: &[&str] = &["all", "selected", "wrapped"];

/// A webhook format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Every status.
    All,
    /// Selected events, identified by number.
    Selected,
    /// Like `Selected`, but return requests are wrapped in an envelope.
    Wrapped,
}

impl Dialect {
    /// The dialect with this name; `All` by default.
    pub(super) fn named(name: Option<&str>) -> Result<Self, AdvanceRefusal> {
        match name {
            None | Some("all") => Ok(Self::All),
            Some("selected") => Ok(Self::Selected),
            Some("wrapped") => Ok(Self::Wrapped),
            Some(other) => Err(AdvanceRefusal::UnknownDialect {
                dialect: other.to_owned(),
                known: NAMES,
            }),
        }
    }
}
