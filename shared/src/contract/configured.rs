//! Shared code for the bodies of accounts and endpoints.

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::contract::fields::Fields;
use crate::contract::values::web_url;
use crate::domain::secrets::GivenSecrets;

/// Decides whether a URL may be called, which the contract does not know; the error says why not.
pub type UrlRule<'a> = &'a dyn Fn(&Url) -> Result<(), String>;

/// Reads a URL that may be called.
pub(crate) fn callable_url(value: &Value, may_call: UrlRule<'_>) -> Result<Url, String> {
    let url = web_url(value)?;
    may_call(&url)?;
    Ok(url)
}

/// Reads an object of named secrets: null keeps the stored value, so that a response can be changed and sent back. The
/// outer `None` means that something in it is invalid, the inner one that it is absent.
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

/// Shared test code for the readers of accounts and endpoints.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};

    /// The violations of a body: pointers and details.
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
