//! `FilterCriteria` of a queue's event: which messages a function gets. Lambda deletes the others.
//!
//! A filter is a pattern of `EventBridge`: an object whose leaves are lists of rules, one of which must hold. Rules on the
//! message's `body` are obeyed; a pattern or a rule that the local stack cannot obey is refused when the template is read.

use anyhow::{Context as _, bail};
use serde_json::{Map, Value};

use crate::template::node::Place;

/// The maximum number of filters that AWS accepts without a raised quota.
const MOST_FILTERS: usize = 5;

/// The filters of an event: a message needs to match one of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter(Vec<BodyPattern>);

/// The pattern of a message's body.
#[derive(Debug, Clone, PartialEq, Eq)]
enum BodyPattern {
    /// Every message.
    Any,
    /// A body that is no JSON object, by its text.
    Text(Vec<Rule>),
    /// A JSON object.
    Object(Fields),
}

type Fields = Vec<(String, Pattern)>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    Object(Fields),
    Leaf(Vec<Rule>),
}

/// One rule of a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    Is(Value),
    Prefix(String),
    Suffix(String),
    IgnoringCase(String),
    AnythingBut(Vec<Value>),
    Exists(bool),
}

impl EventFilter {
    pub(super) fn read(criteria: &Place<'_>) -> anyhow::Result<Self> {
        criteria.refuse_unknown(&["Filters"], &[])?;
        let filters = criteria.require("Filters")?;
        let patterns = filters.items()?.into_iter().map(|filter| {
            filter.refuse_unknown(&["Pattern"], &[])?;
            let pattern = filter.require("Pattern")?;
            body_pattern(&pattern.text()?).with_context(|| pattern.path().to_owned())
        });
        let patterns: Vec<BodyPattern> = patterns.collect::<anyhow::Result<_>>()?;
        if patterns.is_empty() || patterns.len() > MOST_FILTERS {
            bail!("{}: expected 1 to {MOST_FILTERS} filters", filters.path());
        }
        Ok(Self(patterns))
    }

    /// Whether the function gets a message with this body.
    pub(crate) fn lets_pass(&self, body: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| pattern.matches(body))
    }
}

fn body_pattern(text: &str) -> anyhow::Result<BodyPattern> {
    let pattern: Map<String, Value> =
        serde_json::from_str(text).context("the pattern is not a JSON object")?;
    if let Some(other) = pattern.keys().find(|key| *key != "body") {
        bail!("the local stack filters by body alone, not by {other}");
    }
    Ok(match pattern.get("body") {
        None => BodyPattern::Any,
        Some(Value::Array(list)) => BodyPattern::Text(rules(list)?),
        Some(Value::Object(object)) => BodyPattern::Object(fields(object)?),
        Some(_) => bail!("the pattern of body must be an object or a list"),
    })
}

fn fields(object: &Map<String, Value>) -> anyhow::Result<Fields> {
    let field = |(name, pattern): (&String, &Value)| {
        if name.starts_with('$') {
            bail!("the local stack does not support {name} in a filter");
        }
        let pattern = match pattern {
            Value::Object(object) => Pattern::Object(fields(object)?),
            Value::Array(list) => Pattern::Leaf(rules(list)?),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                bail!("the pattern of {name} must be an object or a list")
            }
        };
        Ok((name.clone(), pattern))
    };
    object.iter().map(field).collect()
}

fn rules(list: &[Value]) -> anyhow::Result<Vec<Rule>> {
    list.iter().map(rule).collect()
}

fn rule(rule: &Value) -> anyhow::Result<Rule> {
    let Value::Object(object) = rule else {
        return Ok(Rule::Is(rule.clone()));
    };
    let mut entries = object.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        bail!("a rule must have one operator");
    };
    let text = || value.as_str().map(str::to_owned);
    let read = match name.as_str() {
        "prefix" => text().map(Rule::Prefix),
        "suffix" => text().map(Rule::Suffix),
        "equals-ignore-case" => text().map(Rule::IgnoringCase),
        "exists" => value.as_bool().map(Rule::Exists),
        "anything-but" => match value {
            Value::Array(values) => Some(Rule::AnythingBut(values.clone())),
            Value::String(_) | Value::Number(_) => Some(Rule::AnythingBut(vec![value.clone()])),
            Value::Null | Value::Bool(_) | Value::Object(_) => None,
        },
        _ => None,
    };
    read.with_context(|| format!("the local stack does not support the rule {rule}"))
}

impl BodyPattern {
    fn matches(&self, body: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Text(rules) => {
                let body = Value::from(body);
                rules.iter().any(|rule| rule.holds(Some(&body)))
            }
            Self::Object(fields) => {
                serde_json::from_str(body).is_ok_and(|body| all_match(fields, Some(&body)))
            }
        }
    }
}

fn all_match(fields: &[(String, Pattern)], value: Option<&Value>) -> bool {
    fields.iter().all(|(name, pattern)| {
        let field = value.and_then(|value| value.get(name));
        match pattern {
            Pattern::Object(fields) => all_match(fields, field),
            Pattern::Leaf(rules) => rules.iter().any(|rule| rule.holds(field)),
        }
    })
}

