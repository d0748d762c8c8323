//! A configured thing as a request wants it, and how that differs from what is stored.

use crate::domain::audit::{Action, AuditSubject, Change};

/// A thing as it is to be.
#[derive(Debug)]
pub struct Draft<T> {
    /// The thing.
    pub value: T,
    /// The names of the fields that have another value than before; of a new thing those that are not as usual.
    pub fields: Vec<String>,
}

/// A field that cannot be what a request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// Which one: names from the outermost to the innermost, with `/` between them.
    pub field: String,
    /// What is wrong, and what is right.
    pub detail: String,
}

impl<T> Draft<T> {
    /// What the audit says of it.
    pub fn change(&self, subject: AuditSubject, id: String, is_new: bool) -> Change {
        let action = if is_new {
            Action::Created
        } else {
            Action::Changed
        };
        Change {
            fields: self.fields.clone(),
            ..Change::of(subject, id, action)
        }
    }
}

/// The names of the fields that differ.
pub(crate) fn differing(fields: impl IntoIterator<Item = (&'static str, bool)>) -> Vec<String> {
    let differing = fields.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(name, _)| name.to_owned()).collect()
}
