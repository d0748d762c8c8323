//! Shipper's pushes: one event each, with a proof that is the same in every push to a URL.
//!
//! `internal_status` decides; `external_status` is what Shipper's customers see. The push calls the API's order id
//! `tracking_id`; its own `order_id` and `order_tracking_id` are numbers that the API does not know.

mod details;
mod raw;

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::aggregators::PushRejection;
use crate::aggregators::instants::instant_in;
use crate::aggregators::reference::{NamedBooking, named};
use crate::aggregators::shipper::account::{API_KEY, time_zone};
use crate::aggregators::shipper::push::details::details;
use crate::aggregators::shipper::push::raw::without;
use crate::aggregators::shipper::status;
use crate::aggregators::shipper::wire::{code, written};
use crate::contract::fields::{Fields, Unreadable, parse_json, read_value};
use crate::digest::Sha256;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::MetaData;
use crate::domain::event_kind::EventKind;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, PushedEvent, PushedShipment,
};
use crate::domain::text::Awb;

const AUTH: &str = "auth";
const AWB: &str = "awb";
const ORDER: &str = "external_id";
const ORDER_ID: &str = "tracking_id";
const TIME: &str = "status_date";
const STATUS: &str = "/internal_status/code";

/// Parses a push.
pub(super) fn read(account: &LogisticAccount, body: &[u8]) -> Result<PushedEvent, PushRejection> {
    let mut push = parse_json(body)?;
    if let Some(fields) = push.as_object_mut() {
        let auth = fields.remove(AUTH);
        if !auth.is_some_and(|auth| is_proof(account, &auth)) {
            return Err(PushRejection::Unproved);
        }
    }
    let event = read_value(&push, |fields| read_event(account, fields, &push))?;
    Ok(PushedEvent {
        raw: Some(without(AUTH, body).unwrap_or_else(|| bytes(&push))),
        ..event
    })
}

/// Parses a push as it is stored: without what proved it.
pub(super) fn read_stored(
    account: &LogisticAccount,
    stored: &[u8],
) -> Result<PushedEvent, Unreadable> {
    let push = parse_json(stored)?;
    read_value(&push, |fields| read_event(account, fields, &push))
}

/// What every push to a URL has in `auth`: `md5(<API key><URL>json)`. It proves that the sender knows the key, not that
/// the body is the sender's.
pub(super) fn body_proof(
    credentials: &BTreeMap<String, SecretString>,
    push_url: Option<&str>,
) -> Option<SecretString> {
    let key = credentials.get(API_KEY)?.expose_secret();
    let text = Zeroizing::new(format!("{key}{}json", push_url?));
    let digest: [u8; 16] = Md5::digest(text.as_bytes()).into();
    Some(format!("{:032x}", u128::from_be_bytes(digest)).into())
}

fn is_proof(account: &LogisticAccount, auth: &Value) -> bool {
    let sent = auth.as_str().map(|auth| auth.trim().to_ascii_lowercase());
    let known = account.proofs.body.as_ref();
    known
        .zip(sent)
        .is_some_and(|(known, sent)| known.is(&account.client_id, &account.alias, sent.as_bytes()))
}

/// What a push says of its shipment. An id that cannot be read counts as absent, and the details name it.
struct Told {
    awb: Option<Awb>,
    order: Option<NamedBooking>,
}

impl Told {
    fn of(push: &Value) -> Self {
        let text = |name: &str| push.get(name).and_then(written);
        let ours = text(ORDER).and_then(|name| named(&name));
        let theirs = || Some(NamedBooking::plain(text(ORDER_ID)?.parse().ok()?));
        Self {
            awb: text(AWB).and_then(|awb| awb.parse().ok()),
            order: ours.or_else(theirs),
        }
    }
}

fn read_event(account: &LogisticAccount, fields: &Fields<'_>, push: &Value) -> Option<PushedEvent> {
    let code = push.pointer(STATUS).and_then(code);
    if code.is_none() {
        fields.wrong_field(
            "internal_status",
            "must be an object with a status code in code",
        );
    }
    let told = Told::of(push);
    let by_awb = || {
        Some(NamedBooking::plain(
            told.awb.as_ref()?.as_str().parse().ok()?,
        ))
    };
    let order = told.order.clone().or_else(by_awb);
    if order.is_none() {
        fields.wrong_field(ORDER, "is missing, and so are tracking_id and awb");
    }
    let (code, order) = (code?, order?);
    let time = push.get(TIME).and_then(written);
    let zone = time_zone(account);
    let occurred_at = time.as_deref().and_then(|time| instant_in(zone, time));
    let meaning = status::meaning(code);
    Some(PushedEvent {
        kind: EventKind::News,
        identity: identity(push, code, time.as_deref()),
        shipment: PushedShipment {
            forward_order_code: order.order_number,
            shipment_code: order.shipment_code,
            forward_awb: told.awb.clone(),
            carrier_name: None,
            returning: None,
            round: order.round,
        },
        pushed_type: code.to_string(),
        meaning,
        meaning_turned: meaning,
        direction: Direction::Unknown,
        occurred_at,
        aggregator_name: AggregatorLabel::Own(account.aggregator.clone()),
        warehouse: None,
        items: Vec::new(),
        meta_data: MetaData::new(),
        details: details(push, code, &told, occurred_at.is_some()),
        own_ids: BTreeMap::new(),
        raw: None,
    })
}

/// The order, both codes and the time. Without a time, two equal events may be different ones: then a digest of the push is
/// its identity, for a limited time.
fn identity(push: &Value, code: u32, time: Option<&str>) -> Identity {
    let Some(time) = time else {
        return Identity::Digest(Sha256::digest(bytes(push)).into());
    };
    let text = |pointer: &str| push.pointer(pointer).and_then(written).unwrap_or_default();
    let parts = [
        text("/tracking_id"),
        text("/external_id"),
        text("/awb"),
        code.to_string(),
        text("/external_status/code"),
        time.to_owned(),
    ];
    Identity::Event(Value::from(parts.to_vec()).to_string())
}

fn bytes(push: &Value) -> Vec<u8> {
    push.to_string().into_bytes()
}
