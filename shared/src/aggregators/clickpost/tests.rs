//! Tests the adapter against a server that responds as Clickpost's documentation says.

mod book;
mod call;
mod cancel;
mod look_up;
mod predict;
mod push;
mod recommend;
mod wire;

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{any as anything, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::aggregators::clickpost::book::answer::{ACCOUNT_CODE, COURIER};
use crate::aggregators::clickpost::*;
use crate::aggregators::workbench;
use crate::aggregators::workbench::{Names, Workbench};
use crate::domain::account::Region;
use crate::domain::quote::DeliveryDates;
use crate::partners::failure::Refusal;
use crate::partners::workbench::MemoryProgress;

const LABEL_REQUEST: &str = include_str!("fixtures/label-request.json");
const MINIMAL_REQUEST: &str = include_str!("fixtures/minimal-request.json");
const RETURN_REQUEST: &str = include_str!("fixtures/return-request.json");
const ABROAD_REQUEST: &str = include_str!("fixtures/abroad-request.json");
const ORDER_ANSWER: &str = include_str!("fixtures/order-answer.json");
const REPEATED_ANSWER: &str = include_str!("fixtures/repeated-answer.json");
const ABROAD_ANSWER: &str = include_str!("fixtures/abroad-answer.json");
/// For calls without a response.
const IMPATIENCE: Duration = Duration::from_millis(200);

/// An account with this key; the server has no responses yet.
async fn workbench() -> Workbench {
    Workbench::start("CLICKPOST", &[("username", "brand"), ("key", "k 1&2")]).await
}

/// Like [`workbench`], with an international account.
async fn workbench_abroad() -> Workbench {
    let mut bench = workbench().await;
    bench.account.region = Region::International;
    bench
}

fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A body with some values replaced or added.
fn changed(text: &str, changes: &[(&str, Value)]) -> Value {
    let mut altered = body(text);
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = altered.pointer_mut(parent).unwrap();
        parent[name] = value.clone();
    }
    altered
}

/// Clickpost's response with HTTP 200.
fn meta(status: impl Into<Value>, message: &str) -> Value {
    json!({"meta": {"status": status.into(), "message": message, "success": false}})
}

fn answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

impl Workbench {
    /// Responds to every call in this way.
    async fn answers(self, template: ResponseTemplate) -> Self {
        Mock::given(anything())
            .respond_with(template)
            .mount(&self.server)
            .await;
        self
    }

    async fn order(&self, request: &Value) -> Result<Booked, PartnerFailure> {
        let request = workbench::request(request);
        self.book(&Clickpost, &request, &MemoryProgress::default())
            .await
    }

    /// Method, path and query of each call.
    async fn asked(&self) -> Vec<String> {
        let line = |request: &wiremock::Request| {
            let query = request.url.query().unwrap_or_default();
            format!("{} {}?{query}", request.method, request.url.path())
        };
        self.received().await.iter().map(line).collect()
    }
}

/// The pointers of the violations.
fn pointers(failure: &PartnerFailure) -> Vec<&str> {
    let PartnerFailure::Invalid(found) = failure else {
        panic!("{failure:?}");
    };
    found.iter().map(|wrong| wrong.pointer.as_str()).collect()
}

#[test]
fn it_is_registered_and_declares_itself() {
    let name = "CLICKPOST".parse().unwrap();
    let adapter = crate::aggregators::find(&name).unwrap();
    assert!(adapter.repeats_safely() && !adapter.chooses_couriers());
    assert_eq!(
        adapter.push_proof(),
        PushProof::Token {
            key_header: Some("webhook_key")
        }
    );
}
