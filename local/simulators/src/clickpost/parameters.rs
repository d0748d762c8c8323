//! The query of a call.

use std::collections::BTreeMap;

use axum::extract::Query;
use http::Uri;

use crate::clickpost::refusal::Refusal;

/// The query parameters; one without a value counts as missing.
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn of(uri: &Uri) -> Self {
        let given = Query::<BTreeMap<String, String>>::try_from_uri(uri);
        let mut given = given.map_or_else(|_| BTreeMap::new(), |Query(given)| given);
        given.retain(|_, value| !value.is_empty());
        Self(given)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// These parameters, all of which are required.
    pub(super) fn all<const N: usize>(&self, names: [&str; N]) -> Result<[&str; N], Refusal> {
        let missing: Vec<&str> = names
            .into_iter()
            .filter(|name| self.get(name).is_none())
            .collect();
        if missing.is_empty() {
            Ok(names.map(|name| self.get(name).unwrap_or_default()))
        } else {
            Err(Refusal::missing_parameters(&missing))
        }
    }

    /// Whether a switch is on. The vendor writes `True`.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}
