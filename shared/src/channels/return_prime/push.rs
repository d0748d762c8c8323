//! Webhooks: which request one names. It is in `request`, or its fields are at the top. Nothing else of a webhook is read.

use serde_json::Value;

use crate::channels::ReadHook;
use crate::channels::return_prime::request::id;
use crate::contract::fields::{Unreadable, Violation};
use crate::partners::json;

/// Parses a webhook.
pub(super) fn read(body: &[u8]) -> Result<ReadHook, Unreadable> {
    let Some(hook) = json::object(body) else {
        return Err(Unreadable::NotJson("the body is no JSON object".to_owned()));
    };
    let nested = hook.get("request").filter(|request| request.is_object());
    let pointer = if nested.is_some() {
        "/request/id"
    } else {
        "/id"
    };
    let named: &Value = nested.unwrap_or(&hook);
    let id = id(named).ok_or_else(|| {
        Unreadable::Invalid(vec![Violation {
            pointer: pointer.to_owned(),
            detail: "must be the id of a request: 24 hexadecimal digits".to_owned(),
        }])
    })?;
    Ok(ReadHook::Return(id))
}
