//! How the webhooks speak: what a merchant chooses on the dashboard, and a variant that the documentation shows.

use crate::control::AdvanceRefusal;

const NAMES: &[&str] = &["all", "selected", "wrapped"];

/// One way of telling the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Every status.
    All,
    /// Selected events, which are named by number.
    Selected,
    /// As selected, and return requests stand in an envelope.
    Wrapped,
}

impl Dialect {
    /// The dialect of that name; all statuses unless said.
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
