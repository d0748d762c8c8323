//! What a return request in a sales channel, as it was read, means for its return order.
//!
//! A reading shows the whole request, so the rule compares it with what is known and has no memory of its own: the same
//! reading again, an older one or a missed one between two others make no difference. The state never goes back: that is
//! the fold's rule, and nothing here takes an event away.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::domain::channel_return::{ChannelReturn, ChannelReturnStep, StatusMeaning};
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::text::Awb;

/// What has to be done next for a request. After that, it is judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelNews {
    /// The return order has to be created.
    New,
    /// The return order has to get the AWB of the request.
    Awb(Awb),
    /// The return order has to be cancelled, because of this event.
    Cancelled(DatedReturnEvent),
    /// This event has to be added.
    Event(DatedReturnEvent),
    /// This event has to be added, and its status to be listed: RMS does not know it.
    Unknown(DatedReturnEvent, String),
    /// All that it shows is known, or it ended before RMS knew of it.
    Nothing,
    /// The code belongs to a return of another forward order.
    OfAnother,
}

/// A return order as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct ReturnSoFar<'a> {
    /// The order.
    pub order: &'a ReturnOrder,
    /// Its events.
    pub events: &'a [DatedReturnEvent],
    /// Whether its AWB is known from elsewhere, such as a push.
    pub has_learned_awb: bool,
}

/// Judges a request. `now` is the time of what the channel gives no time for.
pub fn judge(
    known: Option<ReturnSoFar<'_>>,
    request: &ChannelReturn,
    now: Timestamp,
) -> ChannelNews {
    let Some(known) = known else {
        return if is_over(request) {
            ChannelNews::Nothing
        } else {
            ChannelNews::New
        };
    };
    if known.order.forward_order_code != request.order.forward_order_code {
        return ChannelNews::OfAnother;
    }
    if let Some(awb) = request.order.awb.as_ref().filter(|_| !known.has_an_awb()) {
        return ChannelNews::Awb(awb.clone());
    }
    let mut steps = request.steps.iter();
    let Some(step) = steps.find(|step| !known.has_step(step)) else {
        return ChannelNews::Nothing;
    };
    let has_arrived = known.has_arrived() || shows(request, StatusMeaning::Received);
    match step.meaning {
        StatusMeaning::Cancelled if !has_arrived => {
            ChannelNews::Cancelled(event(step, ReturnEvent::Cancelled, now))
        }
        StatusMeaning::Received => ChannelNews::Event(event(step, ReturnEvent::Received, now)),
        StatusMeaning::Cancelled | StatusMeaning::Noted => ChannelNews::Event(noted(step, now)),
        StatusMeaning::Unknown => ChannelNews::Unknown(noted(step, now), step.status.clone()),
    }
}

/// Whether the goods never came: a return order would only be created to be cancelled, after its AWB was bought.
fn is_over(request: &ChannelReturn) -> bool {
    shows(request, StatusMeaning::Cancelled) && !shows(request, StatusMeaning::Received)
}

fn shows(request: &ChannelReturn, meaning: StatusMeaning) -> bool {
    request.steps.iter().any(|step| step.meaning == meaning)
}

/// The event that only notes a status. A request that is closed after the goods arrived is not cancelled.
fn noted(step: &ChannelReturnStep, now: Timestamp) -> DatedReturnEvent {
    let status = step.status.clone();
    event(step, ReturnEvent::PartnerStatus { status }, now)
}

/// A request reaches each status once.
fn event(step: &ChannelReturnStep, event: ReturnEvent, now: Timestamp) -> DatedReturnEvent {
    DatedReturnEvent {
        at: step.at.unwrap_or(now),
        identity: identity(step),
        event,
    }
}

fn identity(step: &ChannelReturnStep) -> String {
    format!("channel {}", step.status)
}

/// What the time line says of a cancellation of the channel that came too late, because the goods arrived.
pub fn too_late(cancelled: &DatedReturnEvent) -> DatedReturnEvent {
    let status = cancelled.identity.replacen("channel ", "", 1);
    DatedReturnEvent {
        event: ReturnEvent::PartnerStatus { status },
        ..cancelled.clone()
    }
}

/// What the time line says of an AWB of the channel that the return order cannot have. It is not tried again.
pub fn refused_awb(awb: &Awb, now: Timestamp) -> DatedReturnEvent {
    DatedReturnEvent {
        at: now,
        identity: AWB_REFUSED.to_owned(),
        event: ReturnEvent::PartnerStatus {
            status: format!("AWB {awb} not taken"),
        },
    }
}

const AWB_REFUSED: &str = "channel AWB refused";

impl ReturnSoFar<'_> {
    /// Whether it has an AWB, or may not get the channel's.
    fn has_an_awb(&self) -> bool {
        let mut events = self.events.iter();
        self.has_learned_awb
            || self.order.awb.is_some()
            || events.any(|dated| match dated.event {
                ReturnEvent::AwbAssigned { .. } | ReturnEvent::Cancelled => true,
                ReturnEvent::Received
                | ReturnEvent::Processed(_)
                | ReturnEvent::PartnerStatus { .. } => dated.identity == AWB_REFUSED,
            })
    }

    /// Whether RMS is to buy its AWB and may not have finished.
    pub fn is_waiting(&self) -> bool {
        self.order.alias.is_some() && !self.has_an_awb()
    }

    fn has_arrived(&self) -> bool {
        self.has_event(|event| matches!(event, ReturnEvent::Received | ReturnEvent::Processed(_)))
    }

    /// Whether a step is known. Another one with the same meaning says nothing new.
    fn has_step(&self, step: &ChannelReturnStep) -> bool {
        let identity = identity(step);
        let mut events = self.events.iter();
        events.any(|dated| dated.identity == identity)
            || self.has_event(|event| match step.meaning {
                StatusMeaning::Received => matches!(event, ReturnEvent::Received),
                StatusMeaning::Cancelled => matches!(event, ReturnEvent::Cancelled),
                StatusMeaning::Noted | StatusMeaning::Unknown => false,
            })
    }

    fn has_event(&self, is_it: impl Fn(&ReturnEvent) -> bool) -> bool {
        self.events.iter().any(|dated| is_it(&dated.event))
    }
}
