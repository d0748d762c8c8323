//! The query of a read call, and the form of a log-in.

use std::collections::BTreeMap;

use axum::extract::Query;
use http::Uri;
use serde_json::Value;

/// The parameters by name; empty ones count as missing.
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn of(uri: &Uri) -> Self {
        let parameters = Query::<BTreeMap<String, String>>::try_from_uri(uri);
        Self(parameters.map(|Query(found)| found).unwrap_or_default())
    }

    /// The parameters of a body with the type `application/x-www-form-urlencoded`.
    pub(super) fn of_form(form: &str) -> Self {
        let uri = Uri::try_from(format!("/?{form}")).unwrap_or_default();
        Self::of(&uri)
    }

    /// As a JSON object of texts.
    pub(super) fn into_json(self) -> Value {
        self.0.into_iter().collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name)?.as_str();
        (!value.is_empty()).then_some(value)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.parse().ok()
    }

    pub(super) fn count(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok().filter(|count| *count > 0)
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }
}

/// The last part of the path: an id or an AWB.
pub(super) fn last_part(uri: &Uri) -> &str {
    let path = uri.path().trim_end_matches('/');
    path.rsplit('/').next().unwrap_or_default()
}
