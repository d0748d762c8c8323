//! The envelope of every answer: `{metadata, data, pagination}`.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::calls::VendorRequest;
use crate::clock;

/// A successful answer.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    data: Value,
    pagination: Option<Value>,
}

impl Answer {
    pub(super) fn ok(data: Value) -> Self {
        Self {
            status: StatusCode::OK,
            data,
            pagination: None,
        }
    }

    pub(super) fn created(data: Value) -> Self {
        Self {
            status: StatusCode::CREATED,
            ..Self::ok(data)
        }
    }

    /// A part of a list.
    pub(super) fn page(data: Value, pagination: Value) -> Self {
        Self {
            pagination: Some(pagination),
            ..Self::ok(data)
        }
    }

    pub(super) fn told(self, request: &VendorRequest) -> Response {
        let mut body = Map::new();
        body.insert("metadata".to_owned(), metadata(request, self.status));
        body.insert("data".to_owned(), self.data);
        if let Some(pagination) = self.pagination {
            body.insert("pagination".to_owned(), pagination);
        }
        (self.status, Json(body)).into_response()
    }
}

/// A refused request: no `data`, and the errors in `metadata`.
pub(super) fn refused(request: &VendorRequest, status: StatusCode, errors: Value) -> Response {
    let mut metadata = metadata(request, status);
    if let Value::Object(fields) = &mut metadata {
        fields.insert("errors".to_owned(), errors);
    }
    (status, Json(json!({ "metadata": metadata }))).into_response()
}

/// The path is the vendor's: without the simulator's alias.
fn metadata(request: &VendorRequest, status: StatusCode) -> Value {
    let uri = request.uri();
    let path = uri
        .path_and_query()
        .map_or_else(|| uri.path(), |whole| whole.as_str());
    json!({
        "path": path.strip_prefix("/shipper").unwrap_or(path),
        "http_status_code": status.as_u16(),
        "http_status": status.canonical_reason().unwrap_or_default(),
        "timestamp": clock::instant().as_second(),
    })
}
