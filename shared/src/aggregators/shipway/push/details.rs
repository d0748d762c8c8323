//! The details of an event.

use serde_json::Value;

use crate::aggregators::containers::entries;
use crate::aggregators::scans;
use crate::aggregators::shipway::push::Told;
use crate::contract::event_details::{EVENT_TIME, EventDetails, LOCATION, REMARK};
use crate::domain::booking::MetaData;

/// The location of the parcel is in the newest scan.
pub(super) fn details(event: &Value, told: &Told, is_dated: bool, has_carrier: bool) -> MetaData {
    let scans = event.get("scans").and_then(entries);
    let scan = scans::newest(scans.as_deref().unwrap_or_default(), "time");
    let of_scan = |name: &str| scan?.get(name);
    EventDetails::default()
        .with(LOCATION, of_scan("location"))
        .with(REMARK, of_scan("status"))
        .with(EVENT_TIME, event.get("status_time").filter(|_| !is_dated))
        .unless_read("order_id", event.get("order_id"), told.order.is_some())
        .unless_read("awbno", event.get("awbno"), told.awb.is_some())
        .unless_read("carrier", event.get("carrier"), has_carrier)
        .unless_read("scans", event.get("scans"), scans.is_some())
        .meta_data()
}
