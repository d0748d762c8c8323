//! The details of a push's event.

use serde_json::Value;

use crate::aggregators::shipper::push::{AWB, ORDER, ORDER_ID, TIME, Told};
use crate::aggregators::shipper::status::is_exception;
use crate::aggregators::shipper::wire::written;
use crate::contract::event_details::{
    COURIER_STATUS, EVENT_TIME, EventDetails, REASON, REASON_CODE, REMARK,
};
use crate::domain::booking::MetaData;
use crate::domain::text::OrderNumber;

/// A failed delivery has its reason in the status itself; what any other status says is a remark.
pub(super) fn details(push: &Value, code: u32, told: &Told, is_dated: bool) -> MetaData {
    let said = |pointer: &str| push.pointer(pointer);
    let words = said("/internal_status/description").and_then(written);
    let words = words.or_else(|| said("/internal_status/name").and_then(written));
    let words = words.map(Value::from);
    let details = if is_exception(code) {
        EventDetails::default()
            .with(REASON, words.as_ref())
            .with(REASON_CODE, Some(&Value::from(code)))
    } else {
        EventDetails::default().with(REMARK, words.as_ref())
    };
    let is_id = |name: &str| {
        let text = push.get(name).and_then(written);
        text.is_some_and(|text| text.parse::<OrderNumber>().is_ok())
    };
    details
        .with(COURIER_STATUS, said("/external_status/name"))
        .with(EVENT_TIME, push.get(TIME).filter(|_| !is_dated))
        .unless_read(AWB, push.get(AWB), told.awb.is_some())
        .unless_read(ORDER, push.get(ORDER), is_id(ORDER))
        .unless_read(ORDER_ID, push.get(ORDER_ID), is_id(ORDER_ID))
        .meta_data()
}
