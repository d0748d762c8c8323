//! Replays notifications: orders side by side, the events of each in the order in which they arrived.

use std::collections::BTreeMap;

use futures::{StreamExt, stream};
use jiff::Timestamp;

use crate::domain::account::LogisticAccount;
use crate::domain::delivery::instant;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::ClientId;
use crate::flows::failure::FlowFailure;
use crate::flows::messaging::send_message::{MessageToSend, send, unattempted};
use crate::flows::notifying::learn_shipment::learn_cancellation;
use crate::flows::notifying::replay_unmapped::ReplayDependencies;
use crate::flows::notifying::replay_unmapped::read_again::read_again;
use crate::flows::notifying::replay_unmapped::translated::translated;
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::store::keys::Key;
use crate::store::message_keys::MessageKey;
use crate::store::notifying::notifications::StoredNotification;

/// How many orders are replayed side by side: more only wait for the processor.
const ORDERS_AT_ONCE: usize = 8;

/// A replay of notifications of one account.
pub(super) struct Replay<'a> {
    pub(super) dependencies: &'a ReplayDependencies,
    pub(super) account: &'a LogisticAccount,
    pub(super) now: Timestamp,
}

/// A stored notification that is to be replayed.
pub(super) struct Waiting {
    pub(super) key: Key,
    pub(super) stored: StoredNotification,
    /// What it says by the present configuration; `None` if an earlier replay translated it.
    pub(super) again: Option<Box<Resolved>>,
}

/// What a replay did.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) matched: usize,
    pub(super) translated: usize,
    pub(super) queued: usize,
}

impl Done {
    fn plus(self, other: &Self) -> Self {
        Self {
            matched: self.matched + other.matched,
            translated: self.translated + other.translated,
            queued: self.queued + other.queued,
        }
    }
}

impl Replay<'_> {
    /// Replays these notifications, if they still wait for it.
    pub(super) async fn all(&self, code: &str, keys: &[Key]) -> Result<Done, FlowFailure> {
        let stored = self.dependencies.notifications.under_now(keys).await?;
        // The index lags: what has left it is no longer unmapped.
        let waits =
            |stored: &StoredNotification| stored.unmapped.is_some() && stored.pushed_type == code;
        let waiting = stored.into_iter().filter(|(_, stored)| waits(stored));
        let waiting = read_again(self, waiting.collect()).await?;
        let client = &self.account.client_id;
        let endpoints = self.dependencies.endpoints.all(client).await?;
        let mut orders: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
        for one in waiting {
            orders.entry(one.key.pk.clone()).or_default().push(one);
        }
        let orders = orders.into_values().map(|mut order| {
            order.sort_by(|one, other| one.place().cmp(&other.place()));
            self.order(order, &endpoints)
        });
        let orders: Vec<_> = orders.collect();
        // All orders run to their end: one that is dropped half-way would have to wait for a repeated replay.
        let done: Vec<Result<Done, FlowFailure>> = stream::iter(orders)
            .buffer_unordered(ORDERS_AT_ONCE)
            .collect()
            .await;
        done.into_iter()
            .try_fold(Done::default(), |all, one| Ok(all.plus(&one?)))
    }

    async fn order(
        &self,
        order: Vec<Waiting>,
        endpoints: &[WebhookEndpoint],
    ) -> Result<Done, FlowFailure> {
        let mut done = Done::default();
        for waiting in order {
            let one = match &waiting.again {
                Some(resolved) => self.translate(&waiting, resolved, endpoints).await?,
                None => Some(self.resume(&waiting, endpoints).await?),
            };
            // Another replay is at this order: the next notification must not overtake the one that it is about to send.
            let Some(one) = one else { break };
            done = done.plus(&one);
        }
        Ok(done)
    }

    /// Translates a notification and sends it; `None` if another replay was faster.
    async fn translate(
        &self,
        waiting: &Waiting,
        resolved: &Resolved,
        endpoints: &[WebhookEndpoint],
    ) -> Result<Option<Done>, FlowFailure> {
        let matched = Done {
            matched: 1,
            ..Done::default()
        };
        let Some(translated) = translated(self, waiting, resolved, endpoints)? else {
            return Ok(Some(matched));
        };
        if translated.translation.notification_type == Some(NotificationType::Cancelled) {
            let shipments = &self.dependencies.shipments;
            learn_cancellation(shipments, self.account, resolved, waiting.received_at()).await?;
        }
        let notifications = &self.dependencies.notifications;
        let written = notifications.translate(&waiting.key, translated.translation);
        if !written.await? {
            return Ok(None);
        }
        let (endpoints, body) = (&translated.endpoints, &translated.body);
        let queued = self.send(waiting, endpoints, body, false).await?;
        Ok(Some(Done {
            translated: 1,
            queued,
            ..matched
        }))
    }

    /// Sends a notification that an earlier replay translated, to the endpoints to which it may not have been sent.
    async fn resume(
        &self,
        waiting: &Waiting,
        endpoints: &[WebhookEndpoint],
    ) -> Result<Done, FlowFailure> {
        let stored = &waiting.stored;
        let named = endpoints
            .iter()
            .filter(|endpoint| stored.sent_to.contains(&endpoint.id));
        let notifications = &self.dependencies.notifications;
        let attempted = notifications.delivered_to(&waiting.message()).await?;
        let rest = unattempted(named.collect(), &attempted);
        let body = stored.payload()?.unwrap_or_default();
        let queued = self.send(waiting, &rest, &body, true).await?;
        Ok(Done {
            matched: 1,
            translated: 1,
            queued,
        })
    }

    async fn send(
        &self,
        waiting: &Waiting,
        endpoints: &[&WebhookEndpoint],
        body: &str,
        resend: bool,
    ) -> Result<usize, FlowFailure> {
        let key = waiting.message();
        let subject = waiting.shipment(&self.account.client_id).subject();
        let message = MessageToSend {
            key: &key,
            kind: MessageKind::Notification,
            subject: &subject,
            // Attempts begin now, whenever it arrived.
            accepted_at: self.now.as_millisecond(),
            body,
            request_id: waiting.stored.request_id.as_ref(),
            correction: false,
            resend,
        };
        let queued = send(&self.dependencies.queue, endpoints, message).await?;
        let notifications = &self.dependencies.notifications;
        notifications.leave_unmapped(&waiting.key).await?;
        Ok(queued)
    }
}

impl Waiting {
    /// Its place among the events of its order: when it arrived, and its key.
    fn place(&self) -> (i64, &Key) {
        (self.stored.received_at, &self.key)
    }

    pub(super) fn received_at(&self) -> Timestamp {
        instant(self.stored.received_at)
    }

    pub(super) fn message(&self) -> MessageKey {
        MessageKey::of_item(&self.key)
    }

    /// The shipment under which it is stored.
    pub(super) fn shipment(&self, client: &ClientId) -> ShipmentId {
        ShipmentId {
            client_id: client.clone(),
            shipment_type: self.key.shipment_type(),
            order_number: self.stored.order_number.clone(),
            shipment_code: self.stored.shipment_code.clone(),
        }
    }
}
