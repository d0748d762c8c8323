//! Forms: read only if the console's own page sent them.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::edge::console_session::is_own_form;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::small_body;
use url::form_urlencoded;

use crate::api::Api;

/// The maximum size of a form.
const LARGEST_FORM: usize = 128 * 1024;
/// The hidden field with the session's word.
const TOKEN: &str = "form_token";

/// The fields of a form, in order.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The form that a page of the visitor's session sent.
    pub(crate) fn of(api: &Api<'_>) -> Result<Self, Problem> {
        let form = Self::of_anybody(api.request)?;
        if api.visitor.made_form(form.text(TOKEN)) {
            Ok(form)
        } else {
            Err(foreign())
        }
    }

    /// The form that a page of the console sent, without a session.
    pub(crate) fn of_anybody(request: &Request) -> Result<Self, Problem> {
        if !is_own_form(request) {
            return Err(foreign());
        }
        let body = small_body(request, LARGEST_FORM)?;
        Ok(Self(form_urlencoded::parse(body).into_owned().collect()))
    }

    /// A field, trimmed; empty if it is absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// A field with the blanks at its ends: an id of another system; empty if it is absent.
    pub(crate) fn exact(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether a box is ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// All values of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |(field, _)| field == name);
        found.map(|(_, value)| value.trim())
    }

    /// The fields whose names begin with `prefix`, without it.
    pub(crate) fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let found = self.0.iter();
        found.filter_map(move |(field, value)| Some((field.strip_prefix(prefix)?, value.trim())))
    }
}

/// `name: value` or `name = value`, one a line; a line without a separator is a name without a value.
pub(crate) fn lines(text: &str, separator: char) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(move |line| {
        let (name, value) = line.split_once(separator).unwrap_or((line, ""));
        (name.trim(), value.trim())
    })
}

/// The status of a page that shows a form again.
pub(crate) fn status(problem: u16) -> StatusCode {
    StatusCode::from_u16(problem).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

fn foreign() -> Problem {
    Problem::new(
        ProblemKind::Forbidden,
        "this form was not sent by a page of your present session; open the page again and repeat the change",
    )
}
