//! Determines the shipment of a push, with one read. The same read returns the version of the client's configuration.
//!
//! An AWB that RMS booked decides, in either direction. Otherwise a code is looked up as the client's order number,
//! then as the aggregator's order id. An AWB that RMS did not book decides last, and only if the push names no other
//! order. None of these finds a shipment that another account booked: only an account's own pushes move its shipments.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::account::LogisticAccount;
use crate::domain::event_kind::EventKind;
use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::{Direction, PushedEvent};
use crate::domain::push_news::AwbBinding;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, Awb, ClientId, OrderNumber};
use crate::domain::version::Version;
use crate::store::booking::shipments::{FoundShipment, Shipments};
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::failure::StoreFailure;
use crate::store::keys::{Key, by_awb, by_order_id};

/// The shipment of a push.
#[derive(Debug)]
pub struct Resolved {
    /// The event, turned to the direction of the booked shipment.
    pub event: PushedEvent,
    /// The moving shipment: a known one, or the one that the push's own code names.
    pub id: ShipmentId,
    /// Its record, if known, with the pushed AWB if that is known.
    pub moving: Option<FoundShipment>,
    /// Its own record, if it was read.
    pub claim: Option<FoundShipment>,
    /// How the pushed AWB is known.
    pub binding: AwbBinding,
    /// The record of a return's forward shipment, if known.
    pub forward: Option<FoundShipment>,
    /// Another order of the client that the push names, although its AWB belongs to this one.
    pub contradicts: Option<OrderNumber>,
    /// What a return order says about its parcel, if no push told of it before.
    pub announced: Option<ShipmentFacts>,
}

/// Determines the shipment of a push, with the version of the client's configuration.
pub async fn resolve_shipment(
    shipments: &Shipments,
    versions: &ConfigurationVersions,
    account: &LogisticAccount,
    event: PushedEvent,
) -> Result<(Resolved, Version), StoreFailure> {
    let client = &account.client_id;
    let candidates = Candidates::of(client, &account.alias, &event);
    let wanted = versions.wanted(client)?;
    let (found, beside) = shipments.under(&candidates.keys(), wanted).await?;
    let resolved = resolved(event, &candidates, &found);
    Ok((resolved, versions.found(beside)))
}

/// The shipment of one of several pushed events.
#[derive(Debug)]
pub struct ResolvedOfMany {
    /// The shipment.
    pub resolved: Resolved,
    /// Every key that this event reads or that its processing may write, and one that stands for its order. An event
    /// that has none of them in common with another one is independent of it.
    pub keys: Vec<Key>,
}

/// Determines the shipments of several events, with as few reads as possible, and the version of the client's
/// configuration.
pub async fn resolve_shipments(
    shipments: &Shipments,
    versions: &ConfigurationVersions,
    account: &LogisticAccount,
    events: &[PushedEvent],
) -> Result<(Vec<ResolvedOfMany>, Version), StoreFailure> {
    let (client, alias) = (&account.client_id, &account.alias);
    let candidates = events
        .iter()
        .map(|event| Candidates::of(client, alias, event));
    let candidates: Vec<_> = candidates.collect();
    let keys: BTreeSet<Key> = candidates.iter().flat_map(Candidates::keys).collect();
    let keys: Vec<Key> = keys.into_iter().collect();
    let wanted = versions.wanted(client)?;
    let (found, beside) = shipments.under_all(&keys, wanted).await?;
    let resolve = |(event, candidates): (&PushedEvent, &Candidates<'_>)| {
        let resolved = resolved(event.clone(), candidates, &found);
        let mut keys = candidates.keys();
        keys.extend(resolved.written_keys());
        ResolvedOfMany { resolved, keys }
    };
    let resolved = events.iter().zip(&candidates).map(resolve).collect();
    Ok((resolved, versions.found(beside)))
}

impl Resolved {
    /// What is known of the moving shipment.
    pub fn known(&self) -> Option<&ShipmentFacts> {
        let moving = self.moving.as_ref().map(|known| &known.facts);
        moving.or(self.announced.as_ref())
    }

    /// Whether it tests the push URL. What names a shipment that RMS booked is about that shipment.
    pub fn is_test(&self) -> bool {
        let is_booked = || {
            self.moving
                .as_ref()
                .is_some_and(FoundShipment::is_booked_here)
        };
        self.event.kind == EventKind::Sample && !is_booked()
    }

    /// Whether it says something about a shipment: a test and an unreadable entry do not.
    pub fn is_news(&self) -> bool {
        !self.is_test() && !self.event.kind.is_unreadable()
    }

