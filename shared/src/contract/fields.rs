//! Reads a JSON object field by field and collects all violations, each with its JSON pointer.
//!
//! A derived deserializer stops at the first wrong type, but callers need the whole list. A reader therefore reads
//! every field first and only then gives up: `let a = …; let b = …; Some(Pair { a: a?, b: b? })`.

mod ignored;

use std::cell::RefCell;

use serde::Serialize;
use serde_json::Value;

use crate::contract::held_numbers::held;
use crate::contract::surrogates::without_halves;
use crate::domain::event_kind::UnreadField;
use crate::domain::json_pointer;

pub use ignored::{IgnoredFields, WarnedBody, Warning};

/// The maximum number of lines of an order.
pub const MOST_LINES: usize = 500;

/// A violation in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Violation {
    /// The JSON pointer (RFC 6901); empty for the body itself.
    #[schema(example = "/orderDetails/orderNumber")]
    pub pointer: String,
    /// What is wrong, and what is valid.
    #[schema(example = "must be 1 to 100 printable characters without blanks at its ends")]
    pub detail: String,
}

impl From<&UnreadField> for Violation {
    fn from(field: &UnreadField) -> Self {
        Self {
            pointer: field.pointer.clone(),
            detail: field.detail.clone(),
        }
    }
}

/// Why a body is not a valid request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The body is not JSON; the text says where.
    #[error("{0}")]
    NotJson(String),
    /// The body is JSON, but not this request.
    #[error("{} field(s) are invalid", .0.len())]
    Invalid(Vec<Violation>),
}

