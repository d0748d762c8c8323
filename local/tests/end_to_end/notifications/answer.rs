//! An answer to a push or to a call of the API.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::answer;

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let answer::Answer {
            status,
            headers,
            body,
            ..
        } = answer::Answer::to(request).await;
        Self {
            status,
            headers,
            body: match &*body {
                [] => Value::Null,
                body => serde_json::from_slice(body).unwrap(),
            },
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The status of a push's only event.
    pub(crate) fn status_of_event(&self) -> &str {
        assert_eq!(self.body["notifications"].as_array().unwrap().len(), 1);
        self.body["notifications"][0]["status"].as_str().unwrap()
    }

    pub(crate) fn notification_id(&self) -> String {
        let id = &self.body["notifications"][0]["notificationId"];
        id.as_str().unwrap().to_owned()
    }

    /// The pointers of a problem's errors.
    pub(crate) fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap())
            .collect()
    }

    /// Asserts that this is a problem with this status and slug.
    pub(crate) fn is_problem(&self, status: u16, slug: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(
            self.body["type"].as_str().unwrap().ends_with(slug),
            "{self:?}"
        );
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["instance"], self.header("x-request-id"));
    }
}
