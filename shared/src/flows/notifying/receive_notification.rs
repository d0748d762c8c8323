//! Receives a push: authenticate, translate, store, send, respond.
//!
//! A 200 means durable: the record and one message per subscribed endpoint exist before we respond. If a send fails,
//! or the time ends, the response is 503 and the aggregator repeats the push; the repeat finds what is stored and sends
//! what is missing.
//!
//! A push of one event makes one read, one write and one send. The events of a larger one are processed in portions
//! ([`receive_portion`](crate::flows::notifying::receive_portion)), one after the other, so a repeat continues where the
//! time ended.

use std::time::Duration;

use jiff::Timestamp;

use crate::aggregators;
use crate::domain::notification::PushedEvent;
use crate::domain::text::RequestId;
use crate::domain::version::Version;
use crate::flows::messaging::send_message::{send, unattempted};
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::find_return::find_return;
use crate::flows::notifying::pass_on::{pass_on, passes_on};
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::receive_failure::ReceiveFailure;
use crate::flows::notifying::receive_portion::{MOST_EVENTS, Portion};
use crate::flows::notifying::record_notification::{Arrival, Came};
use crate::flows::notifying::resolve_shipment::{Resolved, resolve_shipment, resolve_shipments};
use crate::flows::notifying::store_event::{Received, notification, store_event};
use crate::flows::notifying::tell_unmapped::tell_unmapped;
use crate::flows::write_statistics::write_statistics;
use crate::store::failure::StoreFailure;
use crate::telemetry::{metrics, set_field};

/// How often the processing of a push is started at most, if its account is changed meanwhile.
const MOST_BEGINNINGS: usize = 3;

/// The result of a push that is processed with a cached account.
enum Taken<'a> {
    /// It was processed.
    In(Vec<Received>),
    /// The account has changed. Nothing was recorded yet; this is the push with the current account.
    Outdated(ProvedPush<'a>),
}

/// A push as it is processed.
#[derive(Clone, Copy)]
struct Request<'r> {
    dependencies: &'r PushDependencies,
    arrival: Arrival<'r>,
}

/// Processes every event of an authenticated push, within this time. `request_id` is the push's and is passed on to its
/// messages.
pub async fn receive_notification(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    request_id: &RequestId,
    now: Timestamp,
    time: Duration,
) -> Result<Vec<Received>, ReceiveFailure> {
    let request = Request {
        dependencies,
        arrival: Arrival {
            at: now,
            request_id,
            ttl_days: dependencies.ttl_days,
        },
    };
    // What is under way when the time ends is like the work of a function that is killed: the repeat completes it.
    // Boxed, because the future of a push is nested more deeply than the compiler allows.
    let received = tokio::time::timeout(time, Box::pin(request.receive(push.clone())));
    let received = received.await.unwrap_or(Err(ReceiveFailure::OutOfTime));
    let received = received.inspect_err(|_| set_field("partner", &push.account().aggregator))?;
    write_statistics(&dependencies.statistics).await;
    Ok(received)
}

