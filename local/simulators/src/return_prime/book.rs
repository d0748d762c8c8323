//! The store's requests, oldest first.

use serde_json::{Map, Value, json};

use crate::clock;

/// All requests of the store.
#[derive(Default)]
pub(super) struct Book {
    requests: Vec<Map<String, Value>>,
}

impl Book {
    /// Stores a request and returns it whole. The fields replace those of the stored request with the same id; a new request
    /// gets the fields that every request has, where they are missing.
    pub(super) fn store(&mut self, fields: Map<String, Value>) -> Map<String, Value> {
        let id = text(&fields, "id");
        let known = self
            .requests
            .iter_mut()
            .find(|known| id.is_some() && text(known, "id") == id);
        if let Some(known) = known {
            known.extend(fields);
            return known.clone();
        }
        let mut request = self.fresh();
        request.extend(fields);
        self.requests.push(request.clone());
        request
    }

    /// The request with this object id.
    pub(super) fn by_id(&self, id: &str) -> Option<&Map<String, Value>> {
        let mut requests = self.requests.iter();
        requests.find(|request| text(request, "id") == Some(id))
    }

    pub(super) fn requests(&self) -> &[Map<String, Value>] {
        &self.requests
    }

    fn fresh(&self) -> Map<String, Value> {
        let number = self.requests.len().saturating_add(1);
        let id = uuid::Uuid::new_v4().simple().to_string();
        let fields = [
            ("id", json!(id.get(..24))),
            ("request_number", json!(format!("RET{number}"))),
            ("request_type", json!("return")),
            ("status", json!("requested")),
            ("created_at", json!(clock::now())),
            ("line_items", json!([])),
        ];
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// A field that is text.
pub(super) fn text<'a>(request: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    request.get(name)?.as_str()
}
