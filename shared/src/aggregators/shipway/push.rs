//! Shipway's pushes: a batch, which may contain a proof (the classic format), or one event (the panel's sample).

mod details;

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::aggregators::PushRejection;
use crate::aggregators::instants::{FinalZ, instant};
use crate::aggregators::reference::{NamedBooking, named};
use crate::aggregators::shipway::call::{EMAIL, LICENSE_KEY};
use crate::aggregators::shipway::push::details::details;
use crate::aggregators::shipway::status;
use crate::aggregators::shipway::wire::{is_scalar, word, written};
use crate::aggregators::unreadable::HalfRead;
use crate::contract::fields::{Fields, Unreadable, Violation, parse_json, read_value};
use crate::contract::values::text;
use crate::digest::Sha256;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::MetaData;
use crate::domain::event_kind::EventKind;
use crate::domain::json_pointer;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, PushedEvent, PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;

const FEED: &str = "status_feed";
const HASH: &str = "hash";

/// Parses all events of a push, in order.
pub(super) fn read(
    account: &LogisticAccount,
    body: &[u8],
) -> Result<Vec<PushedEvent>, PushRejection> {
    let mut push = parse_json(body)?;
    let hash = push.as_object_mut().and_then(|push| push.remove(HASH));
    let hash = hash.filter(|hash| !hash.is_null());
    if hash.as_ref().is_some_and(|hash| !is_proof(account, hash)) {
        return Err(PushRejection::Unproved);
    }
    if let Some(feed) = feed_of(&push) {
        return Ok(read_feed(account, &feed));
    }
    if push.get(FEED).is_some() {
        let detail = "must be a list of objects".to_owned();
        let pointer = format!("/{FEED}");
        return Err(Unreadable::Invalid(vec![Violation { pointer, detail }]).into());
    }
    let event = read_value(&push, |fields| read_event(account, fields, &push))?;
    let kind = if hash.is_none() && is_sample(&push) {
        EventKind::Sample
    } else {
        EventKind::News
    };
    let raw = hash.map(|_| bytes(&push));
    Ok(vec![PushedEvent { kind, raw, ..event }])
}

/// Parses one event as it is stored: an entry of a batch, or a push without its hash.
pub(super) fn read_stored(
    account: &LogisticAccount,
    stored: &[u8],
) -> Result<PushedEvent, Unreadable> {
    let event = parse_json(stored)?;
    read_value(&event, |fields| read_event(account, fields, &event))
}

/// Whether it is what the panel's *Send Sample Webhook* sends: these two fields, and no proof.
fn is_sample(push: &Value) -> bool {
    *push == json!({"order_id": "99999999", "current_status": "DEL"})
}

/// The hash of a classic push, `md5("<email>:<licence key>")`. It is the same in every push, so it authenticates the
/// sender, not the body.
pub(super) fn body_proof(credentials: &BTreeMap<String, SecretString>) -> Option<SecretString> {
    let credential = |name: &str| credentials.get(name).map(ExposeSecret::expose_secret);
    let pair = format!("{}:{}", credential(EMAIL)?, credential(LICENSE_KEY)?);
    let digest: [u8; 16] = Md5::digest(Zeroizing::new(pair).as_bytes()).into();
    Some(format!("{:032x}", u128::from_be_bytes(digest)).into())
}

fn is_proof(account: &LogisticAccount, hash: &Value) -> bool {
    let sent = hash.as_str().map(|hash| hash.trim().to_ascii_lowercase());
    let known = account.proofs.body.as_ref();
    known
        .zip(sent)
        .is_some_and(|(known, sent)| known.is(&account.client_id, &account.alias, sent.as_bytes()))
}

/// The entries of a batch. One that cannot be read is kept as it came, so that the others are not lost with it.
fn read_feed(account: &LogisticAccount, feed: &[(String, &Value)]) -> Vec<PushedEvent> {
    let read = |(place, entry): &(String, &Value)| match read_value(entry, |fields| {
        read_event(account, fields, entry)
    }) {
        Ok(event) => Some(PushedEvent {
            raw: Some(bytes(entry)),
            ..event
        }),
        Err(unreadable) => unread(account, place, entry, unreadable),
    };
    feed.iter().filter_map(read).collect()
}

fn unread(
    account: &LogisticAccount,
    place: &str,
    entry: &Value,
    unreadable: Unreadable,
) -> Option<PushedEvent> {
    let violations = match unreadable {
        Unreadable::Invalid(violations) => violations,
        // It was JSON already.
        Unreadable::NotJson(detail) => vec![Violation {
            pointer: String::new(),
            detail,
        }],
    };
    let in_push = |violation: Violation| Violation {
        pointer: format!("{place}{}", violation.pointer),
        ..violation
    };
    let Told { awb, order } = Told::of(entry);
    let violations = violations.into_iter().map(in_push).collect();
    HalfRead { order, awb }.event(account.aggregator.clone(), entry, violations)
}

