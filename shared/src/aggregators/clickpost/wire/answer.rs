//! Responses of Clickpost, parsed leniently: optional values may be missing, null, empty or "NA", and numbers may be
//! strings.

use std::borrow::Cow;

use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use crate::contract::event_details::whole;
use crate::outbound::client::Reply;
use crate::partners::json;

/// Values with which Clickpost, or a courier behind it, marks a missing value.
const NOTHING: [&str; 5] = ["", "NA", "N/A", "null", "None"];

/// A response: `meta` contains the status of the call, `result` its data.
pub(crate) struct ClickpostAnswer(Value);

impl ClickpostAnswer {
    /// The response, if it is valid.
    pub(crate) fn of(reply: &Reply) -> Option<Self> {
        json::object(&reply.body).map(Self)
    }

    /// The code in `meta`, which decides, whatever the HTTP status is.
    pub(crate) fn status(&self) -> Option<i64> {
        number(self.0.pointer("/meta/status")?)
    }

    /// Its message.
    pub(crate) fn message(&self) -> Option<Cow<'_, str>> {
        word(self.0.pointer("/meta/message")?)
    }

    /// A top-level field.
    pub(crate) fn outer(&self, name: &str) -> Option<Cow<'_, str>> {
        word(self.0.get(name)?)
    }

    /// The whole result.
    pub(crate) fn result(&self) -> Option<&Value> {
        self.0.get("result").filter(|result| !result.is_null())
    }

    /// A field of the result, of any type.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.result()?.get(name)
    }

    /// A field of the result.
    pub(crate) fn given(&self, name: &str) -> Option<Cow<'_, str>> {
        word(self.field(name)?)
    }

    /// Our reference number.
    pub(crate) fn reference_number(&self) -> Option<Cow<'_, str>> {
        self.given("reference_number")
            .or_else(|| word(self.0.pointer("/meta/reference_number")?))
            .or_else(|| self.outer("reference_number"))
    }
}

/// A string or an id, if it has a value.
pub(crate) fn word(value: &Value) -> Option<Cow<'_, str>> {
    let text = match value {
        Value::String(text) => Cow::Borrowed(text.trim()),
        Value::Number(number) if !number.is_f64() => Cow::Owned(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            return None;
        }
    };
    (!NOTHING.contains(&text.as_ref())).then_some(text)
}

/// A whole number, also as `1.0`, or a numeric string.
pub(crate) fn number(value: &Value) -> Option<i64> {
    whole(value)?.to_i64()
}
