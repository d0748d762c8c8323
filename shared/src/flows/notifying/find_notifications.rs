//! Finds notifications by order or AWB.

use crate::domain::shipment_id::ShipmentId;
use crate::domain::span::Span;
use crate::domain::text::{Awb, ClientId, OrderNumber};
use crate::flows::failure::FlowFailure;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::delivering::parked::ParkedDeliveries;
use crate::store::delivering::undelivered::UndeliveredIndex;
use crate::store::keys::Key;
use crate::store::messaging::head::NotificationHead;
use crate::store::messaging::history::History;

/// The dependencies of a search.
#[derive(Debug)]
pub struct SearchDependencies {
    /// The shipments, to find one by its AWB.
    pub shipments: Shipments,
    /// The messages and deliveries.
    pub history: History,
    /// The index of undelivered deliveries.
    pub undelivered: UndeliveredIndex,
    /// The endpoints, for their lanes.
    pub endpoints: Endpoints,
    /// The parked deliveries.
    pub parked: ParkedDeliveries,
}

/// A notification.
#[derive(Debug)]
pub struct FoundNotification {
    /// Its key.
    pub key: Key,
    /// Its head.
    pub head: NotificationHead,
}

impl FoundNotification {
    /// Its place in the order of arrival: when it arrived, in epoch milliseconds, and its key.
    pub fn place(&self) -> (i64, &Key) {
        (self.head.received_at, &self.key)
    }
}

/// All notifications of an order, in order of arrival.
pub async fn of_order(
    dependencies: &SearchDependencies,
    client: &ClientId,
    order_number: &OrderNumber,
    span: Span,
) -> Result<Vec<FoundNotification>, FlowFailure> {
    let history = &dependencies.history;
    let found = history
        .notifications_with_number(client, order_number)
        .await?;
    Ok(by_arrival(found, span))
}

/// All notifications of the shipments with an AWB, in order of arrival.
pub async fn of_awb(
    dependencies: &SearchDependencies,
    client: &ClientId,
    awb: &Awb,
    span: Span,
) -> Result<Vec<FoundNotification>, FlowFailure> {
    let mut found = Vec::new();
    for shipment in shipments_with(&dependencies.shipments, client, awb).await? {
        found.extend(dependencies.history.notifications_of(&shipment).await?);
    }
    Ok(by_arrival(found, span))
}

/// The shipments with an AWB: one, unless two accounts got the same AWB.
pub(in crate::flows) async fn shipments_with(
    shipments: &Shipments,
    client: &ClientId,
    awb: &Awb,
) -> Result<Vec<ShipmentId>, FlowFailure> {
    let mut found: Vec<ShipmentId> = Vec::new();
    for facts in shipments.by_awb(client, awb).await? {
        let id = facts.id(client);
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn by_arrival(found: Vec<(Key, NotificationHead)>, span: Span) -> Vec<FoundNotification> {
    let mut found: Vec<_> = found
        .into_iter()
        .filter(|(_, head)| span.holds(head.received_at))
        .map(|(key, head)| FoundNotification { key, head })
        .collect();
    found.sort_by(|one, other| one.place().cmp(&other.place()));
    found
}
