//! Determines the shipment of a push, with one read.
//!
//! A code in a push is first looked up as the client's order number, then as the aggregator's order id; the AWB decides
//! if neither is known.

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

/// The shipment of a push.
#[derive(Debug)]
pub struct Resolved {
    /// The moving shipment: a known one, or the one that the push's own code names.
    pub id: ShipmentId,
    /// Its record, if known.
    pub moving: Option<FoundShipment>,
    /// The record of a return's forward shipment, if known.
    pub forward: Option<FoundShipment>,
}

/// Determines the shipment of a push.
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

/// The keys that may identify the shipment, most reliable first.
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

/// The most reliable of the found shipments. One that is known only from pushes comes last: a push that arrived before
/// its label was recorded may have used the aggregator's id.
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
    /// Whether the push is about an unknown shipment.
    pub fn is_unknown(&self) -> bool {
        self.moving.is_none()
    }

    /// The claim that the push settles, if its outcome is unknown: a push with an AWB proves the booking.
    pub fn uncertain(&self, alias: &AccountAlias) -> Option<&FoundShipment> {
        self.moving.as_ref().filter(|known| {
            known.standing == Some(Standing::Uncertain) && known.facts.alias == *alias
        })
    }

    /// The notification for the client.
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
            aggregator_name: event.aggregator_name.as_str().to_owned(),
            meta_data: moving
                .map(|known| known.meta_data.clone())
                .into_iter()
                .flatten()
                .chain(event.meta_data.clone())
                .collect(),
            returning,
            warehouse,
            items: items(&event.items, moving.map_or(&[], |known| &known.items)),
        }
    }
}

/// The pushed items with the client's own line ids, each line used once; our shipment's items if none were pushed.
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
