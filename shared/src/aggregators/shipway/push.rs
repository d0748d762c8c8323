//! Shipway's pushes: a batch, which may contain a proof (the classic format), or one event (the panel's sample).

mod details;

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::aggregators::reference::{NamedBooking, named};
use crate::aggregators::shipway::call::{EMAIL, LICENSE_KEY};
use crate::aggregators::shipway::push::details::details;
use crate::aggregators::shipway::status;
use crate::aggregators::shipway::wire::{is_scalar, word, written};
use crate::aggregators::{PushRejection, india};
use crate::contract::fields::{Fields, Unreadable, Violation, parse_json, read_value};
use crate::contract::values::text;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::MetaData;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, PushedEvent, PushedReturn, PushedShipment,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;

const FEED: &str = "status_feed";
const HASH: &str = "hash";

/// Parses all events of a push, in order. If one is invalid, all are refused, so that none is lost unnoticed.
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
    match push.get(FEED) {
        Some(Value::Array(feed)) => Ok(read_feed(account, feed)?),
        Some(_) => {
            let detail = "must be a list of objects".to_owned();
            let pointer = format!("/{FEED}");
            Err(Unreadable::Invalid(vec![Violation { pointer, detail }]).into())
        }
        None => {
            let event = read_value(&push, |fields| read_event(account, fields, &push))?;
            let raw = hash.map(|_| bytes(&push));
            Ok(vec![PushedEvent { raw, ..event }])
        }
    }
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

fn read_feed(account: &LogisticAccount, feed: &[Value]) -> Result<Vec<PushedEvent>, Unreadable> {
    let mut events = Vec::with_capacity(feed.len());
    let mut violations = Vec::new();
    for (index, entry) in feed.iter().enumerate() {
        match read_value(entry, |fields| read_event(account, fields, entry)) {
            Ok(event) => events.push(PushedEvent {
                raw: Some(bytes(entry)),
                ..event
            }),
            Err(Unreadable::Invalid(found)) => {
                violations.extend(found.into_iter().map(|violation| Violation {
                    pointer: format!("/{FEED}/{index}{}", violation.pointer),
                    ..violation
                }));
            }
            Err(not_json @ Unreadable::NotJson(_)) => return Err(not_json),
        }
    }
    if violations.is_empty() {
        Ok(events)
    } else {
        Err(Unreadable::Invalid(violations))
    }
}

fn read_event(
    account: &LogisticAccount,
    fields: &Fields<'_>,
    event: &Value,
) -> Option<PushedEvent> {
    let code = fields.required("current_status", code);
    let awb = fields.optional("awbno", id::<Awb>).map(Option::flatten);
    let order = fields.optional("order_id", name).map(Option::flatten);
    if order == Some(None) && awb == Some(None) {
        fields.wrong_field("order_id", "is missing, and so is awbno");
        return None;
    }
    let (code, awb, order) = (code?, awb?, order?);
    let time = word(event, &["status_time"]);
    let occurred_at = time.as_deref().and_then(india::instant);
    let is_return = status::is_of_returns(&code)
        || order.as_ref().and_then(|order| order.shipment_type) == Some(ShipmentType::Return);
    let meaning = status::meaning(&code);
    Some(PushedEvent {
        identity: identity(event, &code, awb.as_ref(), time.as_deref()),
        shipment: shipment(event, is_return, awb, order)?,
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
        details: details(event, occurred_at.is_some(), carrier(event).is_some()),
        own_ids: std::collections::BTreeMap::new(),
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

fn shipment(
    event: &Value,
    is_return: bool,
    awb: Option<Awb>,
    order: Option<NamedBooking>,
) -> Option<PushedShipment> {
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

fn name(value: &Value) -> Result<Option<NamedBooking>, String> {
    let Some(name) = scalar(value)? else {
        return Ok(None);
    };
    let order = named(&name).ok_or("must be 1 to 100 printable characters")?;
    Ok(Some(order))
}

fn id<T: std::str::FromStr<Err: std::fmt::Display>>(value: &Value) -> Result<Option<T>, String> {
    let parsed = scalar(value)?.map(|id| id.parse().map_err(|error: T::Err| error.to_string()));
    parsed.transpose()
}

/// A string, a whole number, or nothing.
fn scalar(value: &Value) -> Result<Option<String>, String> {
    if is_scalar(value) {
        Ok(written(value))
    } else {
        Err("must be a text".to_owned())
    }
}
