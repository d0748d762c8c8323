//! What the bodies of accounts and endpoints have in common.

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::contract::fields::Fields;
use crate::contract::values::web_url;
use crate::domain::secrets::GivenSecrets;

/// Whether a URL may be called, which the contract does not know; if not, why.
pub type UrlRule<'a> = &'a dyn Fn(&Url) -> Result<(), String>;

/// Reads a URL that may be called.
pub(crate) fn callable_url(value: &Value, may_call: UrlRule<'_>) -> Result<Url, String> {
    let url = web_url(value)?;
    may_call(&url)?;
    Ok(url)
}

/// Reads an object of secrets by their names: null keeps the value that is stored, so that an answer may be changed and
/// sent again. The outer option says that something in it is wrong, the inner one that it is absent.
#[expect(clippy::option_option, reason = "as `Fields::optional`")]
pub(crate) fn given_secrets(
    fields: &Fields<'_>,
    field: &str,
    most: usize,
    check_name: impl Fn(&str) -> Result<(), String>,
    read: impl Fn(&Value) -> Result<SecretString, String>,
) -> Option<Option<GivenSecrets>> {
    let given = fields.entries(field, most, |name, value| {
        check_name(name)?;
        if value.is_null() {
            Ok(None)
        } else {
            read(value).map(Some)
        }
    })?;
    Some(given.map(|given| given.into_iter().collect()))
}

/// What tests of the readers of accounts and endpoints share.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};

    /// What is wrong with a body: pointers and details.
    pub(crate) type Wrong = Vec<(String, String)>;

    pub(crate) fn read_or_wrong<T>(
        body: &Value,
        read: impl FnOnce(&Fields<'_>) -> Option<T>,
    ) -> Result<T, Wrong> {
        read_value(body, read).map_err(|error| {
            let Unreadable::Invalid(violations) = error else {
                panic!("{error}")
            };
            let violations = violations.into_iter();
            violations
                .map(|wrong| (wrong.pointer, wrong.detail))
                .collect()
        })
    }

    pub(crate) fn https_alone(url: &Url) -> Result<(), String> {
        let is_https = url.scheme() == "https";
        is_https.then_some(()).ok_or_else(|| "not https".to_owned())
    }
}
