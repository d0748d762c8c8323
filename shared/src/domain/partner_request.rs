//! What the requests for accounts of all partners have in common.

use std::collections::BTreeMap;

use crate::domain::draft::WrongField;
use crate::domain::form::AccountForm;
use crate::domain::secrets::{GivenSecrets, NamedSecrets, merged};

/// Values by name.
pub type Texts = BTreeMap<String, String>;

/// The requested credentials, with stored values where no value is given; all stored ones if none are given. Fails if a
/// required one has no value.
pub fn completed(
    form: &AccountForm,
    given: Option<&GivenSecrets>,
    stored: Option<&NamedSecrets>,
) -> Result<NamedSecrets, Vec<WrongField>> {
    let wanted = match given {
        None => stored.cloned().unwrap_or_default(),
        Some(given) => merged(given, |name| stored.and_then(|stored| stored.get(name))).secrets,
    };
    let missing = form
        .credentials
        .iter()
        .filter(|entry| entry.is_needed && !wanted.contains_key(entry.name));
    let missing: Vec<WrongField> = missing
        .map(|entry| WrongField {
            field: format!("credentials/{}", entry.name),
            detail: entry.missing(),
        })
        .collect();
    if missing.is_empty() {
        Ok(wanted)
    } else {
        Err(missing)
    }
}

/// Rejects a change of the partner of an account. `field` names the partner in the request.
pub fn unchanged(field: &str, wanted: &str, present: Option<&str>) -> Result<(), WrongField> {
    match present {
        Some(present) if present != wanted => Err(WrongField {
            field: field.to_owned(),
            detail: format!("cannot be changed: it is {present}"),
        }),
        Some(_) | None => Ok(()),
    }
}
