//! Preconditions of changes: `If-Match` and `If-None-Match` (RFC 9110, 13.1).

use lambda_http::Request;
use lambda_http::http::HeaderValue;
use utoipa::IntoParams;

use crate::domain::version::{Precondition, Version};
use crate::edge::problem::Problem;
use crate::edge::problem::kind::ProblemKind;

/// The precondition headers of a change.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct Conditions<'a> {
    /// Only if it has this `ETag` or one of these, separated by commas; `*`: only if it exists.
    #[param(
        rename = "If-Match", value_type = String, required = false,
        pattern = r#"^\s*(\*|(W/)?"[^",]*"(\s*,\s*(W/)?"[^",]*")*)\s*$"#
    )]
    if_match: Option<&'a str>,
    /// `*`: only if it does not exist yet. Has no effect beside an `If-Match`.
    #[param(rename = "If-None-Match", value_type = String, required = false, pattern = r"^\s*\*\s*$")]
    if_none_match: Option<&'a str>,
}

impl<'a> Conditions<'a> {
    fn of(request: &'a Request) -> Result<Self, Problem> {
        Ok(Self {
            if_match: text(request, "if-match", WRONG_MATCH)?,
            if_none_match: text(request, "if-none-match", WRONG_NONE_MATCH)?,
        })
    }
}

const WRONG_MATCH: &str = "If-Match must be * or ETags in quotation marks";
const WRONG_NONE_MATCH: &str = "If-None-Match must be * here";

/// A header as a string. One that is not a string is wrong: a change whose condition cannot be read must not be made.
fn text<'a>(request: &'a Request, name: &str, detail: &str) -> Result<Option<&'a str>, Problem> {
    let value = request.headers().get(name);
    let text = value.map(HeaderValue::to_str).transpose();
    text.map_err(|_| wrong(detail))
}

/// The precondition of a change.
pub fn read(request: &Request) -> Result<Precondition, Problem> {
    let given = Conditions::of(request)?;
    let otherwise = match given.if_none_match.map(str::trim) {
        None => Precondition::None,
        Some("*") => Precondition::Absent,
        Some(_) => return Err(wrong(WRONG_NONE_MATCH)),
    };
    given.if_match.map_or(Ok(otherwise), matching)
}

fn matching(wanted: &str) -> Result<Precondition, Problem> {
    if wanted.trim() == "*" {
        return Ok(Precondition::Present);
    }
    let tags: Option<Vec<Version>> = wanted.split(',').map(version).collect();
    tags.map(Precondition::OneOf)
        .ok_or_else(|| wrong(WRONG_MATCH))
}

/// The version of a tag. A weak tag, which a proxy may derive from ours, matches no version.
fn version(tag: &str) -> Option<Version> {
    let tag = tag.trim();
    let (is_weak, tag) = match tag.strip_prefix("W/") {
        Some(tag) => (true, tag),
        None => (false, tag),
    };
    let text = tag.strip_prefix('"')?.strip_suffix('"')?;
    if text.contains('"') {
        return None;
    }
    Some(Version::new(if is_weak { "" } else { text }))
}

fn wrong(detail: &str) -> Problem {
    Problem::new(ProblemKind::InvalidParameter, detail)
}

/// The `ETag` of a version.
pub fn etag(version: &Version) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{}\"", version.as_str())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(name: &str, value: &str) -> Result<Precondition, Problem> {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        let request = lambda_http::http::Request::builder().header(name, value);
        read(&request.body(lambda_http::Body::Empty).unwrap())
    }

    #[test]
    fn an_etag_gives_its_version() {
        let version = Version::new("00ff");
        let tag = etag(&version).unwrap();
        let tag = tag.to_str().unwrap();
        assert_eq!(tag, "\"00ff\"");
        let read = read_from("if-match", &format!("\"other\", {tag}")).unwrap();
        assert!(read.holds(Some(&version)));
        assert!(!read.holds(Some(&Version::new("01"))));
    }

    #[test]
    fn a_star_means_any_or_none() {
        assert_eq!(read_from("if-match", "*").unwrap(), Precondition::Present);
        assert_eq!(
            read_from("if-none-match", "*").unwrap(),
            Precondition::Absent
        );
        assert_eq!(read_from("x-other", "*").unwrap(), Precondition::None);
    }

    #[test]
    fn an_invalid_tag_is_refused_and_a_weak_one_never_matches() {
        for (name, value) in [
            ("if-match", "00ff"),
            ("if-match", "\"a"),
            ("if-match", ""),
            ("if-match", "\"a\"b\""),
            ("if-match", "\"ä\""),
            ("if-none-match", "\"a\""),
            ("if-none-match", "ä"),
        ] {
            assert!(read_from(name, value).is_err(), "{name}: {value}");
        }
        let weak = read_from("if-match", "W/\"00ff\"").unwrap();
        assert!(!weak.holds(Some(&Version::new("00ff"))));
    }

    #[test]
    fn beside_an_etag_the_other_condition_has_no_effect_but_must_be_valid() {
        let both = |other: &str| {
            let request = lambda_http::http::Request::builder()
                .header("if-match", "*")
                .header("if-none-match", other);
            read(&request.body(lambda_http::Body::Empty).unwrap())
        };
        assert_eq!(both("*").unwrap(), Precondition::Present);
        assert!(both("\"a\"").is_err());
    }
}
