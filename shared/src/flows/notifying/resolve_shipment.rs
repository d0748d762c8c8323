//! Which shipment a push is about, by one read.
//!
//! A code in a push is taken for the client's order number first, then for the aggregator's order id; the AWB decides
//! where neither is known.

use std::collections::BTreeMap;

use crate::domain::account::LogisticAccount;
use crate::domain::claim::Standing;
use crate::domain::notification::{
    Notification, NotificationType, NotifiedItem, PushedEvent, ReturnOrder,
};
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::booking::shipments::{FoundShipment, Shipments};
use crate::store::failure::StoreFailure;
use crate::store::keys::{Key, by_awb, by_order_id};
use jiff::Timestamp;

/// What a push is about.
#[derive(Debug)]
pub struct Resolved {
    /// The shipment that moves: a known one, or the one that the push's own code names.
    pub id: ShipmentId,
    /// What is known of it.
    pub moving: Option<FoundShipment>,
    /// What is known of the forward shipment of a return.
    pub forward: Option<FoundShipment>,
}

/// Resolves a push.
pub async fn resolve_shipment(
    shipments: &Shipments,
    account: &LogisticAccount,
    event: &PushedEvent,
) -> Result<Resolved, StoreFailure> {
    let client = &account.client_id;
    let moving = candidates(
        client,
        &account.alias,
        event,
        event.shipment.shipment_type(),
    );
    let forward = match event.shipment.returning {
        Some(_) => candidates(client, &account.alias, event, ShipmentType::Forward),
        None => Vec::new(),
    };
    let mut keys = [moving.clone(), forward.clone()].concat();
    keys.sort();
    keys.dedup();
    let found = shipments.under(&keys).await?;
    let moving = first(&found, &moving);
    Ok(Resolved {
        id: identity(client, event, moving.as_ref()),
        forward: first(&found, &forward),
        moving,
    })
}

/// The keys under which the shipment may stand, the surest first.
fn candidates(
    client: &ClientId,
    alias: &AccountAlias,
    event: &PushedEvent,
    shipment_type: ShipmentType,
) -> Vec<Key> {
    let pushed = &event.shipment;
    let (code, awb) = match shipment_type {
        ShipmentType::Forward => (&pushed.forward_order_code, pushed.forward_awb.as_ref()),
        ShipmentType::Return => (pushed.order_code(), pushed.awb()),
    };
    let own = ShipmentId {
        client_id: client.clone(),
        shipment_type,
        order_number: code.clone(),
        shipment_code: pushed.shipment_code.clone(),
    };
    let by_awb = awb.map(|awb| by_awb(client, awb, alias, shipment_type));
    [
        own.key(),
        by_order_id(client, code.as_str(), alias, shipment_type),
    ]
    .into_iter()
    .chain(by_awb)
    .collect()
}

/// The surest of the shipments that were found. One that is known from pushes alone comes last: a push that came before
/// its label was recorded may have named it by the aggregator's id.
fn first(found: &BTreeMap<Key, FoundShipment>, keys: &[Key]) -> Option<FoundShipment> {
    let known = || keys.iter().filter_map(|key| found.get(key));
    known()
        .find(|shipment| shipment.standing != Some(Standing::Observed))
        .or_else(|| known().next())
        .cloned()
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

impl Resolved {
    /// Whether the push tells of a shipment that we did not know.
    pub fn is_unknown(&self) -> bool {
        self.moving.is_none()
    }

    /// The claim that the push settles, if its outcome is unknown: who pushes an AWB has made it.
    pub fn uncertain(&self, alias: &AccountAlias) -> Option<&FoundShipment> {
        self.moving.as_ref().filter(|known| {
            known.standing == Some(Standing::Uncertain) && known.facts.alias == *alias
        })
    }

    /// The notification as the client gets it.
    pub fn notification(
        &self,
        event: &PushedEvent,
        word: NotificationType,
        received_at: Timestamp,
    ) -> Notification {
        let pushed = &event.shipment;
        let moving = self.moving.as_ref().map(|known| &known.facts);
        let forward = match pushed.returning {
            Some(_) => self.forward.as_ref().map(|known| &known.facts),
            None => moving,
        };
        let returning = pushed.returning.as_ref().map(|pushed| ReturnOrder {
            number: self.id.order_number.clone(),
            awb: pushed.awb.clone().or_else(|| moving?.awb.clone()),
            carrier_name: pushed
                .carrier_name
                .clone()
                .or_else(|| moving?.carrier_name.clone()),
            placed_at: moving.and_then(|known| known.ordered_at),
        });
        let warehouse = event
            .warehouse
            .clone()
            .or_else(|| moving?.warehouse.clone());
        Notification {
            forward_order: forward
                .map_or(&pushed.forward_order_code, |known| &known.order_number)
                .clone(),
            shipment_code: pushed
                .shipment_code
                .clone()
                .or_else(|| forward?.shipment_code.clone()),
            forward_awb: pushed.forward_awb.clone().or_else(|| forward?.awb.clone()),
            carrier_name: pushed
                .carrier_name
                .clone()
                .or_else(|| forward?.carrier_name.clone()),
            notification_type: word,
            received_at,
            occurred_at: event.occurred_at,
            aggregator_name: event.aggregator_name.as_str().to_owned(),
            meta_data: moving
                .map(|known| known.meta_data.clone())
                .into_iter()
                .flatten()
                .chain(event.meta_data.clone())
                .chain(event.details.clone())
                .collect(),
            returning,
            warehouse,
            items: items(&event.items, moving.map_or(&[], |known| &known.items)),
        }
    }
}

/// The pushed goods with the client's own line ids, each line's once, and with our quantities where they say none; our
/// shipment's goods where none were pushed.
fn items(pushed: &[NotifiedItem], known: &[NotifiedItem]) -> Vec<NotifiedItem> {
    if pushed.is_empty() {
        return known.to_vec();
    }
    let mut lines: Vec<&NotifiedItem> = known.iter().collect();
    pushed
        .iter()
        .map(|item| {
            let line = lines
                .iter()
                .position(|line| is_of(item, line))
                .map(|position| lines.remove(position));
            NotifiedItem {
                item_id: item.item_id.clone().or_else(|| line?.item_id.clone()),
                quantity: item.quantity.or_else(|| line?.quantity),
                ..item.clone()
            }
        })
        .collect()
}

fn is_of(item: &NotifiedItem, line: &NotifiedItem) -> bool {
    item.sku == line.sku && (item.item_id.is_none() || item.item_id == line.item_id)
}

#[cfg(test)]
mod tests;
