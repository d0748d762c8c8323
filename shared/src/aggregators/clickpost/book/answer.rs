//! Converts an order at Clickpost to a booking.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::aggregators::clickpost::account::settings::ClickpostSettings;
use crate::aggregators::clickpost::wire::answer::{ClickpostAnswer, number, word};
use crate::aggregators::reference::BookingReference;
use crate::aggregators::unused_fields::log_unused;
use crate::contract::optional_fields::OptionalFields;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Booking, MetaData};
use crate::domain::personal::Personal;
use crate::domain::text::{AggregatorOrderId, Awb, CourierId};
use crate::partners::failure::PartnerFailure;

/// Queued by this call.
const ACCEPTED: i64 = 202;
/// Queued by an earlier call.
const STILL_QUEUED: i64 = 102;
/// Own id: the courier, which later calls need in addition to the AWB.
pub(crate) const COURIER: &str = "courierPartner";
/// Own id: the alias of the courier account.
pub(crate) const ACCOUNT_CODE: &str = "accountCode";

/// What is known about the order before the response.
pub(crate) struct ExpectedOrder<'a> {
    pub(crate) reference_number: String,
    pub(crate) order_number: &'a str,
    pub(crate) courier: i64,
    pub(crate) account_code: Option<&'a str>,
}

/// The result of a creating call that was not refused. An order without an AWB is still queued, whatever its code is; a
/// response about another order says nothing about ours.
pub(crate) fn booked(
    answer: &ClickpostAnswer,
    ours: &ExpectedOrder<'_>,
) -> Result<Booked, PartnerFailure> {
    let named = answer.reference_number();
    if named.is_some_and(|named| named != ours.reference_number.trim()) {
        return Err(PartnerFailure::OutcomeUnknown);
    }
    let is_queued = matches!(answer.status(), Some(ACCEPTED | STILL_QUEUED));
    if is_queued || answer.given("waybill").is_none() {
        return Ok(Booked::Later);
    }
    booking(answer, ours)
        .map(Booked::Now)
        .ok_or(PartnerFailure::OutcomeUnknown)
}

/// The booking in a response with an AWB.
pub(crate) fn booking(answer: &ClickpostAnswer, ours: &ExpectedOrder<'_>) -> Option<Booking> {
    let awb: Awb = answer.given("waybill")?.parse().ok()?;
    let mut optional = OptionalFields::default();
    let mut code = |name| optional.told(name, answer.field(name), written).code();
    let account_code = code("account_code").or(ours.account_code.map(str::to_owned));
    let security_key = code("security_key");
    let courier = answer.field("courier_partner_id").and_then(number);
    let courier = courier.unwrap_or(ours.courier).to_string();
    let own_ids = [
        (COURIER, Some(courier)),
        (ACCOUNT_CODE, account_code.clone()),
    ];
    let mut document = |name| optional.told(name, answer.field(name), written).document();
    let label_url = document("label");
    let commercial_invoice_url = document("commercial_invoice_url");
    let courier_name = answer.field("courier_name");
    let booking = Booking {
        order_id: order_id(answer, ours),
        awb,
        carrier_name: optional.told("courier_name", courier_name, written).line(),
        label_url,
        commercial_invoice_url,
        meta_data: meta_data(account_code, security_key),
        own_ids: own_ids
            .into_iter()
            .filter_map(|(name, id)| Some((name.to_owned(), id?)))
            .collect(),
    };
    log_unused(&optional);
    Some(booking)
}

fn written(value: &Value) -> Option<String> {
    word(value).map(Cow::into_owned)
}

/// Clickpost's order number: it is outside the result or inside it, where some responses repeat our order number
/// instead. If it is missing, our own name for the order is used.
fn order_id(answer: &ClickpostAnswer, ours: &ExpectedOrder<'_>) -> Option<AggregatorOrderId> {
    let is_theirs =
        |id: &Cow<'_, str>| id != ours.order_number && id.bytes().all(|byte| byte.is_ascii_digit());
    answer
        .outer("order_id")
        .or_else(|| answer.given("order_id").filter(is_theirs))
        .and_then(|id| id.parse().ok())
        .or_else(|| ours.reference_number.parse().ok())
}

fn meta_data(account_code: Option<String>, security_key: Option<String>) -> MetaData {
    let told = [
        ("Account Code", account_code),
        ("Security Key", security_key),
    ];
    told.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Personal::from(value?))))
        .collect::<BTreeMap<_, _>>()
}

/// The label in the response to a request for it.
pub(crate) fn label_of(answer: &ClickpostAnswer) -> Option<Url> {
    let mut optional = OptionalFields::default();
    let label = optional
        .told("shipping_label", answer.field("shipping_label"), written)
        .document();
    log_unused(&optional);
    label
}

/// The courier of the booking. Bookings that were settled by a push or an operator have none: then the account's
/// default is tried, because Clickpost finds an AWB only with its courier.
pub(crate) fn courier_of(
    account: &LogisticAccount,
    reference: BookingReference<'_>,
) -> Option<i64> {
    let told = reference.reached.get(COURIER).map(String::as_str);
    told.or_else(|| account.default_courier.as_ref().map(CourierId::as_str))?
        .parse()
        .ok()
}

/// The courier account alias of the booking, otherwise the account's.
pub(crate) fn account_code_of<'a>(
    account: &'a LogisticAccount,
    reference: BookingReference<'a>,
    courier: i64,
) -> Option<&'a str> {
    let told = reference.reached.get(ACCOUNT_CODE).map(String::as_str);
    told.or_else(|| ClickpostSettings::of(account).account_code(courier))
}
