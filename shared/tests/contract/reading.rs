//! The documents' samples, with corrected JSON, and functions that read a body as its route does.

use logistics::contract::courier::{self, AddressedRoute, read_couriers};
use logistics::contract::fields::{Unreadable, read_body};
use logistics::contract::optional_fields::OptionalFields;
use logistics::contract::push::read_push;
use logistics::contract::settlement::{self, Settlement};
use logistics::contract::shipment::{self, AddressedRequest};
use logistics::contract::{booking, fields};
use logistics::domain::booking::Booking;
use logistics::domain::courier::Recommendation;
use logistics::domain::notification::PushedEvent;
use logistics::domain::shipment::ShipmentType;
use serde_json::Value;

pub(crate) const LABEL_REQUEST: &str = include_str!("fixtures/label-request.json");
pub(crate) const LABEL_ANSWER: &str = include_str!("fixtures/label-answer.json");
pub(crate) const RETURN_REQUEST: &str = include_str!("fixtures/return-request.json");
pub(crate) const RETURN_ANSWER: &str = include_str!("fixtures/return-answer.json");
pub(crate) const COURIER_REQUEST: &str = include_str!("fixtures/courier-request.json");
pub(crate) const COURIER_ANSWER: &str = include_str!("fixtures/courier-answer.json");
pub(crate) const FORWARD_PUSH: &str = include_str!("fixtures/forward-push.json");
pub(crate) const RETURN_PUSH: &str = include_str!("fixtures/return-push.json");
pub(crate) const SETTLEMENT: &str = include_str!("fixtures/settlement.json");
pub(crate) const FORWARD_NOTIFICATION: &str = include_str!("fixtures/forward-notification.json");
pub(crate) const RETURN_NOTIFICATION: &str = include_str!("fixtures/return-notification.json");
pub(crate) const INVOICE_NOTIFICATION: &str = include_str!("fixtures/invoice-notification.json");

/// The result of reading a body.
pub(crate) type Read<T> = Result<T, Unreadable>;

pub(crate) fn label(body: &[u8]) -> Read<AddressedRequest> {
    read_body(body, |fields| shipment::read(fields, ShipmentType::Forward))
}

pub(crate) fn return_awb(body: &[u8]) -> Read<AddressedRequest> {
    read_body(body, |fields| shipment::read(fields, ShipmentType::Return))
}

pub(crate) fn route(body: &[u8]) -> Read<AddressedRoute> {
    read_body(body, courier::read)
}

pub(crate) fn couriers(body: &[u8]) -> Read<Vec<Recommendation>> {
    read_body(body, read_couriers)
}

pub(crate) fn label_answer(body: &[u8]) -> Read<Booking> {
    answer(body, ShipmentType::Forward)
}

pub(crate) fn return_answer(body: &[u8]) -> Read<Booking> {
    answer(body, ShipmentType::Return)
}

fn answer(body: &[u8], shipment_type: ShipmentType) -> Read<Booking> {
    let mut optional = OptionalFields::default();
    read_body(body, |fields| {
        booking::read(fields, shipment_type, &mut optional)
    })
}

pub(crate) fn push(body: &[u8]) -> Read<PushedEvent> {
    read_push(body)
}

pub(crate) fn settle(body: &[u8]) -> Read<Settlement> {
    read_body(body, settlement::read)
}

/// A sample with one value replaced, or removed if `None`.
pub(crate) fn with(sample: &str, pointer: &str, value: impl Into<Option<Value>>) -> Vec<u8> {
    let mut body: Value = serde_json::from_str(sample).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    match (parent, value.into()) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(name.to_owned(), value)),
        (Value::Object(fields), None) => drop(fields.remove(name)),
        (Value::Array(entries), Some(value)) => entries[name.parse::<usize>().unwrap()] = value,
        (parent, _) => panic!("{pointer} is not in an object or list, but in {parent}"),
    }
    serde_json::to_vec(&body).unwrap()
}

/// A sample with a field renamed.
pub(crate) fn renamed(sample: &str, pointer: &str, name: &str) -> Vec<u8> {
    let body: Value = serde_json::from_str(sample).unwrap();
    let value = body.pointer(pointer).unwrap().clone();
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    let without = String::from_utf8(with(sample, pointer, None)).unwrap();
    with(&without, &format!("{parent}/{name}"), value)
}

/// The pointers of violations, sorted and without duplicates; empty if there are none.
pub(crate) fn wrong<T>(read: Read<T>) -> Vec<String> {
    let mut pointers: Vec<_> = violations(read)
        .into_iter()
        .map(|violation| violation.pointer)
        .collect();
    pointers.sort();
    pointers
}

pub(crate) fn violations<T>(read: Read<T>) -> Vec<fields::Violation> {
    match read {
        Ok(_) => Vec::new(),
        Err(Unreadable::Invalid(violations)) => violations,
        Err(Unreadable::NotJson(detail)) => panic!("{detail}"),
    }
}
