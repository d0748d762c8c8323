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

/// The pushed goods with the client's own line ids, each line's once; our shipment's goods where none were pushed.
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
mod tests {
    use super::*;
    use crate::domain::booking::MetaData;
    use crate::domain::facts::ShipmentFacts;
    use crate::domain::notification::{
        AggregatorLabel, Identity, Meaning, PushedReturn, PushedShipment,
    };

    fn alias() -> AccountAlias {
        "magic".parse().unwrap()
    }

    fn client() -> ClientId {
        "client-1".parse().unwrap()
    }

    /// A push of what is on its way, with nothing but codes and AWBs.
    fn event(returning: Option<PushedReturn>) -> PushedEvent {
        PushedEvent {
            identity: Identity::Event("event-1".to_owned()),
            shipment: PushedShipment {
                forward_order_code: "order-1".parse().unwrap(),
                shipment_code: None,
                forward_awb: None,
                carrier_name: None,
                returning,
            },
            pushed_type: "IN_TRANSIT".to_owned(),
            meaning: Meaning::Word(NotificationType::Transit),
            occurred_at: None,
            aggregator_name: AggregatorLabel::Pushed("NARVAR".to_owned()),
            warehouse: None,
            items: Vec::new(),
            meta_data: MetaData::new(),
            own_ids: std::collections::BTreeMap::new(),
            raw: None,
        }
    }

    fn pushed_return() -> PushedReturn {
        PushedReturn {
            order_code: "return-1".parse().unwrap(),
            awb: None,
            carrier_name: None,
        }
    }

    fn known(shipment_type: ShipmentType, order_number: &str) -> FoundShipment {
        FoundShipment {
            facts: ShipmentFacts {
                order_number: order_number.parse().unwrap(),
                shipment_code: Some(format!("code-{order_number}").parse().unwrap()),
                shipment_type,
                alias: alias(),
                aggregator: "OTHER".parse().unwrap(),
                order_id: Some("11012".parse().unwrap()),
                awb: Some(format!("awb-{order_number}").parse().unwrap()),
                carrier_name: Some(format!("courier of {order_number}")),
                warehouse: Some(format!("wh-{order_number}").parse().unwrap()),
                ordered_at: Some(1_647_414_062),
                items: goods(&[(Some("1"), "sku-1", 2)]),
                meta_data: MetaData::new(),
            },
            standing: Some(Standing::Booked),
            holder: Some("holder-1".to_owned()),
        }
    }

    fn resolved(
        event: &PushedEvent,
        moving: Option<FoundShipment>,
        forward: Option<FoundShipment>,
    ) -> Resolved {
        Resolved {
            id: identity(&client(), event, moving.as_ref()),
            moving,
            forward,
        }
    }

