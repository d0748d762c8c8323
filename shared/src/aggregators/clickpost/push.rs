//! Clickpost's webhooks: all or selected statuses, and return requests, in one format with varying fields.
//!
//! The status is the outer code: `latest_status` may be older or newer. Our reference number identifies the order;
//! orders that were created elsewhere are identified by their own numbers, or else by the AWB.

mod details;
mod lines;

use jiff::Timestamp;
use serde_json::Value;

use crate::aggregators::clickpost::NAME;
use crate::aggregators::clickpost::book::answer::{ACCOUNT_CODE, COURIER};
use crate::aggregators::clickpost::push::details::details;
use crate::aggregators::clickpost::push::lines::goods;
use crate::aggregators::clickpost::status::{ReadStatus, said};
use crate::aggregators::clickpost::wire::answer::{number, word};
use crate::aggregators::containers::object;
use crate::aggregators::flags::flag;
use crate::aggregators::instants::{self, FinalZ};
use crate::aggregators::reference::{NamedBooking, named};
use crate::contract::event_details;
use crate::contract::fields::{Fields, Unreadable, read_body};
use crate::digest::Sha256;
use crate::domain::booking::MetaData;
use crate::domain::event_kind::EventKind;
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, NotifiedItem, PushedEvent, PushedReturn, PushedShipment,
};
use crate::domain::personal::Personal;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{Awb, OrderNumber};

/// The statuses of return requests, which have no AWB yet.
const RETURN_REQUESTS: [i64; 2] = [101, 102];

/// Parses a push: one event, which may be wrapped.
pub(super) fn read(body: &[u8]) -> Result<PushedEvent, Unreadable> {
    let digest = Identity::Digest(Sha256::digest(body).into());
    read_body(body, |fields| {
        if !is_object(fields, "payload") {
            return event(fields, digest, None);
        }
        // The data outside the payload is for Clickpost only and includes a key: it is not stored.
        let raw = fields.required("payload", |payload| {
            serde_json::to_vec(payload).map_err(|error| error.to_string())
        })?;
        let digest = Identity::Digest(Sha256::digest(&raw).into());
        fields.object("payload", |payload| event(payload, digest, Some(raw)))
    })
}

fn event(fields: &Fields<'_>, digest: Identity, raw: Option<Vec<u8>>) -> Option<PushedEvent> {
    let outer = PushFields::of(fields);
    let more = within(fields, "additional", |more| {
        Some(AdditionalFields::of(more))
    })
    .unwrap_or_default();
    let (is_return, direction) = direction(&outer, &more);
    let event_id = more.event_id.or(outer.event_id);
    let said_of = |is_return| said(outer.code, event_id, is_return);
    let (Some(said), Some(turned)) = (said_of(is_return), said_of(!is_return)) else {
        fields.wrong_field("clickpost_status_code", "must be a status code");
        return None;
    };
    let Some(shipment) = shipment(&outer, &more, is_return) else {
        fields.wrong_field("waybill", "is missing, and there is no order number either");
        return None;
    };
    let own_ids = [
        (COURIER, outer.courier.map(|courier| courier.to_string())),
        (ACCOUNT_CODE, outer.account_code.clone()),
    ];
    let own_ids = own_ids
        .into_iter()
        .filter_map(|(name, id)| Some((name.to_owned(), id?)))
        .collect();
    Some(PushedEvent {
        kind: EventKind::News,
        identity: identity(&outer, &more, &said).unwrap_or(digest),
        shipment,
        pushed_type: said.code,
        meaning: said.meaning,
        meaning_turned: turned.meaning,
        direction,
        occurred_at: outer.timestamp.as_deref().and_then(instant),
        aggregator_name: AggregatorLabel::Own(NAME.parse().ok()?),
        warehouse: None,
        details: details(fields, &outer, &more),
        items: more.items,
        meta_data: outer
            .account_code
            .map(|code| ("Account Code".to_owned(), Personal::from(code)))
            .into_iter()
            .collect::<MetaData>(),
        own_ids,
        raw,
    })
}

/// The fields of the event itself.
struct PushFields {
    waybill: Option<String>,
    courier: Option<i64>,
    code: Option<i64>,
    event_id: Option<i64>,
    timestamp: Option<String>,
    account_code: Option<String>,
}

impl PushFields {
    fn of(fields: &Fields<'_>) -> Self {
        Self {
            waybill: id(fields, "waybill"),
            courier: told(fields, "cp_id", number).filter(|courier| *courier > 0),
            code: told(fields, "clickpost_status_code", number),
            event_id: told(fields, "notification_event", number),
            timestamp: told(fields, "timestamp", event_details::said),
            account_code: id(fields, "account_code"),
        }
    }
}

/// The fields in `additional`.
#[derive(Default)]
struct AdditionalFields {
    reference: Option<String>,
    order_id: Option<String>,
    is_return: Option<bool>,
    failure_code: Option<String>,
    event_id: Option<i64>,
    forward_awb: Option<String>,
    forward_reference: Option<String>,
    forward_order_id: Option<String>,
    return_reference: Option<String>,
    items: Vec<NotifiedItem>,
}

