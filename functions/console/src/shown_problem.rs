//! A problem of the API, in words and at its fields.

use logistics::domain::json_pointer;
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

impl FieldError {
    /// What is wrong, in a sentence that begins with the field: its name of the API in words.
    pub(crate) fn words(&self) -> String {
        let mut parts = self.pointer.split('/').skip(1);
        let Some(field) = parts.next().filter(|field| !field.is_empty()) else {
            return capital(&self.detail);
        };
        // Below these, names are the partner's or the client's own.
        let rest: Vec<String> = parts.map(json_pointer::name).collect();
        let is_group = ["credentials", "urls", "settings", "warehouses", "headers"];
        if rest.is_empty() && is_group.contains(&field) {
            return capital(&self.detail);
        }
        let name = match rest.is_empty() {
            false if is_group.contains(&field) => rest.join("."),
            false => format!("{} {}", in_words(field), rest.join(".")),
            true => in_words(field),
        };
        // Some details begin with the name themselves.
        let is_named = self.detail.starts_with(&name) || self.detail.starts_with(field);
        if is_named {
            return capital(&self.detail);
        }
        format!("{name} {}", self.of_the_form(field))
    }

    /// What is wrong, in the units of the form where the API has others.
    fn of_the_form(&self, field: &str) -> &str {
        match field {
            "giveUpAfter" => "must be 1 to 312",
            "expiresAt" if self.detail.contains("RFC 3339") => "must be a number of days",
            _ => &self.detail,
        }
    }
}

/// The first letter in upper case.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// `giveUpAfter` as `Give up after`, and the words of the forms for those that they call otherwise.
fn in_words(field: &str) -> String {
    let known = match field {
        "awb" => "AWB",
        "url" => "URL",
        "giveUpAfter" => "Give up after (hours)",
        "orderId" => "Aggregator’s order id",
        "basic" => "User name and password",
        "expiresAt" => "Expires in (days)",
        "minutes" => "Can be opened for (minutes)",
        "subject" => "About",
        "logisticAccountAliases" => "Accounts",
        "warehouseCodes" => "Warehouses",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut words = String::new();
    for letter in field.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    capital(&words)
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

    /// Whether the logs say more than the page, so that the operator needs the request id.
    pub(crate) fn is_for_the_operator(&self) -> bool {
        self.errors.is_empty() && !self.is_stale() && self.lacks().is_none()
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
