//! Completes a notification with the stored data of its shipment.

use jiff::Timestamp;

use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::{Notification, NotificationType, NotifiedItem, NotifiedReturn};
use crate::domain::returning::mark::ReturnMark;
use crate::flows::notifying::resolve_shipment::Resolved;

impl Resolved {
    /// The forward shipment of a return. The return order knows better than the push which one it is.
    fn forward_of(&self, mark: Option<&ReturnMark>) -> Option<&ShipmentFacts> {
        let forward = self.forward.as_ref().map(|known| &known.facts);
        forward.filter(|known| mark.is_none_or(|mark| mark.forward_order == known.order_number))
    }

    /// The notification for the client.
    pub fn notification(&self, word: NotificationType, received_at: Timestamp) -> Notification {
        let event = &self.event;
        let pushed = &event.shipment;
        let moving = self.known();
        let mark = moving.and_then(|known| known.return_of.as_deref());
        let forward = match pushed.returning {
            Some(_) => self.forward_of(mark),
            None => moving,
        };
        let returning = pushed.returning.as_ref().map(|pushed| NotifiedReturn {
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
            forward_order: mark
                .map(|mark| &mark.forward_order)
                .or(forward.map(|known| &known.order_number))
                .unwrap_or(&pushed.forward_order_code)
                .clone(),
            shipment_code: pushed
                .shipment_code
                .clone()
                .or_else(|| forward?.shipment_code.clone())
                .or_else(|| mark?.forward_shipment.clone()),
            forward_awb: pushed
                .forward_awb
                .clone()
                .or_else(|| forward?.awb.clone())
                .or_else(|| mark?.forward_awb.clone()),
            carrier_name: pushed
                .carrier_name
                .clone()
                .or_else(|| forward?.carrier_name.clone())
                .or_else(|| mark?.forward_carrier.clone()),
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

/// The pushed items with the client's own line ids, each line used once, and with our quantities for lines without one;
/// our shipment's items if none were pushed.
pub(in crate::flows::notifying) fn items(
    pushed: &[NotifiedItem],
    known: &[NotifiedItem],
) -> Vec<NotifiedItem> {
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
