//! Reads a return order with everything that happened to it: its own events, its parcel's record and the pushes about it.

use futures::TryFutureExt as _;
use jiff::Timestamp;

use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::NotificationType;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::mark::ReturnMark;
use crate::domain::returning::return_order::ReturnOrderType;
use crate::domain::returning::timeline::ReturnTimeline;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{Awb, ClientId};
use crate::domain::timeline::DatedEvent;
use crate::domain::version::Version;
use crate::flows::failure::FlowFailure;
use crate::flows::notifying::track_shipment::{Tracked, TrackedEvent, dated, tracked};
use crate::flows::returning::dependencies::ReturnDependencies;
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::failure::StoreFailure;
use crate::store::messaging::head::NotificationHead;
use crate::store::messaging::history::History;
use crate::store::returning::return_orders::{ReturnOrders, StoredReturn};

/// Where return orders are read from.
#[derive(Debug, Clone, Copy)]
pub struct ReturnSource<'a> {
    /// The return orders with their events.
    pub returns: &'a ReturnOrders,
    /// Their parcels.
    pub shipments: &'a Shipments,
    /// The pushes about these.
    pub history: &'a History,
}

impl<'a> ReturnSource<'a> {
    /// Where a function reads them that has all dependencies.
    pub fn of(dependencies: &'a ReturnDependencies) -> Self {
        Self {
            returns: &dependencies.returns,
            shipments: dependencies.shipments(),
            history: &dependencies.history,
        }
    }
}

/// A return order as it is now.
#[derive(Debug)]
pub struct PresentReturn {
    /// The order with its own events.
    pub stored: StoredReturn,
    /// The record of its parcel.
    pub parcel: Option<ShipmentRecord>,
    /// What happened to it, and its state.
    pub timeline: ReturnTimeline,
    /// What its parcel says about it.
    of_parcel: OfParcel,
}

/// What the parcel of a return order says about it.
#[derive(Debug)]
struct OfParcel {
    /// What only its record and the pushes say.
    learned: Vec<DatedReturnEvent>,
    /// The pushes about this round of the return order.
    pushes: Vec<DatedEvent>,
}

impl PresentReturn {
    /// Whether RMS is buying its AWB: the client was not told yet that the return order was placed.
    pub fn is_awaiting_awb(&self) -> bool {
        let is_being_bought = |parcel: &ShipmentRecord| match parcel.standing {
            Standing::Claimed
            | Standing::Uncertain
            | Standing::Pending
            | Standing::Ordered
            | Standing::Booked => true,
            Standing::Observed | Standing::Released | Standing::Cancelled => false,
        };
        self.stored.awb().is_none() && self.bought().is_some_and(is_being_bought)
    }

    /// What happened to it, if this happens too.
    pub fn timeline_with(&self, event: DatedReturnEvent) -> ReturnTimeline {
        self.of_parcel.timeline(&self.stored, Some(event))
    }

    /// The parcel, if RMS buys or bought its AWB for this return order.
    pub fn bought(&self) -> Option<&ShipmentRecord> {
        let parcel = self.parcel.as_ref()?;
        let mark = parcel.facts.return_of.as_ref()?;
        (!mark.made_elsewhere).then_some(parcel)
    }

    /// What its parcel's record says about it.
    pub fn mark(&self) -> ReturnMark {
        let parcel = self.parcel.as_ref();
        let mark = parcel.and_then(|parcel| parcel.facts.return_of.as_deref());
        let mark = mark.filter(|mark| mark.forward_order == self.stored.order.forward_order_code);
        mark.cloned()
            .unwrap_or_else(|| ReturnMark::of(&self.stored.order, None))
    }
}

/// The id of a return order's parcel.
pub fn parcel_id(client: &ClientId, code: &ReturnOrderCode) -> Result<ShipmentId, FlowFailure> {
    let order_number = code.order_number();
    Ok(ShipmentId {
        client_id: client.clone(),
        shipment_type: ShipmentType::Return,
        // Every code is an order number.
        order_number: order_number.map_err(|_| FlowFailure::NotFound(ABSENT))?,
        shipment_code: None,
    })
}

/// The return order; `None` if the client has none with this code.
pub async fn read_return(
    source: ReturnSource<'_>,
    client: &ClientId,
    code: &ReturnOrderCode,
) -> Result<Option<PresentReturn>, FlowFailure> {
    let id = parcel_id(client, code)?;
    let parcel = source.shipments.get(&id).map_ok(|parcel| (parcel, ()));
    // Boxed, because every flow of return orders contains it, some more than once.
    let found = Box::pin(read(source, &id, code, parcel)).await?;
    Ok(found.map(|(found, ())| found))
}

/// The return order, with the version of the client's configuration that was read together with its parcel.
pub async fn read_return_as_of(
    source: ReturnSource<'_>,
    versions: &ConfigurationVersions,
    client: &ClientId,
    code: &ReturnOrderCode,
) -> Result<Option<(PresentReturn, Version)>, FlowFailure> {
    let id = parcel_id(client, code)?;
    let parcel = source.shipments.get_beside(&id, versions.wanted(client)?);
    let found = Box::pin(read(source, &id, code, parcel)).await?;
    Ok(found.map(|(found, beside)| (found, versions.found(beside))))
}

