//! Sends a message that is stored to the endpoints that want it: one task each, into the lane of its subject.

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{MessageKind, MessageSubject, Routing};
use crate::domain::text::{EndpointId, RequestId};
use crate::queue::sender::{NotSent, Sender};
use crate::queue::task::{DeliveryTask, LARGEST_PAYLOAD, RecordKey};
use crate::store::message_keys::MessageKey;

/// A stored message on its way to the queue.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct MessageToSend<'a> {
    /// Its key.
    pub(in crate::flows) key: &'a MessageKey,
    /// Its kind.
    pub(in crate::flows) kind: MessageKind,
    /// What it is about.
    pub(in crate::flows) subject: &'a MessageSubject,
    /// When it was accepted, in epoch milliseconds.
    pub(in crate::flows) accepted_at: i64,
    /// What goes out.
    pub(in crate::flows) body: &'a str,
    /// The request that caused it.
    pub(in crate::flows) request_id: Option<&'a RequestId>,
    /// Whether it may have been sent before.
    pub(in crate::flows) resend: bool,
}

/// Those endpoints that want a message.
pub(in crate::flows) fn wanting<'a>(
    endpoints: &'a [WebhookEndpoint],
    message: &Routing<'_>,
) -> Vec<&'a WebhookEndpoint> {
    let wanting = endpoints.iter();
    wanting.filter(|endpoint| endpoint.wants(message)).collect()
}

/// Sends a message to endpoints. Tells to how many.
pub(in crate::flows) async fn send(
    queue: &Sender,
    endpoints: &[&WebhookEndpoint],
    message: MessageToSend<'_>,
) -> Result<usize, NotSent> {
    let deliveries = endpoints
        .iter()
        .map(|endpoint| (message.task(endpoint), endpoint.lane_of(message.subject)));
    queue.send_all(deliveries.collect()).await?;
    Ok(endpoints.len())
}

/// Those endpoints to which an earlier request may not have sent: no delivery to them has a record yet. `attempted` are
/// the ids of those that have one.
pub(in crate::flows) fn unattempted<'a>(
    mut endpoints: Vec<&'a WebhookEndpoint>,
    attempted: &[String],
) -> Vec<&'a WebhookEndpoint> {
    endpoints.retain(|endpoint| attempted.iter().all(|id| id != endpoint.id.as_str()));
    endpoints
}

/// The ids of endpoints, as a stored message names those that it is queued for.
pub(in crate::flows) fn ids_of(endpoints: &[&WebhookEndpoint]) -> Vec<EndpointId> {
    endpoints
        .iter()
        .map(|endpoint| endpoint.id.clone())
        .collect()
}

/// The ids of those endpoints that a stored message does not name yet.
pub(in crate::flows) fn unnamed(
    endpoints: &[&WebhookEndpoint],
    named: &[EndpointId],
) -> Vec<EndpointId> {
    let mut ids = ids_of(endpoints);
    ids.retain(|id| !named.contains(id));
    ids
}

impl MessageToSend<'_> {
    fn task(&self, endpoint: &WebhookEndpoint) -> DeliveryTask {
        let record = self.key.delivery(&endpoint.id);
        let fits = self.body.len() <= LARGEST_PAYLOAD;
        DeliveryTask {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            delivery_id: record.delivery_id(),
            message_kind: self.kind,
            record: RecordKey {
                pk: record.pk,
                sk: record.sk,
            },
            accepted_at: self.accepted_at,
            generation: 0,
            resend: self.resend,
            replayed: false,
            request_id: self.request_id.cloned(),
            payload: fits.then(|| self.body.to_owned()),
        }
    }
}
