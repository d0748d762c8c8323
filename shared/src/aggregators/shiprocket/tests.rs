//! Tests of Shiprocket's requests and responses, by capability, and of interruptions.

mod book;
mod cancel;
mod exchange;
mod look_up;
mod optional;
mod order;
mod push;
mod quote;
mod recommend;
mod refusal;
mod session;
mod wire;

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::aggregators::shiprocket::*;
use crate::aggregators::workbench::{Names, Workbench, request};
use crate::domain::account::Region;
use crate::domain::booking::Booking;
use crate::partners::session::KeepsSessions;
use crate::partners::workbench::MemoryProgress;

const LABEL_REQUEST: &str = include_str!("fixtures/label-request.json");
const MINIMAL_REQUEST: &str = include_str!("fixtures/label-request-minimal.json");
const RETURN_REQUEST: &str = include_str!("fixtures/return-request.json");
const EXPORT_REQUEST: &str = include_str!("fixtures/export-request.json");
const CREATED: &str = include_str!("fixtures/created.json");
const CREATED_RETURN: &str = include_str!("fixtures/created-return.json");
const ASSIGNED: &str = include_str!("fixtures/assigned.json");
const NOT_ASSIGNED: &str = include_str!("fixtures/not-assigned.json");
const CANNOT_REASSIGN: &str = include_str!("fixtures/cannot-reassign.json");
const LABEL: &str = include_str!("fixtures/label.json");
const NO_LABEL: &str = include_str!("fixtures/no-label.json");
const SHOWN: &str = include_str!("fixtures/shown.json");
const ORDERS: &str = include_str!("fixtures/orders.json");
const TAKEN: &str = include_str!("fixtures/taken.json");
const SERVING: &str = include_str!("fixtures/serving.json");
const PUSH_2023: &str = include_str!("fixtures/push-2023.json");
const PUSH_2021: &str = include_str!("fixtures/push-2021.json");
const CREATE: &str = "/orders/create/adhoc";
const CREATE_RETURN: &str = "/orders/create/return";
const ASSIGN: &str = "/courier/assign/awb";
const PRINT: &str = "/courier/generate/label";
const SHOW: &str = "/orders/show/430011";
const FIND: &str = "/orders";
const CANCEL: &str = "/orders/cancel";
const LOG_IN: &str = "/auth/login";
/// Longer than any test waits.
const NEVER: Duration = Duration::from_secs(30);
/// For calls without a response.
const IMPATIENCE: Duration = Duration::from_millis(400);

/// An account with a session.
async fn bench() -> Workbench {
    let bench = logged_out().await;
    let token = SecretString::from("warm");
    let account = bench.account.as_partner();
    bench.sessions.keep(account, &token, NEVER).await;
    bench
}

async fn logged_out() -> Workbench {
    let credentials = [("email", "rms@example.org"), ("password", "s3cret")];
    let bench = Workbench::start(NAME, &credentials).await;
    bench.set("pickupLocation", "Nord Godown")
}

/// Shiprocket's response to all such calls.
async fn on(bench: &Workbench, verb: &str, at: &str, status: u16, body: impl Into<Vec<u8>>) {
    mock(verb, at, answer(status, body))
        .mount(&bench.server)
        .await;
}

/// Shiprocket's response to the next such call.
async fn next(bench: &Workbench, verb: &str, at: &str, template: ResponseTemplate) {
    let mock = mock(verb, at, template).up_to_n_times(1);
    mock.mount(&bench.server).await;
}

fn mock(verb: &str, at: &str, template: ResponseTemplate) -> Mock {
    Mock::given(method(verb))
        .and(path(at))
        .respond_with(template)
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// A response after the deadline.
fn late(body: &str) -> ResponseTemplate {
    answer(200, body).set_delay(NEVER)
}

/// Shiprocket with successful responses to all calls.
async fn willing(bench: &Workbench) {
    on(bench, "POST", CREATE, 200, CREATED).await;
    on(bench, "POST", ASSIGN, 200, ASSIGNED).await;
    on(bench, "POST", PRINT, 200, LABEL).await;
}

/// The received calls, in order.
async fn asked(bench: &Workbench) -> Vec<String> {
    let calls = bench.received().await;
    let told = calls.iter().map(|call| {
        let query = call.url.query().map(|query| format!("?{query}"));
        format!(
            "{} {}{}",
            call.method,
            call.url.path(),
            query.unwrap_or_default()
        )
    });
    told.collect()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A fixture with other values at some pointers.
fn with(fixture: &str, changes: &[(&str, Value)]) -> Value {
    let mut body = json_of(fixture);
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match name.parse::<usize>() {
            Ok(index) => parent[index] = value.clone(),
            Err(_) => parent[name] = value.clone(),
        }
    }
    body
}

async fn book(
    bench: &Workbench,
    body: &str,
    progress: &MemoryProgress,
) -> Result<Booked, PartnerFailure> {
    bench
        .book(&Shiprocket, &request(&json_of(body)), progress)
        .await
}

/// Books a label for the minimal request, without earlier progress.
async fn label(bench: &Workbench) -> (Result<Booked, PartnerFailure>, MemoryProgress) {
    let progress = MemoryProgress::default();
    let booked = book(bench, MINIMAL_REQUEST, &progress).await;
    (booked, progress)
}

fn minimal_names() -> Names {
    Names::of(&request(&json_of(MINIMAL_REQUEST)))
}

/// The booking in the fixtures.
fn sold(label_url: Option<&str>) -> Booking {
    Booking {
        order_id: Some("430011".parse().unwrap()),
        awb: "77300145020".parse().unwrap(),
        carrier_name: Some("Amazon Surface".to_owned()),
        label_url: label_url.map(|url| url.parse().unwrap()),
        commercial_invoice_url: None,
        meta_data: std::collections::BTreeMap::new(),
        own_ids: [("order".to_owned(), "430011/429990".to_owned())].into(),
    }
}

const LABEL_URL: &str = "https://labels.example.org/430011/label-429990.pdf";

fn with_label() -> Booked {
    Booked::Now(sold(Some(LABEL_URL)))
}

fn steps(progress: &MemoryProgress) -> Vec<(String, String)> {
    progress.reached().into_iter().collect()
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, PartnerFailure>, code: &str, words: &str) {
    let Err(PartnerFailure::Refused(refusal)) = outcome else {
        panic!("not refused: {outcome:?}");
    };
    assert_eq!(refusal.code.as_deref(), Some(code), "{refusal:?}");
    let message = refusal.message.unwrap_or_default();
    assert!(message.contains(words), "{message}");
}

#[track_caller]
fn assert_unknown<T: std::fmt::Debug>(outcome: &Result<T, PartnerFailure>) {
    assert!(
        matches!(outcome, Err(PartnerFailure::OutcomeUnknown)),
        "{outcome:?}"
    );
}

#[track_caller]
fn assert_invalid<T: std::fmt::Debug>(outcome: Result<T, PartnerFailure>, pointers: &[&str]) {
    let Err(PartnerFailure::Invalid(violations)) = outcome else {
        panic!("not invalid: {outcome:?}");
    };
    let found: Vec<_> = violations
        .iter()
        .map(|found| found.pointer.as_str())
        .collect();
    assert_eq!(found, pointers, "{violations:?}");
}

#[test]
fn it_is_registered_with_its_capabilities() {
    let adapter = crate::aggregators::find(&NAME.parse().unwrap()).unwrap();
    assert!(adapter.repeats_safely() && adapter.chooses_couriers());
    let key_header = Some("x-api-key");
    assert_eq!(adapter.push_proof(), PushProof::Token { key_header });
}
