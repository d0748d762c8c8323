//! The details of a push's event.

use serde_json::Value;

use crate::aggregators::containers::entries;
use crate::aggregators::flags::flag;
use crate::aggregators::scans;
use crate::aggregators::shiprocket::push::CHANNEL_ORDER;
use crate::aggregators::shiprocket::wire::{number, text};
use crate::contract::event_details::{
    self, ATTEMPT_COUNT, COURIER_STATUS, EVENT_TIME, EXPECTED_DELIVERY_DATE, EventDetails,
    LOCATION, QC_FAILURE_REASON, QC_IMAGE, REASON, REMARK,
};
use crate::domain::booking::MetaData;
use crate::domain::text::OrderNumber;

/// Reason, attempts and quality check are in the push itself; the location is in its newest scan.
pub(super) fn details(push: &Value, is_dated: bool) -> MetaData {
    let said = |name: &str| push.get(name);
    let scan = newest_scan(push);
    let of_scan = |name: &str| scan?.get(name);
    let details = EventDetails::default()
        .with(REASON, said("undelivered_reason"))
        .with(ATTEMPT_COUNT, said("delivery_attempt_count"))
        .with(QC_FAILURE_REASON, said("qc_failure_reason"))
        .with(QC_IMAGE, said("qc_image"))
        .with(EXPECTED_DELIVERY_DATE, said("etd"))
        .with(LOCATION, of_scan("location"))
        .with(REMARK, of_scan("activity"))
        .with(COURIER_STATUS, of_scan("status"))
        .with(EVENT_TIME, said("current_timestamp").filter(|_| !is_dated));
    not_read(details, push).meta_data()
}

/// Distinguishes failed attempts or checks with the same status and the same newest scan.
pub(super) fn of_attempt(push: &Value) -> Option<String> {
    let names = [
        "delivery_attempt_count",
        "undelivered_reason",
        "qc_failure_reason",
    ];
    let said = names.map(|name| push.get(name).and_then(event_details::said));
    let is_said = said.iter().any(Option::is_some);
    is_said.then(|| said.map(Option::unwrap_or_default).join("|"))
}

fn newest_scan(push: &Value) -> Option<&Value> {
    let scans = entries(push.get("scans")?)?;
    scans::newest(&scans, "date")
}

fn not_read(details: EventDetails, push: &Value) -> EventDetails {
    let is_id = |value: &Value| text(value).is_some_and(|id| id.parse::<OrderNumber>().is_ok());
    let is_number = |value: &Value| number(value).is_some();
    let said = |name: &str| push.get(name);
    let ids = ["awb", "order_id", "sr_order_id", CHANNEL_ORDER];
    let details = ids.into_iter().fold(details, |details, name| {
        details.unless_read(name, said(name), said(name).is_some_and(is_id))
    });
    let codes = ["shipment_status_id", "current_status_id"];
    let details = codes.into_iter().fold(details, |details, name| {
        details.unless_read(name, said(name), said(name).is_some_and(is_number))
    });
    let is_flagged = said("is_return").and_then(flag).is_some();
    let has_scans = said("scans").and_then(entries).is_some();
    details
        .unless_read("is_return", said("is_return"), is_flagged)
        .unless_read("scans", said("scans"), has_scans)
}
