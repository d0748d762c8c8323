//! Shared code of the adapter's tests.

mod account;
mod book;
mod call;
mod cancel;
mod look_up;
mod price;
mod push;
mod recommend;
mod request;

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::aggregators::shipper::Shipper;
use crate::aggregators::workbench::{Names, Workbench, request};
use crate::contract::fields::Violation;
use crate::domain::booking::{Booked, Booking, MetaData};
use crate::domain::order::ShipmentRequest;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::workbench::MemoryProgress;

const LABEL: &str = include_str!("fixtures/label-request.json");
const CREATED: &str = include_str!("fixtures/created.json");
const DETAIL: &str = include_str!("fixtures/detail.json");
const PRINTED: &str = include_str!("fixtures/label.json");
const UNKNOWN: &str = include_str!("fixtures/unknown.json");
const REFUSED: &str = include_str!("fixtures/refused.json");
/// The calls, as `METHOD path`.
const FIND: &str = "GET /v3/order/external-id/SO%2F71%25";
const CREATE: &str = "POST /v3/order";
const FETCH: &str = "POST /v3/pickup/timeslot";
const READ: &str = "GET /v3/order/26BXK7TNQ2M4D";
const PRINT: &str = "POST /v3/order/label";
const CANCEL: &str = "DELETE /v3/order/26BXK7TNQ2M4D";
const ORDER_ID: &str = "26BXK7TNQ2M4D";
/// For calls without a response.
const IMPATIENCE: Duration = Duration::from_millis(200);

/// An account; the server has no responses yet.
async fn shipper() -> Workbench {
    Workbench::start("SHIPPER", &[("apiKey", "k3y")]).await
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn label() -> ShipmentRequest {
    request(&json_of(LABEL))
}

/// The label's request with changed values.
fn label_with(changes: &[(&str, Value)]) -> ShipmentRequest {
    let mut body = json_of(LABEL);
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match parent.as_array_mut() {
            Some(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            None => parent[name] = value.clone(),
        }
    }
    request(&body)
}

/// Responds to all such calls.
async fn on(bench: &Workbench, call: &str, status: u16, body: &str) {
    mount(bench, call, answer(status, body), u64::MAX).await;
}

/// Responds to the next such call; later mounts respond to the following ones.
async fn once(bench: &Workbench, call: &str, status: u16, body: &str) {
    mount(bench, call, answer(status, body), 1).await;
}

/// Responds after the deadline.
async fn late(bench: &Workbench, call: &str, body: &str) {
    let late = answer(201, body).set_delay(Duration::from_secs(5));
    mount(bench, call, late, u64::MAX).await;
}

async fn mount(bench: &Workbench, call: &str, template: ResponseTemplate, times: u64) {
    let (verb, target) = call.split_once(' ').unwrap();
    Mock::given(method(verb))
        .and(path(target))
        .respond_with(template)
        .up_to_n_times(times)
        .mount(&bench.server)
        .await;
}

fn answer(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// A successful answer with this data.
fn with_data(data: Value) -> String {
    let mut body = json_of(CREATED);
    body["data"] = data;
    body.to_string()
}

/// The order's details with changed values.
fn detail_with(changes: &[(&str, Value)]) -> String {
    let mut data = json_of(DETAIL)["data"].take();
    for (name, value) in changes {
        data[*name] = value.clone();
    }
    with_data(data)
}

/// The received calls, in order, as `METHOD path`.
async fn calls(bench: &Workbench) -> Vec<String> {
    let received = bench.received().await;
    let target =
        |received: &wiremock::Request| format!("{} {}", received.method, received.url.path());
    received.iter().map(target).collect()
}

async fn book(bench: &Workbench, progress: &MemoryProgress) -> Result<Booked, PartnerFailure> {
    bench.book(&Shipper, &label(), progress).await
}

fn booking() -> Booking {
    Booking {
        order_id: Some(ORDER_ID.parse().unwrap()),
        awb: "010045678901234".parse().unwrap(),
        carrier_name: Some("Anteraja".to_owned()),
        label_url: Some(
            "https://labels.shipper.example/010045678901234.pdf"
                .parse()
                .unwrap(),
        ),
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: [].into(),
    }
}

/// The names of the booking, with Shipper's order id.
fn known() -> Names {
    Names {
        order_id: Some(ORDER_ID.parse().unwrap()),
        ..Names::of(&label())
    }
}

fn refused(failure: PartnerFailure) -> Refusal {
    let PartnerFailure::Refused(refusal) = failure else {
        panic!("not refused: {failure:?}");
    };
    refusal
}

/// The pointers of a request's violations.
fn pointers(failure: PartnerFailure) -> Vec<String> {
    let PartnerFailure::Invalid(violations) = failure else {
        panic!("not invalid: {failure:?}");
    };
    let pointer = |violation: Violation| violation.pointer;
    violations.into_iter().map(pointer).collect()
}
