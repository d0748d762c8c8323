//! An answer of the API, with checks of what every answer must have.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::Value;

use crate::described;
use crate::patience::PATIENCE;

/// An answer, read completely.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) took: Duration,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let (client, request) = request.timeout(PATIENCE).build_split();
        let request = request.unwrap();
        let sent = request.try_clone();
        let begin = Instant::now();
        let response = client.execute(request).await.unwrap();
        let answer = Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap(),
            took: begin.elapsed(),
        };
        if let Some(sent) = sent {
            described::hold(&sent, &answer);
        }
        answer
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }

    /// The body of a 200.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(self.header("x-request-id").is_some(), "{self:?}");
        self.json()
    }

    /// The body of a problem with this slug; checks everything that a problem must have.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, slug: &str) -> Value {
        let problem = self.json();
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        let text = |field: &str| problem[field].as_str().unwrap_or_default().to_owned();
        let kind = text("type");
        assert!(
            kind.starts_with("https://") && kind.ends_with(&format!("#{slug}")),
            "{kind} instead of {slug}: {problem}"
        );
        assert_eq!(problem["status"], status);
        assert!(!text("title").is_empty() && !text("detail").is_empty());
        assert_eq!(self.header("x-request-id"), Some(&*text("instance")));
        problem
    }

    /// The pointers of a 422 for invalid fields, sorted.
    #[track_caller]
    pub(crate) fn invalid_pointers(&self) -> Vec<String> {
        let problem = self.problem(422, "invalid-request");
        let errors = problem["errors"].as_array().unwrap();
        assert!(errors.iter().all(|error| {
            error["detail"]
                .as_str()
                .is_some_and(|said| !said.is_empty())
        }));
        let pointer = |error: &Value| error["pointer"].as_str().unwrap().to_owned();
        let mut pointers: Vec<_> = errors.iter().map(pointer).collect();
        pointers.sort();
        pointers
    }

    /// The seconds in `Retry-After`.
    #[track_caller]
    pub(crate) fn retry_after(&self) -> u64 {
        let told = self.header("retry-after");
        told.unwrap_or_else(|| panic!("no Retry-After: {self:?}"))
            .parse()
            .unwrap()
    }
}
