//! The requested state of a configured object, and how it differs from the stored state.

use crate::domain::audit::{Action, AuditSubject, Change};

/// The requested state of an object.
#[derive(Debug)]
pub struct Draft<T> {
    /// The object.
    pub value: T,
    /// The names of the changed fields; for a new object, those that differ from the defaults.
    pub fields: Vec<String>,
}

/// A field with an invalid value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// Its path, outermost name first, separated by `/`.
    pub field: String,
    /// What is wrong, and what is valid.
    pub detail: String,
}

impl<T> Draft<T> {
    /// The audit entry of the change.
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