    /// Whether it is the parcel of a return order.
    pub fn is_of_return_order(&self) -> bool {
        self.known().is_some_and(|known| known.return_of.is_some())
    }

    /// The keys of the shipment's items, and that of its messages.
    fn written_keys(&self) -> Vec<Key> {
        let messages = Key {
            pk: self.id.messages(),
            sk: String::new(),
        };
        let mut keys = vec![self.id.key(), messages];
        for known in [&self.moving, &self.claim].into_iter().flatten() {
            let ShipmentFacts {
                alias,
                shipment_type,
                order_id,
                awb,
                ..
            } = &known.facts;
            let client = &self.id.client_id;
            let id = order_id.as_ref();
            keys.extend(id.map(|id| by_order_id(client, id.as_str(), alias, *shipment_type)));
            let awb = awb.as_ref();
            keys.extend(awb.map(|awb| by_awb(client, awb, alias, *shipment_type)));
        }
        keys
    }
}

/// The keys that may identify a shipment of one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Side {
    shipment_type: ShipmentType,
    /// Its own key, and that of the aggregator's order id; absent if only the AWB may decide for this direction.
    by_code: Option<[Key; 2]>,
    by_awb: Option<Key>,
}

/// All keys that may identify the shipments of a push.
#[derive(Debug)]
struct Candidates<'a> {
    client: &'a ClientId,
    /// The account that pushes.
    alias: &'a AccountAlias,
    /// For the moving shipment: the pushed direction, then the other one if possible.
    sides: Vec<Side>,
    /// For the forward shipment of a return.
    forward: Option<Side>,
}

impl<'a> Candidates<'a> {
    fn of(client: &'a ClientId, alias: &'a AccountAlias, event: &PushedEvent) -> Self {
        let pushed = &event.shipment;
        let side = |shipment_type, code: &OrderNumber, awb: Option<&Awb>| {
            let own = ShipmentId {
                client_id: client.clone(),
                shipment_type,
                order_number: code.clone(),
                shipment_code: pushed.shipment_code.clone(),
            };
            let order_id = by_order_id(client, code.as_str(), alias, shipment_type);
            Side {
                shipment_type,
                by_code: Some([own.key(), order_id]),
                by_awb: awb.map(|awb| by_awb(client, awb, alias, shipment_type)),
            }
        };
        let told = pushed.shipment_type();
        let moving = |shipment_type| side(shipment_type, pushed.order_code(), pushed.awb());
        let turned = match event.direction {
            Direction::Certain => None,
            Direction::Told => Some(Side {
                by_code: None,
                ..moving(told.turned())
            }),
            Direction::Unknown => Some(moving(told.turned())),
        };
        let forward = pushed.returning.as_ref().map(|_| {
            let awb = pushed.forward_awb.as_ref();
            side(ShipmentType::Forward, &pushed.forward_order_code, awb)
        });
        Self {
            client,
            alias,
            sides: [moving(told)].into_iter().chain(turned).collect(),
            forward,
        }
    }

    fn keys(&self) -> Vec<Key> {
        let sides = self.sides.iter().chain(&self.forward);
        let mut keys: Vec<Key> = sides
            .flat_map(|side| side.by_code.iter().flatten().chain(&side.by_awb))
            .cloned()
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// The moving shipment, and the side on which it was found.
    fn choose<'f>(
        &'f self,
        event: &PushedEvent,
        found: &'f Found,
    ) -> Option<(&'f Side, &'f FoundShipment)> {
        let of_each = |find: &dyn Fn(&'f Side) -> Option<&'f FoundShipment>| {
            let mut sides = self.sides.iter();
            sides.find_map(|side| Some((side, find(side)?)))
        };
        let booked_awb = |side: &'f Side| {
            let found = side.by_awb(found);
            found.filter(|found| found.is_booked_here())
        };
        // An AWB that RMS did not book belongs to the order of its first push: another order number is another
        // shipment.
        let pushed_awb = |side: &'f Side| {
            let found = side.by_awb(found);
            found.filter(|found| names_no_other(event, found))
        };
        let is_its_own = |found: &FoundShipment| found.facts.alias == *self.alias;
        let observed = |side: &'f Side| {
            let found = side.own(found);
            found.filter(|found| !found.is_booked_here())
        };
        of_each(&booked_awb)
            .or_else(|| of_each(&|side| side.named(found, is_its_own)))
            .or_else(|| of_each(&observed))
            .or_else(|| of_each(&pushed_awb))
    }
}

