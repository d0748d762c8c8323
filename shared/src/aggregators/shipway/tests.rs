//! Shared code of the adapter's tests.

mod book;
mod call;
mod cancel;
mod look_up;
mod order;
mod push;
mod recommend;
mod wire;

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::aggregators::workbench::{Workbench, request};
use crate::contract::fields::Violation;
use crate::domain::booking::Booking;
use crate::domain::order::ShipmentRequest;
use crate::partners::failure::{PartnerFailure, Refusal};

const LABEL_RICH: &str = include_str!("fixtures/label-rich.json");
const LABEL_MINIMAL: &str = include_str!("fixtures/label-minimal.json");
const RETURN_RICH: &str = include_str!("fixtures/return-rich.json");
const BOOKED: &str = include_str!("fixtures/booked.json");
const AWB_REFUSED: &str = include_str!("fixtures/awb-refused.json");
const RETURN_BOOKED: &str = include_str!("fixtures/return-booked.json");
const ORDERS: &str = include_str!("fixtures/orders.json");
/// `ops@example.com:k3y` as Basic credentials.
const BASIC: &str = "Basic b3BzQGV4YW1wbGUuY29tOmszeQ==";
/// For calls without a response.
const IMPATIENCE: Duration = Duration::from_millis(200);

/// An account with everything that booking needs; the server has no responses yet.
async fn shipway() -> Workbench {
    let credentials = [("email", "ops@example.com"), ("licenseKey", "k3y")];
    Workbench::start("SHIPWAY", &credentials)
        .await
        .set("warehouseId", "5163")
        .set("returnReasonId", "901")
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A fixture's request with one value replaced.
fn with(fixture: &str, pointer: &str, value: Value) -> ShipmentRequest {
    let mut body = json_of(fixture);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    request(&body)
}

fn fixture(text: &str) -> ShipmentRequest {
    request(&json_of(text))
}

fn ok(body: &str) -> ResponseTemplate {
    answer(200, body)
}

fn answer(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// A response after the deadline.
fn late(body: &str) -> ResponseTemplate {
    ok(body).set_delay(Duration::from_secs(5))
}

/// Responds to all such calls.
async fn on(bench: &Workbench, verb: &str, target: &str, template: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(target))
        .respond_with(template)
        .mount(&bench.server)
        .await;
}

/// Responds to the next such call; later mounts respond to the following ones.
async fn once(bench: &Workbench, verb: &str, target: &str, template: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(target))
        .respond_with(template)
        .up_to_n_times(1)
        .mount(&bench.server)
        .await;
}

/// The received calls, in order, as `METHOD path?query`.
async fn calls(bench: &Workbench) -> Vec<String> {
    let target = |received: &wiremock::Request| {
        let query = received.url.query().map(|query| format!("?{query}"));
        let query = query.unwrap_or_default();
        format!("{} {}{query}", received.method, received.url.path())
    };
    bench.received().await.iter().map(target).collect()
}

/// A `getorders` response with these rows.
fn rows(rows: Value) -> String {
    let mut body = json!({"success": 1, "error": ""});
    body["message"] = rows;
    body.to_string()
}

fn no_orders() -> String {
    json!({"success": 1, "error": "", "message": "No orders found"}).to_string()
}

fn booking(order_id: &str, awb: &str, carrier: Option<&str>, label: Option<&str>) -> Booking {
    Booking {
        order_id: Some(order_id.parse().unwrap()),
        awb: awb.parse().unwrap(),
        carrier_name: carrier.map(str::to_owned),
        label_url: label.map(|url| url.parse().unwrap()),
        commercial_invoice_url: None,
        meta_data: std::collections::BTreeMap::new(),
        own_ids: std::collections::BTreeMap::new(),
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