/// The places and the entries of a batch: a list, an object that stands for one, or an object that is its only entry.
fn feed_of(push: &Value) -> Option<Vec<(String, &Value)>> {
    let at = |key: &str, entry| (format!("/{FEED}/{key}"), entry);
    match push.get(FEED)? {
        Value::Array(feed) => {
            let feed = feed.iter().enumerate();
            let feed = feed.map(|(index, entry)| at(&index.to_string(), entry));
            Some(feed.collect())
        }
        Value::Object(feed) if !feed.is_empty() && feed.values().all(Value::is_object) => {
            let feed = feed.iter();
            let feed = feed.map(|(key, entry)| at(&json_pointer::token(key), entry));
            Some(feed.collect())
        }
        entry @ Value::Object(feed) if !feed.is_empty() => Some(vec![(format!("/{FEED}"), entry)]),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            None
        }
    }
}

/// What an event says of its shipment. An id that cannot be read counts as absent, and the details name it.
struct Told {
    awb: Option<Awb>,
    order: Option<NamedBooking>,
}

impl Told {
    fn of(event: &Value) -> Self {
        let written = |name: &str| written(event.get(name)?);
        Self {
            awb: written("awbno").and_then(|awb| awb.parse().ok()),
            order: written("order_id").and_then(|order| named(&order)),
        }
    }
}

fn read_event(
    account: &LogisticAccount,
    fields: &Fields<'_>,
    event: &Value,
) -> Option<PushedEvent> {
    let code = fields.required("current_status", code);
    let told = Told::of(event);
    if told.order.is_none() && told.awb.is_none() {
        fields.wrong_field(
            "order_id",
            "is missing or not 1 to 100 printable characters, and there is no AWB in awbno either",
        );
        return None;
    }
    let code = code?;
    let time = word(event, &["status_time"]);
    let occurred_at = time.as_deref().and_then(|time| instant(time, FinalZ::Utc));
    let is_return = status::is_of_returns(&code)
        || told.order.as_ref().and_then(|order| order.shipment_type) == Some(ShipmentType::Return);
    let meaning = status::meaning(&code);
    Some(PushedEvent {
        kind: EventKind::News,
        identity: identity(event, &code, told.awb.as_ref(), time.as_deref()),
        details: details(
            event,
            &told,
            occurred_at.is_some(),
            carrier(event).is_some(),
        ),
        shipment: shipment(event, is_return, told)?,
        meaning,
        meaning_turned: meaning,
        direction: if is_return {
            Direction::Told
        } else {
            Direction::Unknown
        },
        pushed_type: code,
        occurred_at,
        aggregator_name: AggregatorLabel::Own(account.aggregator.clone()),
        warehouse: None,
        items: Vec::new(),
        meta_data: MetaData::new(),
        own_ids: BTreeMap::new(),
        raw: None,
    })
}

/// Without a time, two equal events may be different ones: then a digest of the event is its identity, for a limited
/// time.
fn identity(event: &Value, code: &str, awb: Option<&Awb>, time: Option<&str>) -> Identity {
    let Some(time) = time else {
        return Identity::Digest(Sha256::digest(bytes(event)).into());
    };
    let order_id = word(event, &["order_id"]).unwrap_or_default();
    let awb = awb.map_or("", |awb| awb.as_str());
    Identity::Event(Value::from(vec![order_id.as_str(), awb, code, time]).to_string())
}

fn shipment(event: &Value, is_return: bool, told: Told) -> Option<PushedShipment> {
    let Told { awb, order } = told;
    let order = match order {
        Some(order) => order,
        None => NamedBooking::plain(awb.as_ref()?.as_str().parse().ok()?),
    };
    let carrier_name = carrier(event);
    Some(if is_return {
        returning(order, awb, carrier_name)
    } else {
        PushedShipment {
            forward_order_code: order.order_number,
            shipment_code: order.shipment_code,
            forward_awb: awb,
            carrier_name,
            returning: None,
            round: order.round,
        }
    })
}

fn carrier(event: &Value) -> Option<String> {
    text(&Value::String(word(event, &["carrier"])?)).ok()
}

/// Shipway does not send the forward order of a return: the return's own number is used instead.
fn returning(
    order: NamedBooking,
    awb: Option<Awb>,
    carrier_name: Option<String>,
) -> PushedShipment {
    PushedShipment {
        forward_order_code: order.order_number.clone(),
        shipment_code: order.shipment_code,
        forward_awb: None,
        carrier_name: None,
        round: order.round,
        returning: Some(PushedReturn {
            order_code: order.order_number,
            awb,
            carrier_name,
        }),
    }
}

fn bytes(event: &Value) -> Vec<u8> {
    event.to_string().into_bytes()
}

fn code(value: &Value) -> Result<String, String> {
    let code = scalar(value)?.ok_or("must not be empty")?;
    text(&Value::String(code))
}

/// A string, a whole number, or nothing.
fn scalar(value: &Value) -> Result<Option<String>, String> {
    if is_scalar(value) {
        Ok(written(value))
    } else {
        Err("must be a text".to_owned())
    }
}