type Found = BTreeMap<Key, FoundShipment>;

impl Side {
    fn own<'a>(&self, found: &'a Found) -> Option<&'a FoundShipment> {
        let [own, _] = self.by_code.as_ref()?;
        found.get(own)
    }

    fn by_order_id<'a>(&self, found: &'a Found) -> Option<&'a FoundShipment> {
        let [_, order_id] = self.by_code.as_ref()?;
        found.get(order_id)
    }

    fn by_awb<'a>(&self, found: &'a Found) -> Option<&'a FoundShipment> {
        found.get(self.by_awb.as_ref()?)
    }

    /// The shipment with its code, if RMS booked it and it is a wanted one.
    fn named<'a>(
        &self,
        found: &'a Found,
        is_wanted: impl Fn(&FoundShipment) -> bool,
    ) -> Option<&'a FoundShipment> {
        let named = [self.own(found), self.by_order_id(found)];
        let mut named = named.into_iter().flatten();
        named.find(|found| found.is_booked_here() && is_wanted(found))
    }

    /// The most reliable of the found shipments.
    fn surest<'a>(&self, found: &'a Found) -> Option<&'a FoundShipment> {
        let awb = self.by_awb(found);
        awb.filter(|found| found.is_booked_here())
            .or_else(|| self.named(found, |_| true))
            .or_else(|| self.own(found))
            .or(awb)
    }
}

fn resolved(event: PushedEvent, candidates: &Candidates<'_>, found: &Found) -> Resolved {
    let told = event.shipment.shipment_type();
    let chosen = candidates.choose(&event, found);
    let (side, moving) = chosen.unzip();
    let side = side.or(candidates.sides.first());
    let mut named = candidates.sides.iter().filter_map(|side| side.own(found));
    let is_another = |named: &FoundShipment| {
        named.is_booked_here() && moving.is_some_and(|moving| !is_same(named, moving))
    };
    let contradicts = named
        .any(is_another)
        .then(|| event.shipment.order_code().clone());
    let mut event = match side {
        Some(side) if side.shipment_type != told => event.turned(),
        Some(_) | None => event,
    };
    let is_turned = event.shipment.shipment_type() != told;
    if let Some(known) = moving.filter(|_| is_turned) {
        event.shipment.forward_order_code = known.facts.order_number.clone();
    }
    let own = side.and_then(|side| side.own(found));
    let forward = candidates.forward.as_ref();
    Resolved {
        id: identity(candidates.client, &event, moving),
        contradicts,
        binding: binding(side.and_then(|side| side.by_awb(found))),
        claim: own
            .filter(|own| moving.is_some_and(|moving| is_same(own, moving)))
            .cloned(),
        forward: forward.and_then(|side| side.surest(found)).cloned(),
        moving: moving.cloned(),
        announced: None,
        event,
    }
}

/// Whether a push names no order, or the order of the found shipment.
fn names_no_other(event: &PushedEvent, found: &FoundShipment) -> bool {
    let pushed = &event.shipment;
    let code = pushed.order_code();
    let is_awb = pushed
        .awb()
        .is_some_and(|awb| awb.as_str() == code.as_str());
    is_awb
        || (*code == found.facts.order_number && pushed.shipment_code == found.facts.shipment_code)
}

fn is_same(one: &FoundShipment, other: &FoundShipment) -> bool {
    let (one, other) = (&one.facts, &other.facts);
    one.order_number == other.order_number
        && one.shipment_code == other.shipment_code
        && one.shipment_type == other.shipment_type
}

fn binding(found: Option<&FoundShipment>) -> AwbBinding {
    match found.map(|found| found.pushed_at) {
        None => AwbBinding::Unbound,
        Some(None) => AwbBinding::Booked,
        Some(Some(at)) => {
            AwbBinding::PushedAt(Timestamp::from_millisecond(at).unwrap_or(Timestamp::MIN))
        }
    }
}

fn identity(client: &ClientId, event: &PushedEvent, known: Option<&FoundShipment>) -> ShipmentId {
    let (order_number, shipment_code) = match known {
        Some(known) => (
            known.facts.order_number.clone(),
            known.facts.shipment_code.clone(),
        ),
        None => (
            event.shipment.order_code().clone(),
            event.shipment.shipment_code.clone(),
        ),
    };
    ShipmentId {
        client_id: client.clone(),
        shipment_type: event.shipment.shipment_type(),
        order_number,
        shipment_code,
    }
}

#[cfg(test)]
mod tests;
