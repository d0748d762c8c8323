//! A sample with one place changed, in many ways.

use std::fmt;

use serde_json::{Value, json};

/// A changed body.
pub(super) struct Change {
    pub(super) pointer: String,
    /// The new value; `None`: the place is removed.
    pub(super) value: Option<Value>,
    pub(super) body: Value,
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_ref().map(Value::to_string);
        let value: String = value.unwrap_or_else(|| "nothing".to_owned());
        let short: String = value.chars().take(60).collect();
        write!(
            formatter,
            "{} = {short} ({} characters)",
            self.pointer,
            value.chars().count()
        )
    }
}

/// Each place of a body removed and set to each value.
pub(super) fn changes(sample: &Value) -> Vec<Change> {
    let mut pointers = Vec::new();
    places(sample, "", &mut pointers);
    let mut changes = Vec::new();
    for pointer in pointers {
        let present = sample.pointer(&pointer).unwrap();
        for value in values().into_iter().chain(of_containers(present)) {
            let mut body = sample.clone();
            *body.pointer_mut(&pointer).unwrap() = value.clone();
            let value = Some(value);
            changes.push(Change {
                pointer: pointer.clone(),
                value,
                body,
            });
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let mut body = sample.clone();
        let parent = body.pointer_mut(parent).and_then(Value::as_object_mut);
        if parent.and_then(|parent| parent.remove(name)).is_some() {
            changes.push(Change {
                pointer,
                value: None,
                body,
            });
        }
    }
    changes
}

fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                places(inner, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            for (index, inner) in entries.iter().enumerate() {
                places(inner, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Too few, too many and wrongly named entries.
fn of_containers(present: &Value) -> Vec<Value> {
    match present {
        Value::Array(entries) => {
            let first = entries.first().cloned().unwrap_or_default();
            vec![json!([]), json!(vec![first; 501])]
        }
        Value::Object(fields) => {
            let first = fields.values().next().cloned().unwrap_or_default();
            let named = |name: &str| {
                let mut fields = fields.clone();
                fields.insert(name.to_owned(), first.clone());
                Value::Object(fields)
            };
            let mut many = fields.clone();
            many.extend((0..501).map(|number| (format!("n{number}"), first.clone())));
            let unusual = [
                "",
                "a b",
                "a\u{200b}",
                " a",
                "Host",
                "rms-x",
                "X-A",
                "Authorization",
                "a:b",
            ];
            let mut values: Vec<_> = unusual.into_iter().map(named).collect();
            values.push(Value::Object(many));
            values
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

const TEXTS: [&str; 57] = [
    "",
    " ",
    "\t",
    " x",
    "x ",
    "x\n",
    "\u{a0}",
    "x\u{0}y",
    "x\u{1b}y",
    "x\ny",
    "x\u{85}y",
    "x\u{200b}",
    "\u{202e}x",
    "\u{feff}x",
    "x\u{ad}y",
    "x\u{fe0f}y",
    "x\u{e0041}",
    "a b",
    "a/b",
    "a:b",
    "ä",
    "in",
    "IN",
    "INR",
    "inr",
    "IN1",
    "-1",
    "1.5",
    "1e400",
    "true",
    "failed",
    "FAILED",
    "NOPE",
    "v2",
    "SIDEWAYS",
    "prepaid",
    "DELIVERED",
    "2022-03-16",
    "2026-13-01",
    "16/03/2022",
    "yesterday",
    "2022-03-16T12:31:02",
    "2022-03-16T12:31:02Z",
    "2022-13-16T12:31:02Z",
    "99999-01-01T00:00:00Z",
    "2022-03-16T12:31:02+05:30:15",
    "ftp://a.example/x",
    "a.example/x",
    "https://",
    "https:///x",
    "https://a b/x",
    "https://a.example/x y",
    "https://a.example/x\ny",
    "https://[::1/",
    "http://a.example/",
    "mailto:a@a.example",
    "//a.example/x",
];

const OTHERS: &str = r#"[
    0, -1, 1, 4, 255, 256, 257, 3599, 3600, 10000, 10001, 1000000, 1000001, 1123200, 1123201, 10000000, 10000001,
    100000000000, 100000000001, 9223372036854775807, 9223372036854775808, 18446744073709551615, 0.5, -0.5, 1.5, 0.00001,
    10000.5, 1e300, -1e300, 1e-300, null, true, false, [], [null], [1], ["x"], [{}], [[]], {}, {"a": 1}, {"a": null},
    {"a": "x"}, {"a": {}}
]"#;

fn values() -> Vec<Value> {
    let long = [2, 3, 4, 13, 51, 65, 101, 501, 4097].map(|length| "x".repeat(length));
    let digits = [1, 3, 4, 12, 13, 20].map(|length| "1".repeat(length));
    let repeated = long.iter().chain(&digits).map(|text| json!(text));
    let others: Vec<Value> = serde_json::from_str(OTHERS).unwrap();
    let texts = TEXTS.iter().map(|text| json!(text));
    texts.chain(repeated).chain(others).collect()
}
