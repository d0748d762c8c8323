//! Stores and sends a portion of a large push: shipments side by side, the events of each shipment in order.
//!
//! Everything of a portion is stored before any of it is sent, and all of it is sent before the next portion is read. An
//! event that cannot be stored stops the events behind it that may be about its shipment, but no others: what is stored
//! is sent, and the response is the failure.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::notification::PushedEvent;
use crate::flows::messaging::send_message::send_each;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::find_return::find_return;
use crate::flows::notifying::group_events::grouped;
use crate::flows::notifying::pass_on::pass_on;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::receive_failure::ReceiveFailure;
use crate::flows::notifying::record_notification::{Arrival, Came};
use crate::flows::notifying::resolve_shipment::{Resolved, ResolvedOfMany, resolve_shipments};
use crate::flows::notifying::store_event::{Received, StoredEvent, notification, store_event};
use crate::flows::notifying::tell_unmapped::tell_unmapped;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::message_keys::MessageKey;
use crate::store::notifying::notifications::StoredNotification;

/// The maximum number of events in a portion. They are few enough to be in memory with their messages, and fill the
/// calls that read and send several things at once.
pub(in crate::flows::notifying) const MOST_EVENTS: usize = 100;
/// How many groups of events are stored side by side: they fill two batches of writes. If a batch fails, each event of it needs a
/// connection of its own.
const GROUPS_AT_ONCE: usize = 50;

/// A portion of a push.
pub(in crate::flows::notifying) struct Portion<'p> {
    pub(in crate::flows::notifying) dependencies: &'p PushDependencies,
    pub(in crate::flows::notifying) push: &'p ProvedPush<'p>,
    /// All endpoints of the client.
    pub(in crate::flows::notifying) endpoints: &'p [WebhookEndpoint],
    pub(in crate::flows::notifying) arrival: Arrival<'p>,
}

/// An event with its shipment and its position in the portion.
struct Waiting<'p> {
    position: usize,
    event: &'p PushedEvent,
    resolved: Resolved,
}

/// What is stored of a group of events, and why the rest is not.
#[derive(Default)]
struct StoredGroup<'p> {
    events: Vec<(usize, StoredEvent<'p>)>,
    failure: Option<ReceiveFailure>,
}

/// The events in groups that are independent of each other.
fn groups(events: &[PushedEvent], resolved: Vec<ResolvedOfMany>) -> Vec<VecDeque<Waiting<'_>>> {
    let groups = grouped(resolved.iter().map(|one| one.keys.as_slice()));
    let waiting = events.iter().zip(resolved).enumerate();
    let waiting = waiting.map(|(position, (event, one))| Waiting {
        position,
        event,
        resolved: one.resolved,
    });
    let mut waiting: BTreeMap<usize, Waiting<'_>> =
        waiting.map(|one| (one.position, one)).collect();
    let mut take = |position: &usize| waiting.remove(position);
    let groups = groups.iter();
    groups
        .map(|group| group.iter().filter_map(&mut take).collect())
        .collect()
}

impl StoredGroup<'_> {
    /// Whether storing anything else would fail too.
    fn storage_is_unavailable(&self) -> bool {
        matches!(
            self.failure,
            Some(ReceiveFailure::NotStored(StoreFailure::Unavailable(_)))
        )
    }
}

impl<'p> Portion<'p> {
    /// Stores and sends all events, and returns their results in order.
    pub(in crate::flows::notifying) async fn receive(
        &self,
        events: &'p [PushedEvent],
        resolved: Vec<ResolvedOfMany>,
    ) -> Result<Vec<Received>, ReceiveFailure> {
        let known = self.known(&resolved).await?;
        let groups = groups(events, resolved);
        let StoredGroup {
            events: mut stored,
            failure,
        } = self.store_groups(groups, &known).await;
        stored.sort_unstable_by_key(|(position, _)| *position);
        let mut stored: Vec<_> = stored.into_iter().map(|(_, stored)| stored).collect();
        self.leave_out_attempted(&mut stored).await?;
        let messages: Vec<_> = stored
            .iter()
            .map(|event| (event.message(), event.endpoints.as_slice()))
            .collect();
        send_each(&self.dependencies.queue, &messages).await?;
        for event in &stored {
            let (dependencies, endpoints) = (self.dependencies, self.endpoints);
            pass_on(dependencies, self.push, event, endpoints, self.arrival).await?;
        }
        for code in stored
            .iter()
            .filter_map(|event| event.unknown_code.as_ref())
        {
            let (dependencies, endpoints) = (self.dependencies, self.endpoints);
            tell_unmapped(dependencies, self.push, code, endpoints, self.arrival).await;
        }
        let aggregator = &self.push.account().aggregator;
        for event in &stored {
            event.count(aggregator.as_str(), &self.dependencies.statistics);
        }
        let received = stored.iter().map(|event| event.received(aggregator));
        let received = received.collect();
        failure.map_or(Ok(received), Err)
    }

