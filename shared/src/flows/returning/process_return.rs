//! Takes the warehouse's results of a return order and tells them to the client's systems. When this returns without a
//! failure, the results are recorded, and their messages are stored and queued for every endpoint that subscribes to them.
//!
//! The results and their messages are written in one transaction, so there are never results that nobody is told of. If
//! the send fails, or the function ends before it, the caller repeats its request; the repeat finds the results and sends
//! the messages to endpoints without a delivery record.

use std::time::Duration;

use jiff::Timestamp;

use crate::contract::fields::Violation;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{Message, MessageKind};
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::judged_processing::{JudgedProcessing, judge, taken_at};
use crate::domain::returning::processing::ReturnProcessing;
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::returning::timeline::ReturnTimeline;
use crate::domain::text::{ClientId, RequestId};
use crate::flows::failure::FlowFailure;
use crate::flows::messaging::processing_messages::processing_messages;
use crate::flows::messaging::publish_message::{PublishDependencies, Published, publish_message};
use crate::flows::messaging::publish_together::publish_together;
use crate::flows::returning::read_return::{
    ABSENT, PresentReturn, ReturnSource, read_return_as_of,
};
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::failure::StoreFailure;
use crate::store::messaging::history::History;
use crate::store::returning::return_orders::{Appended, ReturnOrders};
use crate::telemetry::set_field;

/// How often a call is judged at most while others change the return order.
const MOST_TRIES: u32 = 8;
/// When a caller may try again after that.
const AFTER_A_RACE: Duration = Duration::from_secs(1);

/// The dependencies of taking results.
#[derive(Debug)]
pub struct ProcessingDependencies {
    /// The return orders with their events.
    pub returns: ReturnOrders,
    /// Their parcels.
    pub shipments: Shipments,
    /// The pushes about these.
    pub history: History,
    /// The versions of clients' configurations, for cached endpoints.
    pub versions: ConfigurationVersions,
    /// The messages and their endpoints.
    pub publishing: PublishDependencies,
}

/// A request of the warehouse about a return order.
#[derive(Debug, Clone, Copy)]
pub struct ProcessingCall<'a> {
    /// The client.
    pub client_id: &'a ClientId,
    /// The return order.
    pub code: &'a ReturnOrderCode,
    /// The results.
    pub results: &'a ReturnProcessing,
    /// The id of the request.
    pub request_id: &'a RequestId,
}

/// Results that are recorded and told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldResults {
    /// The state of the return order.
    pub state: ReturnOrderState,
    /// The messages.
    pub messages: Vec<(MessageKind, Published)>,
    /// Whether an earlier request recorded the results.
    pub replayed: bool,
}

/// Takes the results of a call once, and tells them.
pub async fn process_return(
    dependencies: &ProcessingDependencies,
    call: ProcessingCall<'_>,
    now: Timestamp,
) -> Result<ToldResults, FlowFailure> {
    set_field("order_number", call.code);
    for _ in 0..MOST_TRIES {
        let (source, versions) = (dependencies.source(), &dependencies.versions);
        let found = read_return_as_of(source, versions, call.client_id, call.code).await?;
        let (found, version) = found.ok_or(FlowFailure::NotFound(ABSENT))?;
        let (stored, timeline) = (&found.stored, &found.timeline);
        match judge(&stored.order, &stored.events, timeline, call.results) {
            JudgedProcessing::Taken => {
                let endpoints = &dependencies.publishing.endpoints;
                let endpoints = endpoints.all_as_of(call.client_id, &version).await?;
                let told = take(dependencies, call, &found, &endpoints, now).await?;
                if let Some(told) = told {
                    return Ok(told);
                }
            }
            JudgedProcessing::Repeated => {
                return tell_again(dependencies, call, &found, now).await;
            }
            JudgedProcessing::OfCancelled => return Err(FlowFailure::ReturnCancelled),
            JudgedProcessing::Unknown(places) => {
                return Err(FlowFailure::Invalid(unknown(&places)));
            }
            JudgedProcessing::AlreadyProcessed(places) => {
                let others = others(&places, call.results, timeline);
                return Err(FlowFailure::AlreadyProcessed(others));
            }
        }
    }
    Err(FlowFailure::InProgress(AFTER_A_RACE))
}

impl ProcessingDependencies {
    fn source(&self) -> ReturnSource<'_> {
        ReturnSource {
            returns: &self.returns,
            shipments: &self.shipments,
            history: &self.history,
        }
    }
}

/// Records the results with their messages, then sends these. `None` if the return order was changed meanwhile.
async fn take(
    dependencies: &ProcessingDependencies,
    call: ProcessingCall<'_>,
    found: &PresentReturn,
    endpoints: &[WebhookEndpoint],
    now: Timestamp,
) -> Result<Option<ToldResults>, FlowFailure> {
    let stored = &found.stored;
    let at = taken_at(&stored.events, now);
    let event = DatedReturnEvent {
        at,
        identity: format!("processed {}", call.results.message_identity),
        event: ReturnEvent::Processed(call.results.clone()),
    };
    let messages = processing_messages(call.client_id, &stored.order, stored.round, call.results);
    let messages = messages.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    let write = async |parts| {
        let returns = &dependencies.returns;
        let appended = returns
            .append(call.client_id, stored, &event, parts)
            .await?;
        Ok(appended == Appended::Added)
    };
    let publishing = &dependencies.publishing;
    let id = call.request_id;
    let published = publish_together(publishing, endpoints, &messages, id, at, write).await?;
    let Some(published) = published else {
        return Ok(None);
    };
    Ok(Some(ToldResults {
        state: found.timeline_with(event).state,
        messages: kinds(&messages).zip(published).collect(),
        replayed: false,
    }))
}

/// Sends what an earlier request may not have sent.
async fn tell_again(
    dependencies: &ProcessingDependencies,
    call: ProcessingCall<'_>,
    found: &PresentReturn,
    now: Timestamp,
) -> Result<ToldResults, FlowFailure> {
    let stored = &found.stored;
    let messages = processing_messages(call.client_id, &stored.order, stored.round, call.results);
    let messages = messages.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    let mut published = Vec::new();
    for message in &messages {
        let publishing = &dependencies.publishing;
        published.push(publish_message(publishing, message, call.request_id, now).await?);
    }
    Ok(ToldResults {
        state: found.timeline.state,
        messages: kinds(&messages).zip(published).collect(),
        replayed: true,
    })
}

fn kinds(messages: &[Message<'_>]) -> impl Iterator<Item = MessageKind> {
    messages.iter().map(|message| message.routing.kind)
}

fn unknown(places: &[usize]) -> Vec<Violation> {
    let unknown = |place: &usize| Violation {
        pointer: format!("/orderItems/{place}/itemCode"),
        detail: "must be an item of the return order".to_owned(),
    };
    places.iter().map(unknown).collect()
}

fn others(places: &[usize], call: &ReturnProcessing, timeline: &ReturnTimeline) -> Vec<Violation> {
    let other = |place: &usize| {
        let item = call.items.get(*place)?;
        let known = timeline.results.get(&item.item_code)?;
        Some(Violation {
            pointer: format!("/orderItems/{place}"),
            detail: format!("has another result already: {}", known.item.qc_status),
        })
    };
    places.iter().filter_map(other).collect()
}
