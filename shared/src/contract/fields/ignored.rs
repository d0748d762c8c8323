//! The fields of a request that its reader did not ask for. They have no effect, so the answer names them.
//!
//! A name is the caller's: it is cut, and what does not print is replaced. Values are never shown.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::json_pointer;
use crate::domain::text::is_invisible;

/// How many fields are named.
const MOST_NAMED: usize = 20;
/// How many characters of a name are shown, and compared with the names that exist.
const LONGEST_NAME: usize = 64;

/// A field of the request that had no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// The JSON pointer (RFC 6901) to the field. A name of more than 64 characters is cut, and characters that do not print are
    /// replaced by U+FFFD.
    #[schema(example = "/orderDetails/ordernumber")]
    pub pointer: String,
    /// What became of it.
    #[schema(example = "no such field, so it was ignored; did you mean orderNumber?")]
    pub detail: String,
}

/// What an answer to a request with ignored fields has besides its own members.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warned)]
pub struct WarnedBody<'a> {
    /// The fields of the request that had no effect; absent if there are none.
    #[schema(required = false, max_items = 21)]
    pub warnings: &'a [Warning],
}

/// The fields that had no effect; the first ones by name.
#[derive(Debug, Default)]
pub struct IgnoredFields {
    named: Vec<Warning>,
    more: usize,
}

impl IgnoredFields {
    /// Adds those of an object that are not among the names that its reader asked for.
    pub(super) fn add(&mut self, object: &str, fields: &Map<String, Value>, asked: &[&str]) {
        let ignored = fields.keys().filter(|name| !asked.contains(&name.as_str()));
        for name in ignored {
            if self.named.len() == MOST_NAMED {
                self.more = self.more.saturating_add(1);
                continue;
            }
            let free = asked.iter().filter(|known| !fields.contains_key(**known));
            self.named.push(Warning {
                pointer: format!("{object}/{}", json_pointer::token(&shown(name))),
                detail: detail(alike(name, free)),
            });
        }
    }

    /// One warning for each field. If there are more than can be named, the last one says how many.
    pub fn into_warnings(mut self) -> Vec<Warning> {
        if self.more > 0 {
            self.named.push(Warning {
                pointer: String::new(),
                detail: format!("{} more fields were ignored", self.more),
            });
        }
        self.named
    }
}

fn detail(alike: Option<&str>) -> String {
    let ignored = "no such field, so it was ignored";
    match alike {
        Some(name) => format!("{ignored}; did you mean {name}?"),
        None => ignored.to_owned(),
    }
}

/// A name as it may be shown.
fn shown(name: &str) -> String {
    let is_shown = |character: char| !character.is_control() && !is_invisible(character);
    let mut letters = name.chars();
    let mut shown: String = letters
        .by_ref()
        .take(LONGEST_NAME)
        .map(|letter| if is_shown(letter) { letter } else { '\u{fffd}' })
        .collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// The most similar name, if one differs by no more than a third of its letters. Upper case, `_` and `-` do not count.
fn alike<'n>(name: &str, known: impl Iterator<Item = &'n &'n str>) -> Option<&'n str> {
    let plain = |name: &str| -> String {
        let letters = name.chars().take(LONGEST_NAME);
        let letters = letters.filter(|letter| !matches!(letter, '_' | '-'));
        letters.flat_map(char::to_lowercase).collect()
    };
    let given = plain(name);
    let distance = |known: &str| strsim::osa_distance(&given, &plain(known));
    let similar = known.map(|known| (distance(known), *known));
    let nearest = similar.min_by_key(|(distance, _)| *distance);
    let (distance, known) = nearest?;
    (distance * 3 <= known.len().min(given.len())).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Fields, Unreadable, read_request};
    use crate::contract::values::{quantity, text};
    use serde_json::json;

    fn order(fields: &Fields<'_>) -> Option<()> {
        let number = fields.required_any(&["orderNumber", "order_id"], text);
        let address = fields.optional_object("address", |inner| inner.optional("city", text));
        let lines = fields.list(&["lines"], |line| line.required("quantity", quantity));
        number.and(address).and(lines).map(drop)
    }

    fn warnings(body: &Value) -> Vec<(String, String)> {
        let ((), ignored) = read_request(body.to_string().as_bytes(), order).unwrap();
        let warnings = ignored.into_warnings().into_iter();
        warnings
            .map(|warning| (warning.pointer, warning.detail))
            .collect()
    }

    fn pointers(body: &Value) -> Vec<String> {
        let warnings = warnings(body).into_iter();
        warnings.map(|(pointer, _)| pointer).collect()
    }

    #[test]
    fn a_field_that_nothing_asked_for_is_named_wherever_it_is() {
        let body = json!({
            "orderNumber": "1", "colour": "red", "address": { "city": "a", "town": { "deep": 1 } },
            "lines": [{ "quantity": 1 }, { "quantity": 1, "a/b~c": 2 }],
        });
        assert_eq!(
            pointers(&body),
            ["/address/town", "/lines/1/a~1b~0c", "/colour"]
        );
        assert_eq!(
            pointers(&json!({ "order_id": "1", "address": null, "lines": [] })),
            [""; 0]
        );
    }

    #[test]
    fn the_absent_field_with_a_similar_name_is_suggested() {
        let suggested = |name: &str| {
            let body = json!({ "orderNumber": "1", "address": { name: 1 } });
            let detail = warnings(&body).remove(0).1;
            let found = detail.split("did you mean ").nth(1);
            found.map(|name| name.trim_end_matches('?').to_owned())
        };
        for similar in ["City", "ctiy", "c_i-t_y", "citty"] {
            assert_eq!(suggested(similar).as_deref(), Some("city"), "{similar}");
        }
        for other in ["ty", "zip", "", "capacity", "\u{0}"] {
            assert_eq!(suggested(other), None, "{other}");
        }
        // A given field was not meant.
        let body = json!({ "orderNumber": "1", "orderNumbr": "2" });
        assert_eq!(warnings(&body)[0].1, "no such field, so it was ignored");
    }

    #[test]
    fn a_hostile_name_is_cut_and_prints_and_no_value_is_shown() {
        let long = "x".repeat(100_000);
        let body = json!({
            "orderNumber": "1", long.clone(): "secret", "a\u{0}\r\n\u{202e}b": "secret",
        });
        let warnings = warnings(&body);
        let shown = format!("{warnings:?}");
        assert!(shown.len() < 500 && !shown.contains("secret"), "{shown}");
        assert_eq!(warnings[0].0, "/a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b");
        assert_eq!(warnings[1].0, format!("/{}…", "x".repeat(64)));
    }

    #[test]
    fn many_fields_are_counted() {
        let mut body = json!({ "orderNumber": "1" });
        for number in 0..MOST_NAMED + 7 {
            body[format!("zz{number:03}")] = json!(1);
        }
        let warnings = warnings(&body);
        assert_eq!(warnings.len(), MOST_NAMED + 1);
        let last = warnings.last().unwrap();
        assert_eq!((&*last.0, &*last.1), ("", "7 more fields were ignored"));
    }

    #[test]
    fn an_invalid_request_has_errors_and_no_warnings() {
        let wrong = read_request(br#"{"colour":1}"#, order).unwrap_err();
        let Unreadable::Invalid(found) = wrong else {
            panic!("a field is missing")
        };
        assert_eq!(found[0].pointer, "/orderNumber");
    }
}
