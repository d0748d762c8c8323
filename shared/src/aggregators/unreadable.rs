//! An entry of a batch that cannot be read: it is kept as it came, so that the entries beside it are not lost with it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::aggregators::reference::NamedBooking;
use crate::contract::fields::Violation;
use crate::digest::{Sha256, hex};
use crate::domain::booking::MetaData;
use crate::domain::event_kind::{EventKind, UnreadField};
use crate::domain::notification::{
    AggregatorLabel, Direction, Identity, Meaning, PushedEvent, PushedShipment,
};
use crate::domain::text::{AggregatorName, Awb, OrderNumber};

/// The order under which entries are kept that name none.
const NO_ORDER: &str = "UNREADABLE";

/// What can be told of the shipment of an unreadable entry.
#[derive(Debug, Default)]
pub struct HalfRead {
    /// Its order.
    pub order: Option<NamedBooking>,
    /// Its AWB.
    pub awb: Option<Awb>,
}

impl HalfRead {
    /// The event of an entry. The same entry again is a repeat of it. `None` is not expected.
    pub fn event(
        self,
        aggregator: AggregatorName,
        entry: &Value,
        violations: Vec<Violation>,
    ) -> Option<PushedEvent> {
        let raw = entry.to_string().into_bytes();
        let digest = Sha256::digest(&raw);
        let by_awb = || self.awb.as_ref()?.as_str().parse::<OrderNumber>().ok();
        let order = match self.order {
            Some(order) => order,
            None => NamedBooking::plain(by_awb().or_else(|| NO_ORDER.parse().ok())?),
        };
        let unread = violations.into_iter().map(|violation| UnreadField {
            pointer: violation.pointer,
            detail: violation.detail,
        });
        Some(PushedEvent {
            kind: EventKind::Unreadable(unread.collect()),
            identity: Identity::Event(format!("unreadable|{}", hex(&digest))),
            shipment: PushedShipment {
                forward_order_code: order.order_number,
                shipment_code: order.shipment_code,
                forward_awb: self.awb,
                carrier_name: None,
                returning: None,
                round: order.round,
            },
            pushed_type: String::new(),
            meaning: Meaning::Unmapped,
            meaning_turned: Meaning::Unmapped,
            direction: Direction::Unknown,
            occurred_at: None,
            aggregator_name: AggregatorLabel::Own(aggregator),
            warehouse: None,
            items: Vec::new(),
            meta_data: MetaData::new(),
            details: MetaData::new(),
            own_ids: BTreeMap::new(),
            raw: Some(raw),
        })
    }
}
