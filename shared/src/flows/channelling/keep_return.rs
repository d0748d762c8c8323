//! Makes a return order what a channel's request says: creates it, adds its AWB, cancels it, adds events.
//!
//! After each step the return order is read and the request judged again, so a reading that was interrupted continues where
//! it stopped, and one that another request overtook decides anew.

use crate::domain::booking::Cancellation;
use crate::domain::channel_return::ChannelReturn;
use crate::domain::returning::channel_news::{
    ChannelNews, ReturnSoFar, judge, refused_awb, too_late,
};
use crate::domain::returning::event::DatedReturnEvent;
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::text::{Awb, ChannelName};
use crate::flows::failure::FlowFailure;
use crate::flows::returning::assign_awb::{MadeAwb, assign_awb};
use crate::flows::returning::cancel_return::cancel_return;
use crate::flows::returning::create_return::{Placed, create_return, register_return, tell_again};
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::note_unmapped::note_unmapped;
use crate::flows::returning::read_return::{PresentReturn, ReturnSource, read_return};

/// How often a request is judged at most. It has a handful of steps.
const MOST_TRIES: usize = 20;

/// Creates or changes the return order of a request.
pub(super) async fn keep_return(
    asked: ReturnRequest<'_>,
    channel: &ChannelName,
    request: &ChannelReturn,
) -> Result<(), FlowFailure> {
    let (client, code) = (&asked.caller.client_id, &request.order.return_order_code);
    let source = ReturnSource::of(asked.dependencies);
    for turn in 0..MOST_TRIES {
        let found = read_return(source, client, code).await?;
        if let Some(found) = found.as_ref().filter(|_| turn == 0) {
            Box::pin(finish(asked, found)).await?;
        }
        match judge(found.as_ref().map(so_far), request, asked.now) {
            ChannelNews::Nothing => return Ok(()),
            ChannelNews::OfAnother => {
                tracing::warn!("the code of the return belongs to a return of another order");
                return Ok(());
            }
            ChannelNews::New => {
                Box::pin(create(asked, &request.order)).await?;
            }
            ChannelNews::Awb(awb) => Box::pin(assign(asked, found, request, awb)).await?,
            ChannelNews::Cancelled(event) => {
                if !Box::pin(cancel(asked, found, &event)).await? {
                    return Ok(());
                }
            }
            ChannelNews::Event(event) => add(asked, found, &event).await?,
            ChannelNews::Unknown(event, status) => {
                if let Some(found) = found {
                    let stored = &found.stored;
                    let noted = note_unmapped(asked, channel, stored, &event, &status);
                    Box::pin(noted).await?;
                }
            }
        }
    }
    Err(FlowFailure::Contended)
}

fn so_far(found: &PresentReturn) -> ReturnSoFar<'_> {
    ReturnSoFar {
        order: &found.stored.order,
        events: &found.stored.events,
        has_learned_awb: found.timeline.awb.is_some(),
    }
}

/// Does what an earlier reading may not have done after it created the return order.
async fn finish(asked: ReturnRequest<'_>, found: &PresentReturn) -> Result<(), FlowFailure> {
    if !found.is_awaiting_awb() {
        return tell_again(asked, &found.stored).await;
    }
    match create_return(asked, &found.stored.order).await {
        // The client created it in its own way.
        Ok(_) | Err(FlowFailure::OrderNumberReused) => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// Creates the return order. RMS buys its AWB only with the account that the channel account names.
async fn create(asked: ReturnRequest<'_>, order: &ReturnOrder) -> Result<(), FlowFailure> {
    let created = if order.alias.is_some() {
        create_return(asked, order).await
    } else {
        register_return(asked, order).await
    };
    match created {
        // Another request was faster: the next turn shows its return order.
        Ok(_) | Err(FlowFailure::OrderNumberReused) => Ok(()),
        Err(failure) if is_final(&failure) => {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "return order created without an AWB");
            register_bare(asked, order).await.map(|_| ())
        }
        Err(failure) => Err(failure),
    }
}

/// Creates the return order without the AWB that cannot be bought or is not free. The channel may have another one later.
async fn register_bare(
    asked: ReturnRequest<'_>,
    order: &ReturnOrder,
) -> Result<Placed, FlowFailure> {
    let bare = ReturnOrder {
        awb: None,
        transporter: None,
        alias: None,
        ..order.clone()
    };
    register_return(asked, &bare).await
}

/// Whether a repeat would fail in the same way.
fn is_final(failure: &FlowFailure) -> bool {
    matches!(
        failure,
        FlowFailure::Invalid(_)
            | FlowFailure::UnknownAlias(_)
            | FlowFailure::NotSupported(_)
            | FlowFailure::NotConfigured(_)
            | FlowFailure::Refused(..)
            | FlowFailure::ReturnCancelled
            | FlowFailure::ReturnEnded(_)
    )
}

async fn assign(
    asked: ReturnRequest<'_>,
    found: Option<PresentReturn>,
    request: &ChannelReturn,
    awb: Awb,
) -> Result<(), FlowFailure> {
    let made = MadeAwb {
        awb,
        transporter: request.order.transporter.clone(),
    };
    let assigned = assign_awb(asked, &request.order.return_order_code, &made).await;
    match assigned {
        Ok(_) => Ok(()),
        Err(failure) if is_final(&failure) => {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "the channel's AWB is not taken");
            add(asked, found, &refused_awb(&made.awb, asked.now)).await
        }
        Err(failure) => Err(failure),
    }
}

/// Cancels the return order, and the AWB that RMS bought for it; `false` if the aggregator has not done it yet.
async fn cancel(
    asked: ReturnRequest<'_>,
    found: Option<PresentReturn>,
    event: &DatedReturnEvent,
) -> Result<bool, FlowFailure> {
    let Some(present) = &found else {
        return Ok(true);
    };
    let code = &present.stored.order.return_order_code;
    match cancel_return(asked, code).await {
        Ok(cancelled) => Ok(cancelled.outcome == Cancellation::Done),
        Err(FlowFailure::ReturnEnded(_)) => {
            add(asked, found, &too_late(event)).await?;
            Ok(true)
        }
        Err(failure) if is_final(&failure) => {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "the return is cancelled, but its AWB is not");
            add(asked, found, event).await?;
            Ok(true)
        }
        Err(failure) => Err(failure),
    }
}

/// Adds an event, unless another request changed the return order: then the next turn decides again.
async fn add(
    asked: ReturnRequest<'_>,
    found: Option<PresentReturn>,
    event: &DatedReturnEvent,
) -> Result<(), FlowFailure> {
    if let Some(found) = found {
        let client = &asked.caller.client_id;
        let returns = &asked.dependencies.returns;
        returns.append(client, &found.stored, event, []).await?;
    }
    Ok(())
}
