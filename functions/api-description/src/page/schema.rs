//! Schemas in words and tables.

use serde_json::Value;

use super::text::{Paragraph, Part, entries, members, paragraphs, parts, word};

/// A longer pattern is not shown: nobody reads it.
const LONGEST_PATTERN: usize = 60;
/// How many values of a closed set are shown in a table.
const MOST_VALUES: usize = 12;

/// A named schema.
pub(super) struct Shape<'a> {
    pub(super) name: &'a str,
    pub(super) about: Vec<Paragraph>,
    pub(super) kind: Vec<Piece>,
    pub(super) values: Vec<String>,
    pub(super) fields: Vec<Field<'a>>,
}

/// A piece of a type; with a target if it names a schema.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) target: Option<String>,
}

/// A field of an object, or a parameter.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) place: &'a str,
    pub(super) is_required: bool,
    pub(super) kind: Vec<Piece>,
    pub(super) about: Vec<Part>,
    pub(super) limits: String,
}

/// All named schemas.
pub(super) fn shapes(api: &Value) -> Vec<Shape<'_>> {
    let components = api.get("components").unwrap_or(&Value::Null);
    let schemas = members(components, "schemas");
    schemas
        .map(|(name, schema)| Shape::of(name, schema))
        .collect()
}

impl<'a> Shape<'a> {
    fn of(name: &'a str, schema: &'a Value) -> Self {
        let inline = entries(schema, "allOf").filter(|part| part.get("properties").is_some());
        let objects = std::iter::once(schema).chain(inline);
        Self {
            name,
            about: paragraphs(word(schema, "description")),
            kind: if schema.get("properties").is_some() {
                Vec::new()
            } else {
                kind(schema)
            },
            values: values(schema, usize::MAX),
            fields: objects.flat_map(fields).collect(),
        }
    }
}

fn fields(object: &Value) -> impl Iterator<Item = Field<'_>> {
    members(object, "properties").map(|(name, schema)| Field {
        name,
        place: "",
        is_required: entries(object, "required").any(|required| required == name),
        kind: kind(schema),
        about: parts(word(schema, "description")),
        limits: limits(schema),
    })
}

/// The type of a value.
pub(super) fn kind(schema: &Value) -> Vec<Piece> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return vec![Piece {
            text: name.to_owned(),
            target: Some(name.to_owned()),
        }];
    }
    for (name, between) in [("allOf", " and "), ("oneOf", " or "), ("anyOf", " or ")] {
        if schema.get(name).is_some() {
            return joined(entries(schema, name).map(kind), between);
        }
    }
    if let Some(entry) = schema.get("items").filter(|_| is_of(schema, "array")) {
        let mut list = vec![plain("list of ")];
        list.extend(kind(entry));
        return list;
    }
    if let Some(value) = schema
        .get("additionalProperties")
        .filter(|value| value.is_object())
    {
        let mut map = vec![plain("object with values: ")];
        map.extend(kind(value));
        return map;
    }
    let title = word(schema, "title");
    let name = if title.is_empty() {
        types(schema)
    } else {
        title.to_owned()
    };
    vec![Piece {
        text: name,
        target: None,
    }]
}

fn plain(text: &str) -> Piece {
    Piece {
        text: text.to_owned(),
        target: None,
    }
}

fn joined(kinds: impl Iterator<Item = Vec<Piece>>, between: &str) -> Vec<Piece> {
    let mut joined = Vec::new();
    for kind in kinds {
        if !joined.is_empty() {
            joined.push(plain(between));
        }
        joined.extend(kind);
    }
    joined
}

fn is_of(schema: &Value, name: &str) -> bool {
    let own = schema.get("type");
    let listed = own.and_then(Value::as_array).into_iter().flatten();
    own.is_some_and(|own| own == name) || listed.clone().any(|own| own == name)
}

/// The names of the types, such as `string or null`.
fn types(schema: &Value) -> String {
    let format = word(schema, "format");
    let shown = |name: &Value| match (name.as_str(), format) {
        (Some(name), "") => name.to_owned(),
        (Some("null"), _) => "null".to_owned(),
        (Some(name), format) => format!("{name} ({format})"),
        (None, _) => String::new(),
    };
    match schema.get("type") {
        Some(Value::Array(names)) => names.iter().map(shown).collect::<Vec<_>>().join(" or "),
        Some(name) => shown(name),
        None => "any".to_owned(),
    }
}

/// What a value may be, besides its type.
pub(super) fn limits(schema: &Value) -> String {
    let number = |name: &str| schema.get(name).filter(|value| value.is_number());
    let range = |(least, most): (&str, &str), unit: &str| match (number(least), number(most)) {
        (None, None) => None,
        (Some(least), None) => Some(format!("at least {least}{unit}")),
        (None, Some(most)) => Some(format!("at most {most}{unit}")),
        (Some(least), Some(most)) if least == most => Some(format!("{least}{unit}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
    };
    let pattern = word(schema, "pattern");
    let shown = (1..=LONGEST_PATTERN).contains(&pattern.len());
    let values = values(schema, MOST_VALUES);
    let example = schema.get("example").filter(|value| !value.is_object());
    let parts = [
        range(("minLength", "maxLength"), " characters"),
        range(("minItems", "maxItems"), " entries"),
        range(("minimum", "maximum"), ""),
        number("exclusiveMinimum").map(|least| format!("more than {least}")),
        shown.then(|| format!("pattern {pattern}")),
        (!values.is_empty()).then(|| values.join(", ")),
        example.map(|value| format!("such as {}", shown_value(value))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The values of a closed set, up to a number.
fn values(schema: &Value, most: usize) -> Vec<String> {
    let mut values: Vec<_> = entries(schema, "enum").map(shown_value).collect();
    if values.len() > most {
        values.truncate(most);
        values.push("…".to_owned());
    }
    values
}

fn shown_value(value: &Value) -> String {
    let text = value.as_str().map(ToOwned::to_owned);
    text.unwrap_or_else(|| value.to_string())
}