    /// The events that are stored already: a repeated push does not write them again.
    async fn known(
        &self,
        resolved: &[ResolvedOfMany],
    ) -> Result<BTreeMap<Key, StoredNotification>, StoreFailure> {
        let keys = resolved.iter().map(|one| self.key(&one.resolved));
        let keys: BTreeSet<Key> = keys.collect();
        let keys: Vec<Key> = keys.into_iter().collect();
        self.dependencies.notifications.under(&keys).await
    }

    fn key(&self, resolved: &Resolved) -> Key {
        let alias = &self.push.account().alias;
        MessageKey::of_notification(&resolved.id, Some(alias), &resolved.event.identity, 0).key()
    }

    /// Stores groups of events side by side.
    async fn store_groups(
        &self,
        groups: Vec<VecDeque<Waiting<'p>>>,
        known: &BTreeMap<Key, StoredNotification>,
    ) -> StoredGroup<'p> {
        let mut groups = groups.into_iter();
        let mut under_way = FuturesUnordered::new();
        let mut all = StoredGroup::default();
        loop {
            let free = if all.storage_is_unavailable() {
                0
            } else {
                GROUPS_AT_ONCE.saturating_sub(under_way.len())
            };
            let begun = groups.by_ref().take(free);
            under_way.extend(begun.map(|group| self.store_group(group, known)));
            let Some(stored) = under_way.next().await else {
                return all;
            };
            all.events.extend(stored.events);
            all.failure = all.failure.or(stored.failure);
        }
    }

    /// Stores the events of a group, one after the other.
    async fn store_group(
        &self,
        mut waiting: VecDeque<Waiting<'p>>,
        known: &BTreeMap<Key, StoredNotification>,
    ) -> StoredGroup<'p> {
        let mut events = Vec::with_capacity(waiting.len());
        while let Some(next) = waiting.pop_front() {
            let stored = self.store_next(next.resolved, &mut waiting, known).await;
            match stored {
                Ok(stored) => events.push((next.position, stored)),
                Err(failure) => {
                    let failure = Some(failure);
                    return StoredGroup { events, failure };
                }
            }
        }
        StoredGroup {
            events,
            failure: None,
        }
    }

    /// Stores an event. If it changes records, those behind it in its group are resolved again, because they depend on
    /// these records.
    async fn store_next(
        &self,
        mut resolved: Resolved,
        behind: &mut VecDeque<Waiting<'p>>,
        known: &BTreeMap<Key, StoredNotification>,
    ) -> Result<StoredEvent<'p>, ReceiveFailure> {
        let (returns, account) = (&self.dependencies.returns, self.push.account());
        find_return(returns, account, &mut resolved).await?;
        let resolved = &resolved;
        let came = Came::new(self.arrival, self.push.account(), resolved);
        let notification = notification(resolved, came);
        let stored = store_event(
            self.dependencies,
            self.push,
            resolved,
            notification.as_ref(),
            self.endpoints,
            came,
            known.get(&self.key(resolved)).cloned(),
        )
        .await?;
        if stored.has_taught && !behind.is_empty() {
            self.resolve_again(behind).await?;
        }
        Ok(stored)
    }

    async fn resolve_again(&self, waiting: &mut VecDeque<Waiting<'p>>) -> Result<(), StoreFailure> {
        let PushDependencies {
            shipments,
            versions,
            ..
        } = self.dependencies;
        let account = self.push.account();
        let events: Vec<PushedEvent> = waiting.iter().map(|one| one.event.clone()).collect();
        let (resolved, _) = resolve_shipments(shipments, versions, account, &events).await?;
        for (waiting, again) in waiting.iter_mut().zip(resolved) {
            waiting.resolved = again.resolved;
        }
        Ok(())
    }

    /// Of the events that were stored before, leaves out the endpoints with a delivery record.
    async fn leave_out_attempted(
        &self,
        stored: &mut [StoredEvent<'_>],
    ) -> Result<(), StoreFailure> {
        let may_be_sent = stored.iter().filter(|event| event.may_be_sent());
        let deliveries = may_be_sent.flat_map(|event| {
            let endpoints = event.endpoints.iter();
            endpoints.map(|endpoint| event.key.delivery(&endpoint.id))
        });
        let deliveries: BTreeSet<Key> = deliveries.collect();
        if deliveries.is_empty() {
            return Ok(());
        }
        let deliveries: Vec<Key> = deliveries.into_iter().collect();
        let notifications = &self.dependencies.notifications;
        let recorded = notifications.recorded(&deliveries).await?;
        for event in stored.iter_mut().filter(|event| event.may_be_sent()) {
            let StoredEvent { key, endpoints, .. } = event;
            endpoints.retain(|endpoint| !recorded.contains(&key.delivery(&endpoint.id)));
            event.name_endpoints(self.dependencies).await?;
        }
        Ok(())
    }
}
