//! Finds messages of a subject, of a kind, or undelivered ones of an endpoint, with their deliveries.

use std::collections::BTreeMap;

use futures::future::try_join_all;

use crate::domain::delivery::DeliveryRecord;
use crate::domain::span::Span;
use crate::domain::text::{ClientId, EndpointId, SubjectCode};
use crate::flows::failure::FlowFailure;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::cursor::Cursor;
use crate::store::delivering::deliveries::Deliveries;
use crate::store::delivering::parked::ParkedDeliveries;
use crate::store::delivering::undelivered::UndeliveredIndex;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::messaging::head::MessageHead;
use crate::store::messaging::history::{History, Kept};
use crate::store::messaging::kind_index::{KindIndex, KindQuery};
use crate::store::messaging::messages::Messages;

/// Maximum messages of a page read concurrently.
const AT_ONCE: usize = 10;

/// The dependencies of finding messages.
#[derive(Debug)]
pub struct MessageSearchDependencies {
    /// The messages with their bodies.
    pub messages: Messages,
    /// The messages without their bodies.
    pub history: History,
    /// Their deliveries.
    pub deliveries: Deliveries,
    /// The index of messages by kind.
    pub kinds: KindIndex,
    /// The index of undelivered deliveries.
    pub undelivered: UndeliveredIndex,
    /// The endpoints, for their lanes.
    pub endpoints: Endpoints,
    /// The parked deliveries.
    pub parked: ParkedDeliveries,
}

/// A message.
#[derive(Debug)]
pub struct FoundMessage {
    /// Its key.
    pub key: Key,
    /// Its head.
    pub head: MessageHead,
    /// Its deliveries, one per endpoint.
    pub deliveries: Vec<(Key, DeliveryRecord)>,
}

impl FoundMessage {
    /// Its place in the order of acceptance: when it was accepted, in epoch milliseconds, and its key.
    pub fn place(&self) -> (i64, &Key) {
        (self.head.created_at, &self.key)
    }
}

/// All messages of a subject, in order of acceptance. Messages that are stored but not sent are left out.
pub async fn of_subject(
    dependencies: &MessageSearchDependencies,
    client: &ClientId,
    subject: &SubjectCode,
    span: Span,
) -> Result<Vec<FoundMessage>, FlowFailure> {
    let history = &dependencies.history;
    let kept = history.of_subject(client, subject.as_str()).await?;
    let mut found = found(kept);
    found.retain(|message| span.holds(message.head.created_at));
    found.sort_by(|one, other| one.place().cmp(&other.place()));
    Ok(found)
}

/// The messages with these different keys that are sent to endpoints, with their deliveries: two reads for each hundred items.
pub async fn of_keys(history: &History, keys: &[Key]) -> Result<Vec<FoundMessage>, StoreFailure> {
    let mut kept = history.under(keys).await?;
    let messages = kept.messages.iter();
    let deliveries = messages.flat_map(|(key, head)| {
        let endpoints = head.sent_to.iter();
        endpoints.map(|endpoint| key.delivery(endpoint))
    });
    let deliveries: Vec<Key> = deliveries.collect();
    kept.deliveries = history.under(&deliveries).await?.deliveries;
    Ok(found(kept))
}

/// A page of the messages of a kind, newest first.
pub async fn of_kind(
    dependencies: &MessageSearchDependencies,
    query: &KindQuery<'_>,
) -> Result<(Vec<FoundMessage>, Option<Cursor>), FlowFailure> {
    let (keys, cursor) = dependencies.kinds.page(query).await?;
    let mut messages = Vec::with_capacity(keys.len());
    for keys in keys.chunks(AT_ONCE) {
        let kept = keys.iter().map(|key| dependencies.history.of_message(key));
        messages.extend(try_join_all(kept).await?.into_iter().flat_map(found));
    }
    Ok((messages, cursor))
}

/// A message with its body.
pub async fn of_key(
    dependencies: &MessageSearchDependencies,
    key: Key,
) -> Result<(FoundMessage, String), FlowFailure> {
    let read = dependencies.messages.read(&key).await?;
    let (head, body) = read.ok_or(FlowFailure::NotFound("message not found"))?;
    let recorded = dependencies.deliveries.of(&key).await?;
    let deliveries = all_deliveries(&key, &head.sent_to, recorded);
    let message = FoundMessage {
        key,
        head,
        deliveries,
    };
    Ok((message, body))
}

fn found(kept: Kept) -> Vec<FoundMessage> {
    let mut deliveries: BTreeMap<Key, Vec<(Key, DeliveryRecord)>> = BTreeMap::new();
    for (key, record) in kept.deliveries {
        let of = deliveries.entry(key.message()).or_default();
        of.push((key, record));
    }
    let sent = kept.messages.into_iter().filter(|(_, head)| head.is_sent());
    sent.map(|(key, head)| {
        let recorded = deliveries.remove(&key).unwrap_or_default();
        FoundMessage {
            deliveries: all_deliveries(&key, &head.sent_to, recorded),
            key,
            head,
        }
    })
    .collect()
}

/// All deliveries of a message, one per endpoint. A delivery to an endpoint that the message was queued for has no
/// record before its first attempt: it is waiting.
pub fn all_deliveries(
    message: &Key,
    sent_to: &[EndpointId],
    recorded: Vec<(Key, DeliveryRecord)>,
) -> Vec<(Key, DeliveryRecord)> {
    let waiting = sent_to.iter().map(|endpoint| message.delivery(endpoint));
    let mut deliveries: BTreeMap<Key, DeliveryRecord> = waiting
        .map(|key| (key, DeliveryRecord::new(None)))
        .collect();
    deliveries.extend(recorded);
    deliveries.into_iter().collect()
}
