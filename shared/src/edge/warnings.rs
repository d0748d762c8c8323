//! Tells a caller which fields of its request had no effect.
//!
//! The reader of a body finds them and [`respond`](crate::edge::request::respond) puts them into the answer, whatever the
//! handler does in between, so that no handler can forget them. They belong to this request: a stored answer never contains
//! them, and a repeat of a request names its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use lambda_http::http::header::{HeaderName, HeaderValue};
use lambda_http::{Body, Response};
use tokio::task::futures::TaskLocalFuture;

use crate::contract::fields::{IgnoredFields, WarnedBody, Warning};

/// The header of an answer without a body.
const HEADER: &str = "rms-ignored-fields";

/// What was ignored of the body of one request.
#[derive(Debug, Clone, Default)]
pub(super) struct Ignored(Arc<Mutex<IgnoredFields>>);

tokio::task_local! {
    /// That of the request that this task answers.
    static IGNORED: Ignored;
}

impl Ignored {
    /// The future, during which [`note`] writes here. It is boxed, because the compiler gives up on the layout of futures that are
    /// nested too deeply.
    pub(super) fn during<F: Future>(&self, answering: F) -> TaskLocalFuture<Self, Pin<Box<F>>> {
        IGNORED.scope(self.clone(), Box::pin(answering))
    }

    /// What was noted.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *noted).into_warnings()
    }
}

/// Notes what was ignored of the body of the request that this task answers.
pub(super) fn note(ignored: IgnoredFields) {
    // Outside a request, as in a test of a reader, nobody is told.
    let _ = IGNORED.try_with(|noted| {
        *noted.0.lock().unwrap_or_else(PoisonError::into_inner) = ignored;
    });
}

/// Adds the warnings to an answer: to a JSON object as its last member, to an empty body as a header. Other answers, such as
/// documents, stay as they are.
pub(super) fn put(response: &mut Response<Body>, warnings: &[Warning]) {
    if warnings.is_empty() {
        return;
    }
    if response.body().is_empty() {
        let pointers: Vec<_> = warnings.iter().map(|warning| &*warning.pointer).collect();
        if let Ok(value) = HeaderValue::from_str(&printable(&pointers.join(", "))) {
            let headers = response.headers_mut();
            headers.insert(HeaderName::from_static(HEADER), value);
        }
    } else if let Some(body) = with_warnings(response.body(), warnings) {
        *response.body_mut() = Body::from(body);
    }
}

/// A JSON object with one more member. The bytes before it stay as they are.
fn with_warnings(body: &[u8], warnings: &[Warning]) -> Option<String> {
    let object = std::str::from_utf8(body).ok()?.trim();
    let members = object.strip_prefix('{')?.strip_suffix('}')?.trim_end();
    let comma = if members.is_empty() { "" } else { "," };
    let warned = serde_json::to_string(&WarnedBody { warnings }).ok()?;
    let added = warned.strip_prefix('{')?;
    Some(format!("{{{members}{comma}{added}"))
}

/// A text as it may be in a header.
fn printable(text: &str) -> String {
    let in_header = |character: char| character == ' ' || character.is_ascii_graphic();
    let letters = text.chars();
    letters
        .map(|letter| if in_header(letter) { letter } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use lambda_http::http::StatusCode;
    use lambda_http::{Body, Request, Response};
    use serde_json::{Value, json};

    use crate::contract::fields::Fields;
    use crate::contract::values::text;
    use crate::edge::answer;
    use crate::edge::problem::Problem;
    use crate::edge::problem::kind::ProblemKind;
    use crate::edge::request::{Answer, read_json, respond};

    const EVENT: &str = include_str!("../../../events/generate-label.json");

    fn request(path: &str, body: &Value) -> Request {
        let mut event: Value = serde_json::from_str(EVENT).unwrap();
        event["rawPath"] = json!(path);
        event["requestContext"]["http"]["path"] = json!(path);
        event["body"] = json!(body.to_string());
        lambda_http::request::from_str(&event.to_string()).unwrap()
    }

    fn name(fields: &Fields<'_>) -> Option<String> {
        fields.required("name", text)
    }

    async fn answered(path: &str, answer: Answer) -> Response<Body> {
        let request = request(path, &json!({ "name": "a", "nam\u{e9}": 1 }));
        respond(&request, async |request| {
            read_json(request, name)?;
            tokio::task::yield_now().await;
            answer
        })
        .await
    }

    fn body(response: &Response<Body>) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    fn warnings() -> Value {
        json!([{ "pointer": "/nam\u{e9}", "detail": "no such field, so it was ignored" }])
    }

    #[tokio::test]
    async fn an_object_gets_one_more_member_and_its_bytes_stay() {
        let stored = r#"{"amount":1.10,"big":123456789012345678901234567890}"#.to_owned();
        let response = answered("/orders", Ok(answer::stored(StatusCode::OK, stored, true))).await;
        let text = std::str::from_utf8(response.body()).unwrap();
        assert!(
            text.starts_with(r#"{"amount":1.10,"big":123456789012345678901234567890,"warnings":"#),
            "{text}"
        );
        assert_eq!(body(&response)["warnings"], warnings());
        let empty = answered("/orders", Ok(answer::json(StatusCode::OK, &json!({})))).await;
        assert_eq!(body(&empty), json!({ "warnings": warnings() }));
    }

    #[tokio::test]
    async fn below_v3_they_are_in_the_metadata() {
        let data = answer::json(StatusCode::OK, &json!({ "a": 1 }));
        let body = body(&answered("/v3/pricing/domestic", Ok(data)).await);
        assert_eq!(body["metadata"]["warnings"], warnings());
        assert_eq!(body["data"], json!({ "a": 1 }));
    }

    #[tokio::test]
    async fn an_empty_answer_stays_empty_and_has_a_header() {
        let response = answered("/return/return-orders", Ok(Response::new(Body::Empty))).await;
        assert!(response.body().is_empty());
        assert_eq!(response.headers()["rms-ignored-fields"], "/nam?");
    }

    #[tokio::test]
    async fn problems_documents_and_lists_stay_as_they_are() {
        let problem = Problem::new(ProblemKind::NotFound, "x");
        let response = answered("/orders", Err(problem)).await;
        assert!(body(&response).get("warnings").is_none());
        let pdf = answered("/orders", Ok(answer::pdf(b"%PDF {}".to_vec()))).await;
        assert_eq!(&pdf.body()[..], b"%PDF {}");
        let list = answered("/orders", Ok(answer::json(StatusCode::OK, &json!([1])))).await;
        assert_eq!(body(&list), json!([1]));
    }

    #[tokio::test]
    async fn an_answer_without_ignored_fields_has_no_member() {
        let request = request("/orders", &json!({ "name": "a" }));
        let response = respond(&request, async |request| {
            read_json(request, name)?;
            Ok(answer::json(StatusCode::OK, &json!({})))
        })
        .await;
        assert_eq!(body(&response), json!({}));
    }
}
