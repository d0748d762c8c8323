//! A problem of the API, in words and at its fields.

use serde::Deserialize;

/// A problem document of the API.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ShownProblem {
    /// Ends with the slug.
    #[serde(rename = "type", default)]
    kind: String,
    /// In a few words.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What is wrong, and what to do.
    #[serde(default)]
    pub(crate) detail: String,
    /// The request id.
    #[serde(rename = "instance", default)]
    pub(crate) request_id: String,
    /// The invalid fields.
    #[serde(default)]
    pub(crate) errors: Vec<FieldError>,
    /// The aggregator's or the channel's own words.
    #[serde(alias = "channel")]
    pub(crate) aggregator: Option<PartnerWords>,
}

/// An invalid field.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FieldError {
    /// Its JSON pointer.
    pub(crate) pointer: String,
    /// What is wrong with it.
    pub(crate) detail: String,
}

/// A refusal in a partner's words.
#[derive(Debug, Deserialize)]
pub(crate) struct PartnerWords {
    /// The partner.
    pub(crate) name: String,
    /// Its code.
    pub(crate) code: Option<String>,
    /// Its message.
    pub(crate) message: Option<String>,
}

impl ShownProblem {
    /// Its slug, such as `not-found`.
    pub(crate) fn slug(&self) -> &str {
        self.kind.rsplit('#').next().unwrap_or_default()
    }

    /// Whether the version that was to be changed is no longer the present one.
    pub(crate) fn is_stale(&self) -> bool {
        self.slug() == "stale"
    }

    /// The scope that the visitor lacks, if that is the problem.
    pub(crate) fn lacks(&self) -> Option<&str> {
        self.detail.strip_prefix("the API key lacks the scope ")
    }

    /// Whether it does not exist for this visitor. A value that no id can have does not exist either.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(
            self.slug(),
            "not-found" | "invalid-parameter" | "invalid-request"
        )
    }

    /// What is wrong with the field at this pointer, or with a part of it.
    pub(crate) fn at(&self, pointer: &str) -> Vec<&FieldError> {
        let is_of = |error: &&FieldError| is_within(&error.pointer, pointer);
        self.errors.iter().filter(is_of).collect()
    }

    /// What is wrong beside the fields at these pointers.
    pub(crate) fn beside(&self, pointers: &[&str]) -> Vec<&FieldError> {
        let is_shown = |error: &FieldError| {
            pointers
                .iter()
                .any(|pointer| is_within(&error.pointer, pointer))
        };
        self.errors
            .iter()
            .filter(|error| !is_shown(error))
            .collect()
    }
}

fn is_within(pointer: &str, field: &str) -> bool {
    let rest = pointer.strip_prefix(field);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
