//! Cancels a return order, and its AWB at the aggregator if RMS bought it. After that, the code may be used again.

use std::sync::Arc;

use crate::domain::booking::Cancellation;
use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::notification::NotificationType;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::state::ReturnOrderState;
use crate::flows::booking::cancel_booking::cancel_booking;
use crate::flows::failure::FlowFailure;
use crate::flows::returning::announce::{Announcement, ReturnNews, announce_again};
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::get_return::parcel_of;
use crate::flows::returning::read_return::{
    ABSENT, PresentReturn, ReturnSource, parcel_id, read_return,
};
use crate::store::returning::return_orders::Appended;
use crate::store::transaction::Part;

/// How often the cancellation is begun, if other requests change the same return order.
const MOST_TRIES: usize = 4;
/// What tells the cancellation from other events.
const CANCELLED_EVENT: &str = "cancelled";

/// The result of a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CancelledReturn {
    /// Whether the cancellation is complete.
    pub outcome: Cancellation,
    /// Whether it was cancelled before.
    pub replayed: bool,
}

/// Cancels the return order with this code.
pub async fn cancel_return(
    request: ReturnRequest<'_>,
    code: &ReturnOrderCode,
) -> Result<CancelledReturn, FlowFailure> {
    let client = &request.caller.client_id;
    for _ in 0..MOST_TRIES {
        let source = ReturnSource::of(request.dependencies);
        let found = read_return(source, client, code).await?;
        let found = found.ok_or(FlowFailure::NotFound(ABSENT))?;
        if found.timeline.state == ReturnOrderState::Cancelled && is_recorded(&found) {
            let (order, round) = (&found.stored.order, found.stored.round);
            announce_again(request, order, round, NotificationType::Cancelled).await?;
            return Ok(CancelledReturn {
                outcome: Cancellation::Done,
                replayed: true,
            });
        }
        may_be_cancelled(found.timeline.state)?;
        if cancel_awb(request, &found).await? == Cancellation::Requested {
            return Ok(CancelledReturn {
                outcome: Cancellation::Requested,
                replayed: false,
            });
        }
        if record(request, &found).await? {
            return Ok(CancelledReturn {
                outcome: Cancellation::Done,
                replayed: false,
            });
        }
    }
    Err(FlowFailure::Contended)
}

/// Whether the cancellation is one that RMS has told of, or that a push told.
fn is_recorded(found: &PresentReturn) -> bool {
    let mut events = found.stored.events.iter();
    let is_ours = events.any(|dated| dated.event == ReturnEvent::Cancelled);
    let is_of_parcel = found
        .parcel
        .as_ref()
        .is_some_and(|parcel| parcel.standing == Standing::Cancelled);
    is_ours || !is_of_parcel
}

/// Goods that arrived, or were lost, cannot be called back.
fn may_be_cancelled(state: ReturnOrderState) -> Result<(), FlowFailure> {
    match state {
        ReturnOrderState::Created
        | ReturnOrderState::AwbAssigned
        | ReturnOrderState::PickedUp
        | ReturnOrderState::InTransit
        | ReturnOrderState::Cancelled => Ok(()),
        ReturnOrderState::Received
        | ReturnOrderState::PartiallyProcessed
        | ReturnOrderState::Processed
        | ReturnOrderState::Lost => Err(FlowFailure::ReturnEnded(state)),
    }
}

/// Cancels the AWB that RMS bought.
async fn cancel_awb(
    request: ReturnRequest<'_>,
    found: &PresentReturn,
) -> Result<Cancellation, FlowFailure> {
    let is_bought = found.bought().is_some_and(|parcel| match parcel.standing {
        Standing::Claimed
        | Standing::Uncertain
        | Standing::Pending
        | Standing::Ordered
        | Standing::Booked => true,
        Standing::Released => !parcel.progress.is_empty(),
        Standing::Observed | Standing::Cancelled => false,
    });
    if !is_bought {
        return Ok(Cancellation::Done);
    }
    let booking = &request.dependencies.purchase.booking;
    let cancelled = cancel_booking(booking, request.caller, &parcel_of(found)?, request.now).await;
    match cancelled {
        Ok(cancelled) => Ok(cancelled.outcome),
        // The aggregator has nothing.
        Err(FlowFailure::NotFound(_)) => Ok(Cancellation::Done),
        Err(failure) => Err(failure),
    }
}

/// Records the cancellation and tells the client; `false` if another request was faster.
async fn record(request: ReturnRequest<'_>, found: &PresentReturn) -> Result<bool, FlowFailure> {
    let stored = &found.stored;
    let client = &request.caller.client_id;
    let endpoints: Arc<_> = request.dependencies.endpoints.all(client).await?;
    let facts = found.parcel.as_ref().map(|parcel| &parcel.facts);
    let news = ReturnNews {
        order: &stored.order,
        round: stored.round,
        created_at: stored.created_at,
        word: NotificationType::Cancelled,
        account: facts.map(|facts| (&facts.alias, &facts.aggregator)),
        awb: found.timeline.awb.as_ref(),
        transporter: found.timeline.transporter.as_deref(),
        mark: &found.mark(),
    };
    let announcement = Announcement::new(request, news, endpoints)?;
    let event = DatedReturnEvent {
        at: request.now,
        identity: CANCELLED_EVENT.to_owned(),
        event: ReturnEvent::Cancelled,
    };
    let mut also = vec![announcement.part()?];
    also.extend(released(request, found)?);
    let returns = &request.dependencies.returns;
    match returns.append(client, stored, &event, also).await? {
        Appended::Added => announcement.send().await.map(|()| true),
        Appended::Known | Appended::Outdated => Ok(false),
    }
}

/// The write that ends a parcel whose AWB was made elsewhere.
fn released(
    request: ReturnRequest<'_>,
    found: &PresentReturn,
) -> Result<Option<Part>, FlowFailure> {
    let is_registered = |parcel: &&ShipmentRecord| {
        let mark = parcel.facts.return_of.as_ref();
        parcel.standing == Standing::Booked && mark.is_some_and(|mark| mark.made_elsewhere)
    };
    let Some(parcel) = found.parcel.as_ref().filter(is_registered) else {
        return Ok(None);
    };
    let client = &request.caller.client_id;
    let id = parcel_id(client, &found.stored.order.return_order_code)?;
    let shipments = request.dependencies.shipments();
    Ok(Some(shipments.release(&id, parcel)?))
}
