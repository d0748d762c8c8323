//! Finds the function for a method and a path.

use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use axum::http::StatusCode;

use crate::gateway::Matched;
use crate::instances::Function;
use crate::metrics::{Key, Metrics};
use crate::template::Route;

/// The id of the API in its metrics: its logical id.
const API: &str = "Api";

/// The routes of the template.
#[derive(Debug, Default)]
pub struct Routes {
    entries: Vec<Entry>,
    default: Option<Arc<Function>>,
    metrics: Metrics,
}

#[derive(Debug)]
struct Entry {
    key: String,
    method: String,
    pattern: Vec<Segment>,
    function: Arc<Function>,
}

/// In order of preference: more specific segments first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter(String),
    /// `{proxy+}`: all remaining segments.
    Rest(String),
}

impl Routes {
    /// No routes yet; what the API measures is added to these metrics.
    pub fn measured_by(metrics: Metrics) -> Self {
        Self {
            metrics,
            ..Self::default()
        }
    }

    /// Measures what API Gateway would measure of a response.
    pub(super) fn measure(&self, status: StatusCode, took: Duration) {
        let add = |name, value| {
            let key = Key::new("AWS/ApiGateway", name, Some(("ApiId", API)));
            self.metrics.add(key, value);
        };
        let is = |it: bool| if it { 1.0 } else { 0.0 };
        add("Count", 1.0);
        add("4xx", is(status.is_client_error()));
        add("5xx", is(status.is_server_error()));
        add("Latency", took.as_secs_f64() * 1000.0);
    }

    /// Adds a route; a duplicate route is an error in the template.
    pub fn add(&mut self, route: &Route, function: Arc<Function>) -> anyhow::Result<()> {
        match route {
            Route::Default if self.default.is_some() => {
                bail!("two functions have the $default route")
            }
            Route::Default => self.default = Some(function),
            Route::Path { method, path } => {
                let key = format!("{method} {path}");
                if self.entries.iter().any(|entry| entry.key == key) {
                    bail!("two functions have the route {key}");
                }
                self.entries.push(Entry {
                    key,
                    method: method.clone(),
                    pattern: path.split('/').skip(1).map(segment).collect(),
                    function,
                });
            }
        }
        Ok(())
    }

    /// The route of a path, which is decoded.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Matched<'_>> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        self.entries
            .iter()
            .filter(|entry| entry.method == method || entry.method == "ANY")
            .filter_map(|entry| Some((entry, parameters(&entry.pattern, &segments)?)))
            .min_by(|(one, _), (other, _)| one.preference().cmp(&other.preference()))
            .map(|(entry, parameters)| Matched {
                function: &entry.function,
                key: &entry.key,
                parameters,
            })
            .or_else(|| self.to_default())
    }

    fn to_default(&self) -> Option<Matched<'_>> {
        Some(Matched {
            function: self.default.as_ref()?,
            key: "$default",
            parameters: Vec::new(),
        })
    }
}

impl Entry {
    fn preference(&self) -> (Vec<u8>, bool) {
        let openness = self.pattern.iter().map(|segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter(_) => 1,
            Segment::Rest(_) => 2,
        });
        (openness.collect(), self.method == "ANY")
    }
}

fn segment(text: &str) -> Segment {
    let Some(name) = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return Segment::Literal(text.to_owned());
    };
    match name.strip_suffix('+') {
        Some(name) => Segment::Rest(name.to_owned()),
        None => Segment::Parameter(name.to_owned()),
    }
}

fn parameters(pattern: &[Segment], path: &[&str]) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut path = path.iter();
    for segment in pattern {
        match segment {
            Segment::Literal(literal) => {
                path.next().filter(|part| *part == literal)?;
            }
            Segment::Parameter(name) => {
                let part = path.next().filter(|part| !part.is_empty())?;
                parameters.push((name.clone(), (*part).to_owned()));
            }
            Segment::Rest(name) => {
                let rest: Vec<&str> = path.by_ref().copied().collect();
                if rest.is_empty() {
                    return None;
                }
                parameters.push((name.clone(), rest.join("/")));
            }
        }
    }
    path.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
        let pattern: Vec<Segment> = pattern.split('/').skip(1).map(segment).collect();
        let path: Vec<&str> = path.split('/').skip(1).collect();
        parameters(&pattern, &path)
    }

    #[test]
    fn a_parameter_takes_one_segment_as_it_is() {
        assert_eq!(
            matches("/notifications/{token}", "/notifications/a b+c%2F"),
            Some(vec![("token".to_owned(), "a b+c%2F".to_owned())])
        );
        assert_eq!(
            matches("/notifications/{token}", "/notifications/a/b"),
            None
        );
        assert_eq!(matches("/notifications/{token}", "/notifications/"), None);
    }

    #[test]
    fn the_rest_takes_all_remaining_segments() {
        assert_eq!(
            matches("/files/{name+}", "/files/a/b"),
            Some(vec![("name".to_owned(), "a/b".to_owned())])
        );
    }
}
