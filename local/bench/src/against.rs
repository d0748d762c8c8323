//! Compares a report with one of an earlier run: how much larger or smaller each figure is.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;

use crate::figure::rounded;

/// A figure in both runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Change {
    /// In the earlier run.
    before: f64,
    /// In this one.
    now: f64,
    /// This one as a multiple of the earlier one; absent if that is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
}

/// The JSON of a report. With a file that has an earlier one, it has `against`: the figures that differ, by their paths.
pub fn printed(report: &impl Serialize, earlier: Option<&Path>) -> anyhow::Result<String> {
    let Some(earlier) = earlier else {
        return Ok(serde_json::to_string(report)?);
    };
    let text = std::fs::read_to_string(earlier);
    let text = text.with_context(|| format!("cannot read {}", earlier.display()))?;
    let earlier: Value = serde_json::from_str(&text)
        .with_context(|| format!("{} is not the JSON of a report", earlier.display()))?;
    let mut report = serde_json::to_value(report)?;
    let changes = serde_json::to_value(changes(&earlier, &report))?;
    if let Some(fields) = report.as_object_mut() {
        fields.insert("against".to_owned(), changes);
    }
    Ok(report.to_string())
}

fn changes(earlier: &Value, now: &Value) -> BTreeMap<String, Change> {
    let earlier = figures(earlier);
    let both = figures(now).into_iter().filter_map(|(path, now)| {
        let before = *earlier.get(&path)?;
        let ratio = (before != 0.0).then(|| rounded(now / before));
        let change = Change { before, now, ratio };
        (before.to_bits() != now.to_bits()).then_some((path, change))
    });
    both.collect()
}

/// The measured numbers of a report, by their paths.
fn figures(report: &Value) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    collect(report, "", &mut found);
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeMap<String, f64>) {
    match value {
        Value::Number(number) => {
            found.extend(number.as_f64().map(|number| (path.to_owned(), number)));
        }
        Value::Object(fields) => {
            // A figure is its measured value: its budget is not measured.
            if let Some(measured) = fields.get("measured").filter(|_| fields.contains_key("ok")) {
                return collect(measured, path, found);
            }
            let fields = fields.iter().filter(|(name, _)| *name != "against");
            for (name, field) in fields {
                collect(field, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_that_differ_are_compared_by_their_paths() {
        let before = json!({
            "cpu": { "push": { "measured": 0.8, "budget": 0.5, "ok": false }, "same": 3 },
            "list": [1.0, 4.0], "gone": 1, "none": 0, "against": { "/cpu/push": { "before": 9.0 } },
        });
        let now = json!({
            "cpu": { "push": { "measured": 0.4, "budget": 0.6, "ok": true }, "same": 3 },
            "list": [1.0, 5.0], "new": 1, "none": 2,
        });
        let change = |before, now, ratio| Change { before, now, ratio };
        let expected = [
            ("/cpu/push", change(0.8, 0.4, Some(0.5))),
            ("/list/1", change(4.0, 5.0, Some(1.25))),
            ("/none", change(0.0, 2.0, None)),
        ];
        let expected = expected.map(|(path, change)| (path.to_owned(), change));
        assert_eq!(changes(&before, &now), expected.into());
    }
}