impl AdditionalFields {
    fn of(fields: &Fields<'_>) -> Self {
        let reference = within(fields, "latest_status", |latest| {
            id(latest, "reference_number")
        });
        Self {
            reference,
            order_id: id(fields, "order_id"),
            is_return: told(fields, "is_rvp", flag),
            failure_code: told(fields, "ndr_status_code", event_details::said),
            event_id: told(fields, "notification_event_id", number),
            forward_awb: id(fields, "forward_awb"),
            forward_reference: id(fields, "forward_reference_number"),
            forward_order_id: id(fields, "forward_order_id"),
            return_reference: id(fields, "return_reference_number"),
            items: fields.get("item_info").map(goods).unwrap_or_default(),
        }
    }
}

/// The instant of a time of Clickpost, which appends a `Z` to Indian local times.
fn instant(text: &str) -> Option<Timestamp> {
    instants::instant(text, FinalZ::Local)
}

fn is_object(fields: &Fields<'_>, name: &'static str) -> bool {
    fields.get(name).and_then(object).is_some()
}

/// Reads a container. Anything else in its place counts as an empty one, and the details name it if it has content.
fn within<T>(
    fields: &Fields<'_>,
    name: &'static str,
    read: impl FnOnce(&Fields<'_>) -> Option<T>,
) -> Option<T> {
    if is_object(fields, name) {
        fields.object(name, read)
    } else {
        None
    }
}

/// A field of any type; an invalid value counts as absent, and the details name it.
fn told<T>(
    fields: &Fields<'_>,
    name: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Option<T> {
    fields.optional(name, |value| Ok(read(value))).flatten()?
}

fn id(fields: &Fields<'_>, name: &'static str) -> Option<String> {
    told(fields, name, |value| {
        let text = word(value)?;
        text.parse::<OrderNumber>().ok()?;
        Some(text.into_owned())
    })
}

/// Whether it is a return, and how certain that is: from Clickpost's own field, otherwise from the status or from our name
/// for the order.
fn direction(outer: &PushFields, more: &AdditionalFields) -> (bool, Direction) {
    let is_ours = || {
        let name = more.reference.as_deref().and_then(named);
        name.is_some_and(|name| name.shipment_type == Some(ShipmentType::Return))
    };
    let is_request = outer
        .code
        .is_some_and(|code| RETURN_REQUESTS.contains(&code));
    match more.is_return {
        Some(is_return) => (is_return, Direction::Told),
        None if is_request || more.return_reference.is_some() || is_ours() => {
            (true, Direction::Told)
        }
        None => (false, Direction::Unknown),
    }
}

fn shipment(
    outer: &PushFields,
    more: &AdditionalFields,
    is_return: bool,
) -> Option<PushedShipment> {
    let waybill = parsed::<Awb>(outer.waybill.as_ref());
    let own = own_name(outer, more, is_return);
    if !is_return {
        let own = own?;
        return Some(PushedShipment {
            forward_order_code: own.order_number,
            shipment_code: own.shipment_code,
            forward_awb: waybill,
            carrier_name: None,
            returning: None,
            round: own.round,
        });
    }
    let forward = forward_order(more);
    let own = own
        .or_else(|| forward.clone().map(NamedBooking::plain))
        .or_else(|| parsed(more.forward_awb.as_ref()).map(NamedBooking::plain))?;
    Some(PushedShipment {
        forward_order_code: forward.unwrap_or_else(|| own.order_number.clone()),
        shipment_code: own.shipment_code,
        forward_awb: parsed(more.forward_awb.as_ref()),
        carrier_name: None,
        round: own.round,
        returning: Some(PushedReturn {
            order_code: own.order_number,
            awb: waybill,
            carrier_name: None,
        }),
    })
}

/// Our name for the moving order, from its most reliable number.
fn own_name(outer: &PushFields, more: &AdditionalFields, is_return: bool) -> Option<NamedBooking> {
    let return_reference = more.return_reference.as_ref().filter(|_| is_return);
    let reference = more.reference.as_deref();
    reference
        .and_then(|name| our_name(name, is_return))
        .or_else(|| our_name(return_reference?, true))
        .or_else(|| parsed(more.order_id.as_ref()).map(NamedBooking::plain))
        .or_else(|| parsed(outer.waybill.as_ref()).map(NamedBooking::plain))
}

/// Parses one of our names. A name that marks a return of a forward shipment is a client's own.
fn our_name(name: &str, is_return: bool) -> Option<NamedBooking> {
    let read = named(name)?;
    if read.shipment_type == Some(ShipmentType::Return) && !is_return {
        return name.parse().ok().map(NamedBooking::plain);
    }
    Some(read)
}

/// The forward order of a return, if the push contains it.
fn forward_order(more: &AdditionalFields) -> Option<OrderNumber> {
    let reference = more.forward_reference.as_deref();
    reference
        .and_then(|name| our_name(name, false))
        .map(|name| name.order_number)
        .or_else(|| parsed(more.forward_order_id.as_ref()))
}

fn parsed<T: std::str::FromStr>(text: Option<&String>) -> Option<T> {
    text?.parse().ok()
}

/// The shipment, its status, the outer time and the courier's reason: these are the same in repeated pushes.
fn identity(outer: &PushFields, more: &AdditionalFields, said: &ReadStatus) -> Option<Identity> {
    let shipment = [
        &outer.waybill,
        &more.return_reference,
        &more.reference,
        &more.order_id,
        &more.forward_reference,
        &more.forward_order_id,
        &more.forward_awb,
    ];
    let shipment = shipment.into_iter().flatten().next()?;
    let time = outer.timestamp.as_ref()?;
    let reason = more.failure_code.as_deref().unwrap_or_default();
    let code = &said.code;
    Some(Identity::Event(format!(
        "{shipment}|{code}|{time}|{reason}"
    )))
}
