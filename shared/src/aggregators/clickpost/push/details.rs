//! The details of a push's event.

use serde_json::Value;

use crate::aggregators::clickpost::push::instant;
use crate::aggregators::clickpost::push::{AdditionalFields, PushFields};
use crate::aggregators::clickpost::wire::answer::number;
use crate::aggregators::containers::object;
use crate::aggregators::flags::flag;
use crate::contract::event_details::{
    COURIER_STATUS, EVENT_TIME, EXPECTED_DELIVERY_DATE, EventDetails, LOCATION, PICKUP_REASON,
    PICKUP_REASON_CODE, REASON, REASON_CODE, REMARK,
};
use crate::contract::fields::Fields;
use crate::domain::booking::MetaData;

/// Like the status, the details are read from the outer fields, not from `latest_status`.
pub(super) fn details(
    fields: &Fields<'_>,
    outer: &PushFields,
    more: &AdditionalFields,
) -> MetaData {
    let additional = fields.get("additional");
    let of_more = |name: &str| additional?.get(name);
    let time = fields.get("timestamp");
    let is_dated = outer.timestamp.as_deref().and_then(instant).is_some();
    let details = EventDetails::default()
        .with(COURIER_STATUS, fields.get("status"))
        .with(REMARK, fields.get("remark"))
        .with(LOCATION, fields.get("location"))
        .with(REASON_CODE, of_more("ndr_status_code"))
        .with(REASON, of_more("ndr_status_description"))
        .with(PICKUP_REASON_CODE, of_more("npr_status_code"))
        .with(PICKUP_REASON, of_more("npr_status_description"))
        .with(EXPECTED_DELIVERY_DATE, of_more("courier_partner_edd"))
        .with(EVENT_TIME, time.filter(|_| !is_dated));
    not_read(details, fields, outer, more).meta_data()
}

fn not_read(
    details: EventDetails,
    fields: &Fields<'_>,
    outer: &PushFields,
    more: &AdditionalFields,
) -> EventDetails {
    let additional = fields.get("additional");
    let of_more = |name: &str| additional?.get(name);
    let reference = of_more("latest_status").and_then(|latest| latest.get("reference_number"));
    let is_number = |value: Option<&Value>| value.and_then(number).is_some();
    let ids = [
        ("waybill", fields.get("waybill"), &outer.waybill),
        (
            "account_code",
            fields.get("account_code"),
            &outer.account_code,
        ),
        ("reference_number", reference, &more.reference),
        ("order_id", of_more("order_id"), &more.order_id),
        ("forward_awb", of_more("forward_awb"), &more.forward_awb),
        (
            "forward_reference_number",
            of_more("forward_reference_number"),
            &more.forward_reference,
        ),
        (
            "forward_order_id",
            of_more("forward_order_id"),
            &more.forward_order_id,
        ),
        (
            "return_reference_number",
            of_more("return_reference_number"),
            &more.return_reference,
        ),
    ];
    let numbers = [
        ("cp_id", fields.get("cp_id")),
        ("clickpost_status_code", fields.get("clickpost_status_code")),
        ("notification_event", fields.get("notification_event")),
        ("notification_event_id", of_more("notification_event_id")),
    ];
    let is_return = of_more("is_rvp");
    let details = ids
        .into_iter()
        .fold(details, |details, (name, value, read)| {
            details.unless_read(name, value, read.is_some())
        });
    let details = numbers.into_iter().fold(details, |details, (name, value)| {
        details.unless_read(name, value, is_number(value))
    });
    let latest = of_more("latest_status");
    let is_object = |value: Option<&Value>| value.and_then(object).is_some();
    details
        .unless_read("is_rvp", is_return, is_return.and_then(flag).is_some())
        .unless_read("additional", additional, is_object(additional))
        .unless_read("latest_status", latest, is_object(latest))
}