impl Rule {
    /// Whether it holds for a field, or for one entry of a list.
    fn holds(&self, value: Option<&Value>) -> bool {
        if let Self::Exists(exists) = self {
            return *exists == value.is_some();
        }
        match value {
            None => false,
            Some(Value::Array(entries)) => entries.iter().any(|entry| self.holds_for(entry)),
            Some(value) => self.holds_for(value),
        }
    }

    fn holds_for(&self, value: &Value) -> bool {
        let text = || value.as_str().unwrap_or_default();
        match self {
            Self::Is(expected) => is_equal(expected, value),
            Self::Prefix(prefix) => value.is_string() && text().starts_with(prefix),
            Self::Suffix(suffix) => value.is_string() && text().ends_with(suffix),
            Self::IgnoringCase(expected) => {
                value.is_string() && text().to_lowercase() == expected.to_lowercase()
            }
            Self::AnythingBut(values) => !values.iter().any(|other| is_equal(other, value)),
            Self::Exists(_) => false,
        }
    }
}

/// Numbers are equal whatever their notation.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::node::Node;

    fn filter(patterns: &[&str]) -> anyhow::Result<EventFilter> {
        let filters = patterns
            .iter()
            .map(|pattern| format!("  - Pattern: '{pattern}'\n"));
        let yaml = format!("Filters:\n{}", filters.collect::<String>());
        EventFilter::read(&Node::parse(&yaml)?.root())
    }

    fn passes(pattern: &str, body: &str) -> bool {
        filter(&[pattern]).unwrap().lets_pass(body)
    }

    #[test]
    fn a_message_passes_if_every_field_has_a_rule_that_holds() {
        let pattern =
            r#"{"body": {"kind": ["delivery.v1"], "record": {"pk": [{"prefix": "demo#"}]}}}"#;
        assert!(passes(
            pattern,
            r#"{"kind": "delivery.v1", "record": {"pk": "demo#1"}}"#
        ));
        for other in [
            r#"{"kind": "delivery.v2", "record": {"pk": "demo#1"}}"#,
            r#"{"kind": "delivery.v1", "record": {"pk": "other#1"}}"#,
            r#"{"kind": "delivery.v1"}"#,
            r#"["delivery.v1"]"#,
            "no JSON",
        ] {
            assert!(!passes(pattern, other), "{other}");
        }
    }

    #[test]
    fn every_supported_rule_is_obeyed() {
        for (rule, yes, no) in [
            ("7", "7.0", "8"),
            ("null", "null", "1"),
            ("true", "true", "false"),
            (r#"{"suffix": "z"}"#, r#""xyz""#, r#""zy""#),
            (r#"{"equals-ignore-case": "abc"}"#, r#""ABC""#, r#""AB""#),
            (r#"{"anything-but": ["a", "b"]}"#, r#""c""#, r#""a""#),
            (r#"{"anything-but": 1}"#, "2", "1"),
            (r#"{"exists": true}"#, "0", "0"),
            (r#""a""#, r#"["b", "a"]"#, r#"["b"]"#),
        ] {
            let pattern = format!(r#"{{"body": {{"field": [{rule}]}}}}"#);
            assert!(
                passes(&pattern, &format!(r#"{{"field": {yes}}}"#)),
                "{rule}"
            );
            let other = if rule.contains("exists") {
                "other"
            } else {
                "field"
            };
            assert!(
                !passes(&pattern, &format!(r#"{{"{other}": {no}}}"#)),
                "{rule}"
            );
        }
        assert!(passes(r#"{"body": ["ping"]}"#, "ping"));
        assert!(!passes(r#"{"body": ["ping"]}"#, "pong"));
        assert!(passes("{}", "anything"));
    }

    #[test]
    fn one_of_several_filters_is_enough() {
        let filter = filter(&[r#"{"body": {"a": [1]}}"#, r#"{"body": {"a": [2]}}"#]).unwrap();
        assert!(filter.lets_pass(r#"{"a": 2}"#) && !filter.lets_pass(r#"{"a": 3}"#));
        assert!(EventFilter::default().lets_pass("anything"));
    }

    #[test]
    fn what_cannot_be_obeyed_is_refused() {
        for (pattern, named) in [
            (r#"{"attributes": {"SenderId": ["a"]}}"#, "attributes"),
            (r#"{"body": {"n": [{"numeric": [">", 1]}]}}"#, "numeric"),
            (r#"{"body": {"$or": []}}"#, "$or"),
            (r#"{"body": {"n": 1}}"#, "pattern of n"),
            (r#"{"body": "n"}"#, "pattern of body"),
            ("body", "JSON"),
        ] {
            let error = format!("{:#}", filter(&[pattern]).unwrap_err());
            assert!(
                error.contains(named) && error.contains("Filters.0.Pattern"),
                "{error}"
            );
        }
        assert!(filter(&["{}"; 6]).is_err());
    }
}
