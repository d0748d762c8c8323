//! Reads stored pushes again, by the present configuration of their account.

use crate::aggregators::{self, Pushes};
use crate::domain::account::LogisticAccount;
use crate::domain::notification::PushedEvent;
use crate::domain::push_news::AwbBinding;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::flows::failure::FlowFailure;
use crate::flows::notifying::find_return::find_return;
use crate::flows::notifying::replay_unmapped::in_order::{Replay, Waiting};
use crate::flows::notifying::resolve_shipment::{Resolved, resolve_shipments};
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::notifying::notifications::StoredNotification;

/// The notifications with what they say now. One that an earlier replay translated is not read again. One that cannot be read
/// any more stays unmapped.
pub(super) async fn read_again(
    replay: &Replay<'_>,
    stored: Vec<(Key, StoredNotification)>,
) -> Result<Vec<Waiting>, FlowFailure> {
    let (dependencies, account) = (replay.dependencies, replay.account);
    let (begun, unmapped): (Vec<_>, Vec<_>) = stored
        .into_iter()
        .partition(|(_, stored)| stored.replayed_at.is_some());
    let begun = begun.into_iter().map(|(key, stored)| Waiting {
        key,
        stored,
        again: None,
    });
    let mut waiting: Vec<Waiting> = begun.collect();
    let (mut readable, mut events) = (Vec::new(), Vec::new());
    for (key, stored) in unmapped {
        if let Some(event) = event(account, &stored)? {
            readable.push((key, stored));
            events.push(event);
        }
    }
    if events.is_empty() {
        return Ok(waiting);
    }
    let (shipments, versions) = (&dependencies.shipments, &dependencies.versions);
    let (resolved, _) = resolve_shipments(shipments, versions, account, &events).await?;
    for ((key, stored), one) in readable.into_iter().zip(resolved) {
        let mut one = Waiting {
            again: Some(Box::new(one.resolved)),
            key,
            stored,
        };
        let id = one.shipment(&account.client_id);
        if let Some(resolved) = &mut one.again {
            find_return(&dependencies.returns, account, resolved).await?;
            keep(shipments, resolved, id).await?;
        }
        waiting.push(one);
    }
    Ok(waiting)
}

/// The event of a stored push.
fn event(
    account: &LogisticAccount,
    stored: &StoredNotification,
) -> Result<Option<PushedEvent>, StoreFailure> {
    let adapter = aggregators::find_pushing(&account.aggregator);
    let raw = stored.raw()?;
    let read = adapter.map(|adapter: &dyn Pushes| adapter.read_stored(account, &raw));
    let Some(Ok(event)) = read else {
        // Not expected: it could be read when it arrived.
        tracing::warn!(order_number = %stored.order_number, "stored push cannot be read");
        return Ok(None);
    };
    Ok(Some(account.status_mappings.applied(event)))
}

/// The event is about the shipment under which it is stored, also if its order or its AWB has become known as another one's
/// since.
async fn keep(
    shipments: &Shipments,
    resolved: &mut Resolved,
    id: ShipmentId,
) -> Result<(), StoreFailure> {
    if resolved.id == id {
        return Ok(());
    }
    if resolved.id.shipment_type != id.shipment_type {
        resolved.event = resolved.event.clone().turned();
    }
    let known = shipments.get(&id).await?;
    if id.shipment_type == ShipmentType::Forward {
        resolved.event.shipment.forward_order_code = id.order_number.clone();
    }
    resolved.id = id;
    resolved.announced = known.map(|known| known.facts);
    resolved.moving = None;
    resolved.claim = None;
    resolved.forward = None;
    resolved.binding = AwbBinding::Unbound;
    Ok(())
}
