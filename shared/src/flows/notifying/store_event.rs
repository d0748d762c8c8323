//! Stores one event of a push, and says what is still to be sent.

use tracing::field::display;

use crate::contract::push::PushStatus;
use crate::domain::account::LogisticAccount;
use crate::domain::delivery::instant;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::event_kind::UnreadField;
use crate::domain::message::{MessageKind, MessageSubject, Routing};
use crate::domain::notification::Notification;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AggregatorName, EndpointId, RequestId};
use crate::flows::messaging::send_message::{MessageToSend, ids_of, unnamed, wanting};
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::learn_shipment::learn;
use crate::flows::notifying::pass_on::passes_on;
use crate::flows::notifying::prove_push::ProvedPush;
use crate::flows::notifying::receive_failure::ReceiveFailure;
use crate::flows::notifying::record_notification::{Came, payload, record};
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::store::failure::StoreFailure;
use crate::store::message_keys::MessageKey;
use crate::store::notifying::notifications::{Stored, StoredNotification};
use crate::store::statistics::Statistics;
use crate::telemetry::metrics::{self, Metric};

/// The result of one event of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Our id of the notification.
    pub notification_id: String,
    /// The result.
    pub status: PushStatus,
    /// Whether it is a test of the push URL.
    pub is_test: bool,
    /// Why it could not be read; empty if it was.
    pub unread: Vec<UnreadField>,
}

/// An event that is stored, but perhaps not sent yet.
#[derive(Debug)]
pub(in crate::flows::notifying) struct StoredEvent<'e> {
    shipment: ShipmentId,
    pub(in crate::flows::notifying) subject: MessageSubject,
    pub(in crate::flows::notifying) key: MessageKey,
    status: PushStatus,
    is_test: bool,
    unread: Vec<UnreadField>,
    accepted_at: i64,
    request_id: Option<RequestId>,
    body: String,
    /// The push as it came, if that is a message too.
    pub(in crate::flows::notifying) passed_on: Option<String>,
    /// The endpoints that the stored notification names, if it existed before.
    named: Option<Vec<EndpointId>>,
    /// The endpoints to which it is still to be sent.
    pub(in crate::flows::notifying) endpoints: Vec<&'e WebhookEndpoint>,
    /// Whether it changed the records of its shipment.
    pub(in crate::flows::notifying) has_taught: bool,
    /// Its status code, if that is unknown and the event is new.
    pub(in crate::flows::notifying) unknown_code: Option<String>,
}

/// The notification of an event; `None` if it is not forwarded.
pub(in crate::flows::notifying) fn notification(
    resolved: &Resolved,
    came: Came<'_>,
) -> Option<Notification> {
    let word = resolved.event.meaning.word();
    let word = word.filter(|_| came.status == PushStatus::Accepted);
    word.map(|word| resolved.notification(word, came.arrival.at))
}

/// The endpoints that subscribe to the notification of an event.
pub(in crate::flows::notifying) fn wanting_event<'e>(
    endpoints: &'e [WebhookEndpoint],
    account: &LogisticAccount,
    resolved: &Resolved,
    notification: &Notification,
) -> Vec<&'e WebhookEndpoint> {
    let routing = Routing {
        kind: MessageKind::Notification,
        notification_type: Some(notification.notification_type),
        shipment_type: Some(resolved.event.shipment.shipment_type()),
        alias: Some(&account.alias),
        warehouse: notification.warehouse.as_ref(),
    };
    wanting(endpoints, &routing)
}

/// Records what an event says about its shipment, and stores it unless it exists. `known` is the existing one, if it was
/// read before.
pub(in crate::flows::notifying) async fn store_event<'e>(
    dependencies: &PushDependencies,
    push: &ProvedPush<'_>,
    resolved: &Resolved,
    notification: Option<&Notification>,
    endpoints: &'e [WebhookEndpoint],
    came: Came<'_>,
    known: Option<StoredNotification>,
) -> Result<StoredEvent<'e>, ReceiveFailure> {
    let account = push.account();
    let event = &resolved.event;
    let body = notification.map(payload).transpose();
    let body = body.map_err(|error| ReceiveFailure::NotEncoded(error.into()))?;
    let endpoints = match notification {
        Some(notification) => wanting_event(endpoints, account, resolved, notification),
        None => Vec::new(),
    };
    let mut stored = record(push, resolved, body.as_deref(), &came)
        .map_err(|error| ReceiveFailure::NotEncoded(error.into()))?
        .ok_or(ReceiveFailure::TooLarge)?;
    stored.sent_to = ids_of(&endpoints);
    let has_taught = resolved.is_news()
        && learn(&dependencies.shipments, account, resolved, came.arrival.at).await?;
    let stored = dependencies
        .notifications
        .store_unless(known, &resolved.id, &event.identity, &stored)
        .await?;
    let of = |key| StoredEvent {
        shipment: resolved.id.clone(),
        subject: resolved.id.subject(),
        key,
        status: came.status,
        is_test: resolved.is_test(),
        unread: event.kind.unread().to_vec(),
        accepted_at: came.arrival.at.as_millisecond(),
        request_id: Some(came.arrival.request_id.clone()),
        body: String::new(),
        passed_on: None,
        named: None,
        endpoints,
        has_taught,
        unknown_code: (came.status == PushStatus::Unmapped && event.kind.unread().is_empty())
            .then(|| event.pushed_type.clone()),
    };
    match stored {
        Stored::New(key) => Ok(StoredEvent {
            body: body.unwrap_or_default(),
            passed_on: passed_on(push, resolved),
            ..of(key)
        }),
        Stored::Before(key, before) => {
            let was_on = before.status != PushStatus::Ignored.to_string();
            let stored = of(key).stored_before(*before)?;
            let passed_on = passed_on(push, resolved).filter(|_| was_on);
            Ok(StoredEvent {
                passed_on,
                ..stored
            })
        }
    }
}