/// Reads a whole body: parses the JSON, then calls `read`.
pub fn read_body<T>(
    body: &[u8],
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<T, Unreadable> {
    let value = parse_json(body)?;
    read_value(&value, read)
}

/// Like [`read_body`], for a request of a client: with the fields that the reader did not ask for.
pub fn read_request<T>(
    body: &[u8],
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<(T, IgnoredFields), Unreadable> {
    let value = parse_json(body)?;
    let found = Found::with_ignored();
    let read = found.root(&value).within(read);
    let ignored = found.ignored.take().unwrap_or_default();
    Ok((found.judged(read)?, ignored))
}

/// Like [`read_body`], for parsed JSON.
pub fn read_value<T>(
    value: &Value,
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Result<T, Unreadable> {
    let found = Found::default();
    let read = found.root(value).within(read);
    found.judged(read)
}

/// Like [`read_value`], for a list of 1 to `most` objects.
pub fn read_entries<T>(
    value: &Value,
    most: usize,
    read: impl Fn(&Fields<'_>) -> Option<T>,
) -> Result<Vec<T>, Unreadable> {
    let found = Found::default();
    let fields = found.root(value);
    if is_empty_list(value) {
        fields.wrong("must have at least one entry");
    }
    let read = fields.objects(most, read);
    found.judged(read)
}

/// Parses a body. A number that a float cannot hold becomes one that no field accepts, a whole number of more than 64 bits the
/// text of its digits, and half of a surrogate pair `U+FFFD`.
pub fn parse_json(body: &[u8]) -> Result<Value, Unreadable> {
    let body = held(body);
    let parsed = serde_json::from_slice(&body).or_else(|error| match without_halves(&body) {
        Some(whole) => serde_json::from_slice(&whole),
        None => Err(error),
    });
    parsed.map_err(|error| Unreadable::NotJson(format!("the body is not JSON: {error}")))
}

/// What a reading finds besides the value.
#[derive(Debug, Default)]
struct Found {
    violations: RefCell<Vec<Violation>>,
    /// The fields that nothing asked for; `None` if nobody wants to know.
    ignored: RefCell<Option<IgnoredFields>>,
}

impl Found {
    fn with_ignored() -> Self {
        Self {
            ignored: RefCell::new(Some(IgnoredFields::default())),
            ..Self::default()
        }
    }

    /// The reader of a whole body.
    fn root<'a>(&'a self, value: &'a Value) -> Fields<'a> {
        Fields {
            value,
            pointer: String::new(),
            found: self,
            asked: RefCell::default(),
        }
    }

    fn judged<T>(self, read: Option<T>) -> Result<T, Unreadable> {
        match (read, self.violations.into_inner()) {
            (Some(value), violations) if violations.is_empty() => Ok(value),
            (_, violations) => Err(Unreadable::Invalid(violations)),
        }
    }
}

/// A JSON object with recorded violations.
#[derive(Debug)]
pub struct Fields<'a> {
    value: &'a Value,
    pointer: String,
    found: &'a Found,
    /// The names that the reader asked for, if that is of interest.
    asked: RefCell<Vec<&'a str>>,
}

impl<'a> Fields<'a> {
    /// Reads a required field.
    pub fn required<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<T> {
        self.required_any(&[name], parse)
    }

    /// Reads a required field that has several names.
    pub fn required_any<T>(
        &self,
        names: &[&'static str],
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<T> {
        let Some((name, value)) = self.present(names) else {
            self.missing(names);
            return None;
        };
        self.parsed(name, value, parse)
    }

    /// Reads an optional field; null and an empty string mean absent. The outer `None` means that it is invalid, the
    /// inner one that it is absent.
    pub fn optional<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<Option<T>> {
        self.optional_any(&[name], parse)
    }

    /// Like [`Fields::optional`], for a field with several names.
    pub fn optional_any<T>(
        &self,
        names: &[&'static str],
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<Option<T>> {
        match self.present(names) {
            None => Some(None),
            Some((_, Value::String(text))) if text.is_empty() => Some(None),
            Some((name, value)) => self.parsed(name, value, parse).map(Some),
        }
    }

    /// Reads a required object.
    pub fn object<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Fields<'_>) -> Option<T>,
    ) -> Option<T> {
        let Some((name, value)) = self.present(&[name]) else {
            self.missing(&[name]);
            return None;
        };
        self.inner(name, value).within(read)
    }

    /// Like [`Fields::optional`], for an object.
    pub fn optional_object<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Fields<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.present(&[name]) {
            None => Some(None),
            Some((name, value)) => self.inner(name, value).within(read).map(Some),
        }
    }

    /// Reads a list of values; an absent one is empty.
    pub fn values<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&Value) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let Some((name, value)) = self.present(&[name]) else {
            return Some(Vec::new());
        };
        let list = self.inner(name, value);
        let Some(entries) = value.as_array() else {
            list.wrong("must be a list");
            return None;
        };
        if entries.len() > MOST_LINES {
            list.wrong(&format!("must have at most {MOST_LINES} entries"));
            return None;
        }
        let read: Vec<Option<T>> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| list.parsed(&index.to_string(), entry, &parse))
            .collect();
        read.into_iter().collect()
    }

    /// Reads a list of objects; an absent one is empty. If two of its names are present, both lists must be equal,
    /// unless one is empty.
    pub fn list<T>(
        &self,
        names: &[&'static str],
        read: impl Fn(&Fields<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(first) = self.present(names) else {
            return Some(Vec::new());
        };
        let full: Vec<(&str, &Value)> = names
            .iter()
            .filter_map(|name| Some((*name, self.value.get(name)?)))
            .filter(|(_, list)| !list.is_null() && !is_empty_list(list))
            .collect();
        let (name, value) = full.first().copied().unwrap_or(first);
        if let Some((other, _)) = full.iter().find(|(_, list)| *list != value) {
            self.wrong_field(other, &format!("must be the same list as {name}"));
            return None;
        }
        self.inner(name, value).objects(MOST_LINES, read)
    }

    /// Reads a list of objects that may be longer than an order; an absent one is empty.
    pub fn list_up_to<T>(
        &self,
        name: &'static str,
        most: usize,
        read: impl Fn(&Fields<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some((name, value)) = self.present(&[name]) else {
            return Some(Vec::new());
        };
        self.inner(name, value).objects(most, read)
    }

    /// Reads an object with arbitrary names, such as headers. The outer `None` means that something in it is invalid,
    /// the inner one that it is absent. A null in it is an ordinary value.
    pub fn entries<T>(
        &self,
        name: &str,
        most: usize,
        read: impl Fn(&str, &Value) -> Result<T, String>,
    ) -> Option<Option<Vec<(String, T)>>> {
        let Some(value) = self.present_as(name) else {
            return Some(None);
        };
        let object = self.inner(name, value);
        let Some(entries) = value.as_object() else {
            object.wrong("must be an object");
            return None;
        };
        if entries.len() > most {
            object.wrong(&format!("must have at most {most} entries"));
            return None;
        }
        let read: Vec<Option<(String, T)>> = entries
            .iter()
            .map(|(key, value)| {
                let parsed = object.parsed(key, value, |value| read(key, value));
                Some((key.clone(), parsed?))
            })
            .collect();
        read.into_iter().collect::<Option<_>>().map(Some)
    }

    /// Marks fields that the request has, but that have no effect in this case.
    pub fn knows(&self, names: &[&'static str]) {
        if self.found.ignored.borrow().is_some() {
            self.asked.borrow_mut().extend(names);
        }
    }

    /// All fields, of any name and type. None of them counts as ignored.
    pub fn all_fields(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let fields = self.value.as_object().into_iter().flatten();
        let named = fields.map(|(name, value)| (name.as_str(), value));
        if self.found.ignored.borrow().is_some() {
            self.asked
                .borrow_mut()
                .extend(named.clone().map(|(name, _)| name));
        }
        named
    }

    /// The value of a field, of any type; `None` if it is absent or null.
    pub fn get(&self, name: &'static str) -> Option<&'a Value> {
        self.present(&[name]).map(|(_, value)| value)
    }

    /// Whether the field exists and is not null.
    pub fn has(&self, name: &'static str) -> bool {
        self.present(&[name]).is_some()
    }

    /// Records a violation of a field.
    pub fn wrong_field(&self, name: &str, detail: &str) {
        self.inner(name, self.value).wrong(detail);
    }

    /// Records a violation of a field of a list's entry.
    pub fn wrong_entry(&self, list: &str, index: usize, name: &str, detail: &str) {
        let list = self.inner(list, self.value);
        let entry = list.inner(&index.to_string(), self.value);
        entry.wrong_field(name, detail);
    }

    /// The list of objects that this value is.
    fn objects<T>(self, most: usize, read: impl Fn(&Fields<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Some(entries) = self.value.as_array() else {
            self.wrong("must be a list of objects");
            return None;
        };
        if entries.len() > most {
            self.wrong(&format!("must have at most {most} entries"));
            return None;
        }
        let read: Vec<Option<T>> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| self.inner(&index.to_string(), entry).within(&read))
            .collect();
        read.into_iter().collect()
    }

    fn within<T>(self, read: impl FnOnce(&Fields<'_>) -> Option<T>) -> Option<T> {
        let Some(fields) = self.value.as_object() else {
            self.wrong(if self.pointer.is_empty() {
                "must be a JSON object"
            } else {
                "must be an object"
            });
            return None;
        };
        let read = read(&self)?;
        if let Some(ignored) = self.found.ignored.borrow_mut().as_mut() {
            ignored.add(&self.pointer, fields, &self.asked.borrow());
        }
        Some(read)
    }

    fn present(&self, names: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        #[cfg(test)]
        crate::contract::described::note(&self.pointer, names);
        self.knows(names);
        names.iter().find_map(|name| {
            Some((
                *name,
                self.value.get(name).filter(|value| !value.is_null())?,
            ))
        })
    }

    /// The value of a field whose name is not the reader's; `None` if it is absent or null.
    fn present_as(&self, name: &str) -> Option<&'a Value> {
        #[cfg(test)]
        crate::contract::described::note(&self.pointer, &[name]);
        let (name, value) = self.value.as_object()?.get_key_value(name)?;
        if self.found.ignored.borrow().is_some() {
            self.asked.borrow_mut().push(name);
        }
        Some(value).filter(|value| !value.is_null())
    }

    fn missing(&self, names: &[&str]) {
        if let Some(name) = names.first() {
            self.wrong_field(name, "is missing");
        }
    }

    fn parsed<T>(
        &self,
        name: &str,
        value: &Value,
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<T> {
        parse(value)
            .map_err(|detail| self.wrong_field(name, &detail))
            .ok()
    }

    fn inner<'b>(&self, name: &str, value: &'b Value) -> Fields<'b>
    where
        'a: 'b,
    {
        let name = json_pointer::token(name);
        Fields {
            value,
            pointer: format!("{}/{name}", self.pointer),
            found: self.found,
            asked: RefCell::default(),
        }
    }

    fn wrong(&self, detail: &str) {
        self.found.violations.borrow_mut().push(Violation {
            pointer: self.pointer.clone(),
            detail: detail.to_owned(),
        });
    }
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests;