    fn told(resolved: &Resolved, event: &PushedEvent) -> Notification {
        resolved.notification(event, NotificationType::Transit, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_code_is_an_order_number_then_an_order_id_and_the_awb_comes_last() {
        let mut event = event(None);
        event.shipment.forward_awb = Some("awb-1".parse().unwrap());
        let keys = candidates(&client(), &alias(), &event, ShipmentType::Forward);
        let awb = "awb-1".parse().unwrap();
        let forward = ShipmentType::Forward;
        assert_eq!(
            keys,
            [
                identity(&client(), &event, None).key(),
                by_order_id(&client(), "order-1", &alias(), forward),
                by_awb(&client(), &awb, &alias(), forward),
            ]
        );
        let hit = |order_number| known(forward, order_number);
        let found: BTreeMap<_, _> = keys.iter().cloned().zip(["a", "b", "c"].map(hit)).collect();
        let first = first(&found, &keys).unwrap();
        assert_eq!(first.facts.order_number.as_str(), "a");
    }

    #[test]
    fn what_we_know_of_a_forward_shipment_fills_what_was_not_pushed() {
        let mut event = event(None);
        event.shipment.forward_order_code = "11012".parse().unwrap();
        let moving = known(ShipmentType::Forward, "order-1");
        let resolved = resolved(&event, Some(moving), None);
        let told = told(&resolved, &event);
        assert_eq!(resolved.id.order_number.as_str(), "order-1");
        assert_eq!(told.forward_order.as_str(), "order-1");
        assert_eq!(told.shipment_code.unwrap().as_str(), "code-order-1");
        assert_eq!(told.forward_awb.unwrap().as_str(), "awb-order-1");
        assert_eq!(told.carrier_name.as_deref(), Some("courier of order-1"));
        assert_eq!(told.warehouse.unwrap().as_str(), "wh-order-1");
        assert_eq!(told.items, goods(&[(Some("1"), "sku-1", 2)]));
        assert_eq!(told.returning, None);
    }

    #[test]
    fn a_return_is_told_with_its_own_awb_and_its_forward_order_s() {
        let event = event(Some(pushed_return()));
        let moving = known(ShipmentType::Return, "return-1");
        let forward = known(ShipmentType::Forward, "order-1");
        let resolved = resolved(&event, Some(moving), Some(forward));
        let told = told(&resolved, &event);
        let returning = told.returning.unwrap();
        assert_eq!(told.forward_order.as_str(), "order-1");
        assert_eq!(told.forward_awb.unwrap().as_str(), "awb-order-1");
        assert_eq!(told.carrier_name.as_deref(), Some("courier of order-1"));
        assert_eq!(returning.number.as_str(), "return-1");
        assert_eq!(returning.awb.unwrap().as_str(), "awb-return-1");
        assert_eq!(
            returning.carrier_name.as_deref(),
            Some("courier of return-1")
        );
        assert_eq!(returning.placed_at, Some(1_647_414_062));
        assert_eq!(told.warehouse.unwrap().as_str(), "wh-return-1");
    }

    #[test]
    fn what_was_pushed_is_told_rather_than_what_we_know() {
        let mut event = event(Some(PushedReturn {
            awb: Some("pushed-return-awb".parse().unwrap()),
            carrier_name: Some("pushed return courier".to_owned()),
            ..pushed_return()
        }));
        event.shipment.forward_awb = Some("pushed-awb".parse().unwrap());
        event.shipment.carrier_name = Some("pushed courier".to_owned());
        event.shipment.shipment_code = Some("pushed-code".parse().unwrap());
        event.warehouse = Some("pushed-wh".parse().unwrap());
        let moving = known(ShipmentType::Return, "return-1");
        let forward = known(ShipmentType::Forward, "order-1");
        let resolved = resolved(&event, Some(moving), Some(forward));
        let told = told(&resolved, &event);
        let returning = told.returning.unwrap();
        assert_eq!(told.forward_awb.unwrap().as_str(), "pushed-awb");
        assert_eq!(told.carrier_name.as_deref(), Some("pushed courier"));
        assert_eq!(told.shipment_code.unwrap().as_str(), "pushed-code");
        assert_eq!(told.warehouse.unwrap().as_str(), "pushed-wh");
        assert_eq!(returning.awb.unwrap().as_str(), "pushed-return-awb");
        assert_eq!(
            returning.carrier_name.as_deref(),
            Some("pushed return courier")
        );
    }

    #[test]
    fn a_shipment_that_nobody_knows_is_told_as_it_was_pushed() {
        let event = event(Some(pushed_return()));
        let resolved = resolved(&event, None, None);
        assert!(resolved.is_unknown());
        let told = told(&resolved, &event);
        let returning = told.returning.unwrap();
        assert_eq!(told.forward_order.as_str(), "order-1");
        assert_eq!(returning.number.as_str(), "return-1");
        assert_eq!((returning.awb, returning.placed_at), (None, None));
        assert_eq!(told.forward_awb, None);
        assert_eq!(told.items, []);
    }

    #[test]
    fn a_push_settles_an_uncertain_claim_of_its_own_account_alone() {
        let event = event(None);
        let uncertain = |standing, alias: &str| {
            let mut moving = known(ShipmentType::Forward, "order-1");
            moving.standing = standing;
            let resolved = resolved(&event, Some(moving), None);
            resolved.uncertain(&alias.parse().unwrap()).is_some()
        };
        assert!(uncertain(Some(Standing::Uncertain), "magic"));
        assert!(!uncertain(Some(Standing::Uncertain), "other"));
        assert!(!uncertain(Some(Standing::Claimed), "magic"));
        assert!(!uncertain(Some(Standing::Booked), "magic"));
        assert!(!uncertain(None, "magic"));
    }

    fn goods(list: &[(Option<&str>, &str, u32)]) -> Vec<NotifiedItem> {
        list.iter()
            .map(|(item_id, sku, quantity)| NotifiedItem {
                item_id: item_id.map(str::to_owned),
                sku: (*sku).to_owned(),
                quantity: *quantity,
            })
            .collect()
    }

    #[test]
    fn our_goods_are_told_where_none_were_pushed() {
        let known = goods(&[(Some("1"), "sku-1", 2), (None, "sku-2", 1)]);
        assert_eq!(items(&[], &known), known);
        assert_eq!(items(&[], &[]), []);
    }

    #[test]
    fn pushed_goods_keep_their_quantity_and_get_the_client_s_line_id() {
        let known = goods(&[(Some("1"), "sku-1", 5), (Some("2"), "sku-2", 1)]);
        let pushed = goods(&[(None, "sku-2", 1), (None, "sku-1", 3), (None, "sku-9", 1)]);
        assert_eq!(
            items(&pushed, &known),
            goods(&[
                (Some("2"), "sku-2", 1),
                (Some("1"), "sku-1", 3),
                (None, "sku-9", 1)
            ])
        );
    }

    #[test]
    fn a_pushed_line_id_is_not_replaced() {
        let known = goods(&[(Some("1"), "sku-1", 1)]);
        let pushed = goods(&[(Some("7"), "sku-1", 1)]);
        assert_eq!(items(&pushed, &known), pushed);
    }

    #[test]
    fn two_lines_of_one_sku_are_told_apart() {
        let known = goods(&[(Some("1"), "sku-1", 1), (Some("2"), "sku-1", 1)]);
        let both = goods(&[(None, "sku-1", 1), (None, "sku-1", 1)]);
        assert_eq!(items(&both, &known), known);
        let second_is_named = goods(&[(Some("2"), "sku-1", 1), (None, "sku-1", 1)]);
        assert_eq!(
            items(&second_is_named, &known),
            goods(&[(Some("2"), "sku-1", 1), (Some("1"), "sku-1", 1)])
        );
    }
}
