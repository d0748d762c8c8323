//! Reads the fields that the accounts of all partners have, by the form that the partner's adapter declares.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::contract::configured::{UrlRule, callable_url, given_secrets};
use crate::contract::fields::Fields;
use crate::contract::values::{LONGEST_TEXT, secret};
use crate::domain::form::{AccountForm, FormEntry, LIST_SEPARATOR, SettingKind};
use crate::domain::partner_request::Texts;
use crate::domain::secrets::GivenSecrets;

/// The maximum number of settings of an account or a warehouse.
pub(crate) const MOST_SETTINGS: usize = 200;

/// The credentials of an account. The outer `None` means that something in them is invalid, the inner one that they are
/// absent.
#[expect(clippy::option_option, reason = "as `Fields::optional`")]
pub(super) fn credentials(
    fields: &Fields<'_>,
    entries: &'static [FormEntry],
) -> Option<Option<GivenSecrets>> {
    let check_name = |name: &str| find(entries, name);
    let given = given_secrets(fields, "credentials", MOST_SETTINGS, check_name, secret)?;
    let Some(given) = given else {
        return Some(None);
    };
    let missing = entries
        .iter()
        .filter(|entry| entry.is_needed && !given.contains_key(entry.name));
    let mut is_complete = true;
    for entry in missing {
        is_complete = false;
        fields.wrong_field("credentials", &entry.missing());
    }
    is_complete.then_some(Some(given))
}

fn find(entries: &'static [FormEntry], name: &str) -> Result<(), String> {
    if entries.iter().any(|entry| entry.name == name) {
        return Ok(());
    }
    let names: Vec<_> = entries.iter().map(|entry| entry.name).collect();
    Err(format!("is unknown; known names: {}", names.join(", ")))
}

/// The URLs of an account.
pub(super) fn urls(
    fields: &Fields<'_>,
    entries: &'static [FormEntry],
    may_call: UrlRule<'_>,
) -> Option<BTreeMap<String, Url>> {
    let given = fields.entries("urls", MOST_SETTINGS, |name, value| {
        find(entries, name)?;
        callable_url(value, may_call)
    })?;
    Some(given.unwrap_or_default().into_iter().collect())
}

/// The settings of an account, or those of one of its warehouses.
pub(super) fn settings(
    fields: &Fields<'_>,
    field: &str,
    form: &'static AccountForm,
    of_a_warehouse: bool,
) -> Option<Texts> {
    let given = fields.entries(field, MOST_SETTINGS, |name, value| {
        let setting = form.setting(name).ok_or_else(|| {
            let names = form.setting_names();
            format!("is unknown; known names: {names}")
        })?;
        if of_a_warehouse && !setting.per_warehouse {
            return Err("applies to the account only, not to a warehouse".to_owned());
        }
        let value = match (setting.kind, value) {
            (SettingKind::List, Value::Array(texts)) => listed(texts)?,
            (_, value) => setting_value(value)?,
        };
        setting.kind.check(value.trim())?;
        Ok(value)
    })?;
    Some(given.unwrap_or_default().into_iter().collect())
}

/// The stored form of a list.
fn listed(texts: &[Value]) -> Result<String, String> {
    let mut all = Vec::new();
    for text in texts {
        let text = setting_value(text).map_err(|error| format!("each text {error}"))?;
        if text.contains(LIST_SEPARATOR) {
            return Err("each text must not contain a comma".to_owned());
        }
        all.push(text);
    }
    setting_value(&Value::String(all.join(&LIST_SEPARATOR.to_string())))
}

/// A setting is a string; numbers and booleans are accepted too.
fn setting_value(value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err("must be a text".to_owned());
        }
    };
    match text.trim().chars().count() {
        0 => Err("must not be blank".to_owned()),
        length if length > LONGEST_TEXT => {
            Err(format!("must have at most {LONGEST_TEXT} characters"))
        }
        _ if text.chars().any(char::is_control) => {
            Err("must not contain control characters".to_owned())
        }
        _ => Ok(text),
    }
}