/// The push as it came, if it is passed on.
fn passed_on(push: &ProvedPush<'_>, resolved: &Resolved) -> Option<String> {
    let is_passed_on = resolved.is_news() && passes_on(push.account());
    let came = resolved.event.raw.as_deref().unwrap_or(push.body);
    is_passed_on.then(|| String::from_utf8_lossy(came).into_owned())
}

impl StoredEvent<'_> {
    /// The event as it was stored before. If it was not forwarded then, it is not forwarded now.
    fn stored_before(mut self, before: StoredNotification) -> Result<Self, StoreFailure> {
        let body = before.payload()?;
        if body.is_none() {
            self.endpoints.clear();
        }
        Ok(Self {
            status: PushStatus::Duplicate,
            accepted_at: before.accepted_at(),
            request_id: before.request_id,
            body: body.unwrap_or_default(),
            named: Some(before.sent_to),
            unknown_code: None,
            ..self
        })
    }

    /// Whether an earlier request stored it, and may have sent it.
    pub(in crate::flows::notifying) fn may_be_sent(&self) -> bool {
        self.named.is_some() && !self.endpoints.is_empty()
    }

    /// Adds endpoints that the stored notification does not name yet.
    pub(in crate::flows::notifying) async fn name_endpoints(
        &self,
        dependencies: &PushDependencies,
    ) -> Result<(), StoreFailure> {
        let Some(named) = &self.named else {
            return Ok(());
        };
        let more = unnamed(&self.endpoints, named);
        if more.is_empty() {
            return Ok(());
        }
        let notifications = &dependencies.notifications;
        notifications.send_to_more(&self.key, &more).await
    }

    pub(in crate::flows::notifying) fn message(&self) -> MessageToSend<'_> {
        MessageToSend {
            key: &self.key,
            kind: MessageKind::Notification,
            subject: &self.subject,
            accepted_at: self.accepted_at,
            body: &self.body,
            request_id: self.request_id.as_ref(),
            correction: false,
            resend: self.named.is_some(),
        }
    }

    /// Counts it, after it was sent.
    pub(in crate::flows::notifying) fn count(&self, aggregator: &str, statistics: &Statistics) {
        if !self.unread.is_empty() {
            metrics::count_at(aggregator, Metric::Unreadable, 1);
        }
        match self.status {
            PushStatus::Accepted => {
                metrics::count(Metric::Accepted, 1);
                let client = &self.shipment.client_id;
                statistics.accepted(client, aggregator, instant(self.accepted_at));
            }
            PushStatus::Duplicate => metrics::count(Metric::Duplicate, 1),
            PushStatus::Ignored => metrics::count(Metric::Ignored, 1),
            PushStatus::Unmapped if !self.unread.is_empty() => {}
            PushStatus::Unmapped => metrics::count_at(aggregator, Metric::Unmapped, 1),
        }
    }

    /// Its result, after it was sent.
    pub(in crate::flows::notifying) fn received(&self, aggregator: &AggregatorName) -> Received {
        let notification_id = self.key.message_id();
        // What is usual is not written: this line is half of what a delivered notification costs in log bytes.
        let unusual = (self.status != PushStatus::Accepted).then(|| display(self.status));
        let shipment_type = self.shipment.shipment_type;
        tracing::info!(
            message_id = notification_id,
            push_status = unusual,
            partner = unusual.is_some().then(|| display(aggregator)),
            test = self.is_test.then_some(true),
            unreadable = (!self.unread.is_empty()).then_some(true),
            order_number = %self.shipment.order_number,
            shipment_type = (shipment_type != ShipmentType::Forward).then(|| display(shipment_type)),
            deliveries = self.endpoints.len(),
            "notification received"
        );
        Received {
            notification_id,
            status: self.status,
            is_test: self.is_test,
            unread: self.unread.clone(),
        }
    }
}