impl Request<'_> {
    async fn receive(self, mut push: ProvedPush<'_>) -> Result<Vec<Received>, ReceiveFailure> {
        for _ in 0..MOST_BEGINNINGS {
            match self.take(&push).await? {
                Taken::In(received) => return Ok(received),
                Taken::Outdated(present) => push = present,
            }
        }
        Err(StoreFailure::Contended.into())
    }

    async fn take<'a>(self, push: &ProvedPush<'a>) -> Result<Taken<'a>, ReceiveFailure> {
        let account = push.account();
        let aggregator = aggregators::find_pushing(&account.aggregator)
            .ok_or_else(|| ReceiveFailure::UnknownAggregator(account.aggregator.clone()))?;
        let events = match aggregator.read_push(account, push.body) {
            Ok(events) => events,
            Err(rejection) => {
                let present = push.now(self.dependencies).await?;
                return outdated(push, present)?.ok_or_else(|| rejection.into());
            }
        };
        let mappings = &account.status_mappings;
        let events = events.into_iter().map(|event| mappings.applied(event));
        let events: Vec<PushedEvent> = events.collect();
        match <[PushedEvent; 1]>::try_from(events) {
            Ok([event]) => self.take_one(push, event).await,
            Err(events) => Box::pin(self.take_many(push, &events)).await,
        }
    }

    async fn take_one<'a>(
        self,
        push: &ProvedPush<'a>,
        event: PushedEvent,
    ) -> Result<Taken<'a>, ReceiveFailure> {
        let PushDependencies {
            shipments,
            versions,
            returns,
            ..
        } = self.dependencies;
        let account = push.account();
        let (mut resolved, version) = resolve_shipment(shipments, versions, account, event).await?;
        let present = push.as_of(self.dependencies, &version).await?;
        if let Some(outdated) = outdated(push, present)? {
            return Ok(outdated);
        }
        find_return(returns, account, &mut resolved).await?;
        let received = self.store_and_send(push, &resolved, &version).await?;
        Ok(Taken::In(vec![received]))
    }

    async fn store_and_send(
        self,
        push: &ProvedPush<'_>,
        resolved: &Resolved,
        version: &Version,
    ) -> Result<Received, ReceiveFailure> {
        let dependencies = self.dependencies;
        let came = Came::new(self.arrival, push.account(), resolved);
        let notification = notification(resolved, came);
        let endpoints = match &notification {
            None if !passes_on(push.account()) => [].into(),
            Some(_) | None => {
                let client = &push.account().client_id;
                dependencies.endpoints.all_as_of(client, version).await?
            }
        };
        let notification = notification.as_ref();
        let mut event = store_event(
            dependencies,
            push,
            resolved,
            notification,
            &endpoints,
            came,
            None,
        )
        .await?;
        if event.may_be_sent() {
            let attempted = dependencies.notifications.delivered_to(&event.key).await?;
            event.endpoints = unattempted(event.endpoints, &attempted);
            event.name_endpoints(dependencies).await?;
        }
        send(&dependencies.queue, &event.endpoints, event.message()).await?;
        pass_on(dependencies, push, &event, &endpoints, self.arrival).await?;
        if let Some(code) = &event.unknown_code {
            let client = &push.account().client_id;
            let endpoints = dependencies.endpoints.all_as_of(client, version).await?;
            let telling = tell_unmapped(dependencies, push, code, &endpoints, self.arrival);
            Box::pin(telling).await;
        }
        let aggregator = push.account().aggregator.as_str();
        event.count(aggregator, &dependencies.statistics);
        // It is the push's only event, so its line is the last one.
        metrics::carried_by_next_line();
        Ok(event.received(&push.account().aggregator))
    }

    async fn take_many<'a>(
        self,
        push: &ProvedPush<'a>,
        events: &[PushedEvent],
    ) -> Result<Taken<'a>, ReceiveFailure> {
        let PushDependencies {
            shipments,
            versions,
            endpoints,
            ..
        } = self.dependencies;
        let account = push.account();
        let mut received = Vec::with_capacity(events.len());
        for events in events.chunks(MOST_EVENTS) {
            let (resolved, version) =
                resolve_shipments(shipments, versions, account, events).await?;
            if received.is_empty() {
                let present = push.as_of(self.dependencies, &version).await?;
                if let Some(outdated) = outdated(push, present)? {
                    return Ok(outdated);
                }
            }
            let endpoints = endpoints.all_as_of(&account.client_id, &version).await?;
            let portion = Portion {
                dependencies: self.dependencies,
                push,
                endpoints: &endpoints,
                arrival: self.arrival,
            };
            received.extend(portion.receive(events, resolved).await?);
        }
        Ok(Taken::In(received))
    }
}

/// Whether the account of a push has changed. A push whose proof is now invalid is refused.
fn outdated<'a>(
    push: &ProvedPush<'_>,
    present: Option<ProvedPush<'a>>,
) -> Result<Option<Taken<'a>>, ReceiveFailure> {
    let present = present.ok_or(ReceiveFailure::Unproved)?;
    let is_the_same = present.is_for_the_account_of(push);
    Ok((!is_the_same).then_some(Taken::Outdated(present)))
}