/// The return order, with what `parcel` read beside its parcel's record.
async fn read<B>(
    source: ReturnSource<'_>,
    id: &ShipmentId,
    code: &ReturnOrderCode,
    parcel: impl Future<Output = Result<(Option<ShipmentRecord>, B), StoreFailure>>,
) -> Result<Option<(PresentReturn, B)>, FlowFailure> {
    let client = &id.client_id;
    let (stored, (parcel, beside), heads) = futures::try_join!(
        source.returns.read(client, code),
        parcel,
        source.history.notifications_of(id),
    )?;
    let Some(stored) = stored else {
        return Ok(None);
    };
    let tracked = tracked(source.shipments, id, parcel.clone(), heads).await?;
    let way_back = way_back(source, client, &stored).await?;
    Ok(Some((present(stored, parcel, &tracked, way_back), beside)))
}

/// The pushes that tell of goods which were not delivered and come back under the AWB of the forward shipment. They are about
/// that shipment.
async fn way_back(
    source: ReturnSource<'_>,
    client: &ClientId,
    stored: &StoredReturn,
) -> Result<Vec<DatedEvent>, FlowFailure> {
    let order = &stored.order;
    let is_to_origin = order.order_type == ReturnOrderType::ReturnToOrigin;
    let Some(awb) = stored.awb().filter(|_| is_to_origin) else {
        return Ok(Vec::new());
    };
    let forward = ShipmentId {
        client_id: client.clone(),
        shipment_type: ShipmentType::Forward,
        order_number: order.forward_order_code.clone(),
        shipment_code: None,
    };
    let pushes = source.history.notifications_of_order(&forward).await?;
    let pushes = pushes.into_iter();
    let pushes = pushes.filter(|(_, head)| is_way_back(head, awb));
    Ok(pushes
        .filter_map(|(key, head)| dated(&key, &head))
        .collect())
}

fn is_way_back(head: &NotificationHead, awb: &Awb) -> bool {
    use NotificationType::{Rto, RtoAcknowledged, RtoDelivered};
    let is_of_awb = head.awb.as_ref().is_none_or(|pushed| pushed == awb);
    let word = head.notification_type;
    is_of_awb && word.is_some_and(|word| matches!(word, Rto | RtoDelivered | RtoAcknowledged))
}

/// The text for a return order that does not exist.
pub(super) const ABSENT: &str = "return order not found";

fn present(
    stored: StoredReturn,
    parcel: Option<ShipmentRecord>,
    tracked: &Tracked,
    way_back: Vec<DatedEvent>,
) -> PresentReturn {
    let pushes = tracked.events.iter().filter_map(TrackedEvent::of_parcel);
    // The code of a cancelled return was used again: what was pushed before is about that one.
    let is_of_round = |push: &DatedEvent| stored.round == 1 || push.at >= stored.created_at;
    let pushes = pushes.chain(way_back).filter(is_of_round);
    let pushes: Vec<DatedEvent> = pushes.collect();
    let learned = learned(&stored, parcel.as_ref(), tracked.facts.as_ref(), &pushes);
    let of_parcel = OfParcel { learned, pushes };
    PresentReturn {
        timeline: of_parcel.timeline(&stored, None),
        stored,
        parcel,
        of_parcel,
    }
}

impl OfParcel {
    /// The history of the return order, with one more event.
    fn timeline(&self, stored: &StoredReturn, more: Option<DatedReturnEvent>) -> ReturnTimeline {
        let events = stored.events.iter().chain(&self.learned).cloned();
        let events: Vec<_> = events.chain(more).collect();
        ReturnTimeline::of(&stored.order, stored.created_at, &events, &self.pushes)
    }
}

/// What only the parcel's record and the pushes say: an AWB that nobody registered, and a cancellation of the AWB alone.
fn learned(
    stored: &StoredReturn,
    parcel: Option<&ShipmentRecord>,
    facts: Option<&ShipmentFacts>,
    pushes: &[DatedEvent],
) -> Vec<DatedReturnEvent> {
    let first = pushes.iter().map(|push| push.at).min();
    let cancelled_at = parcel
        .filter(|parcel| parcel.standing == Standing::Cancelled)
        .and_then(|parcel| Timestamp::from_millisecond(parcel.cancelled_at?).ok())
        .filter(|at| *at >= stored.created_at);
    let is_present = parcel.is_none_or(|parcel| match parcel.standing {
        Standing::Observed | Standing::Booked => true,
        Standing::Cancelled => cancelled_at.is_some(),
        Standing::Claimed
        | Standing::Uncertain
        | Standing::Pending
        | Standing::Ordered
        | Standing::Released => false,
    });
    let awb = facts
        .filter(|_| is_present && stored.awb().is_none())
        .and_then(|facts| {
            Some(DatedReturnEvent {
                at: first.unwrap_or(stored.created_at).max(stored.created_at),
                identity: "learned AWB".to_owned(),
                event: ReturnEvent::AwbAssigned {
                    awb: facts.awb.clone()?,
                    transporter: facts.carrier_name.clone(),
                },
            })
        });
    let is_known = stored
        .events
        .iter()
        .any(|dated| dated.event == ReturnEvent::Cancelled);
    let cancelled = cancelled_at.filter(|_| !is_known);
    let cancelled = cancelled.map(|at| DatedReturnEvent {
        at,
        identity: "cancelled AWB".to_owned(),
        event: ReturnEvent::Cancelled,
    });
    awb.into_iter().chain(cancelled).collect()
}
