//! Sends a stored message to the endpoints that subscribe to it: one task each, in the lane of its subject.

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{MessageKind, MessageSubject, Routing};
use crate::domain::text::{EndpointId, RequestId};
use crate::queue::sender::{NotSent, Sender};
use crate::queue::task::{DeliveryTask, LARGEST_PAYLOAD, RecordKey};
use crate::store::message_keys::MessageKey;

/// The maximum total size of the bodies that are sent at once, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A stored message to be sent.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct MessageToSend<'a> {
    /// Its key.
    pub(in crate::flows) key: &'a MessageKey,
    /// Its kind.
    pub(in crate::flows) kind: MessageKind,
    /// Its subject.
    pub(in crate::flows) subject: &'a MessageSubject,
    /// When it was accepted, in epoch milliseconds.
    pub(in crate::flows) accepted_at: i64,
    /// Its body.
    pub(in crate::flows) body: &'a str,
    /// The request that caused it.
    pub(in crate::flows) request_id: Option<&'a RequestId>,
    /// Whether it corrects an earlier message.
    pub(in crate::flows) correction: bool,
    /// Whether it may have been sent before.
    pub(in crate::flows) resend: bool,
}

/// The endpoints that subscribe to a message.
pub(in crate::flows) fn wanting<'a>(
    endpoints: &'a [WebhookEndpoint],
    message: &Routing<'_>,
) -> Vec<&'a WebhookEndpoint> {
    let wanting = endpoints.iter();
    wanting.filter(|endpoint| endpoint.wants(message)).collect()
}

/// Sends a message to endpoints. Returns their number.
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

/// Sends several messages, each to its endpoints. Messages about one subject are sent in this order.
pub(in crate::flows) async fn send_each(
    queue: &Sender,
    messages: &[(MessageToSend<'_>, &[&WebhookEndpoint])],
) -> Result<(), NotSent> {
    for part in parts(messages) {
        let deliveries = part.iter().flat_map(|(message, endpoints)| {
            let endpoints = endpoints.iter();
            endpoints.map(|endpoint| (message.task(endpoint), endpoint.lane_of(message.subject)))
        });
        queue.send_all(deliveries.collect()).await?;
    }
    Ok(())
}

/// Splits messages so that the bodies of a part fit into memory, once for each endpoint.
fn parts<'m, 'a>(
    messages: &'m [(MessageToSend<'a>, &'m [&'a WebhookEndpoint])],
) -> impl Iterator<Item = &'m [(MessageToSend<'a>, &'m [&'a WebhookEndpoint])]> {
    let mut bytes = 0;
    messages.chunk_by(move |(message, endpoints), (next, further)| {
        bytes += message.body.len() * endpoints.len();
        let fits = bytes + next.body.len() * further.len() <= MOST_BYTES;
        if !fits {
            bytes = 0;
        }
        fits
    })
}

/// The endpoints to which an earlier request may not have sent: those without a delivery record. `attempted` are the ids
/// of the endpoints with one.
pub(in crate::flows) fn unattempted<'a>(
    mut endpoints: Vec<&'a WebhookEndpoint>,
    attempted: &[String],
) -> Vec<&'a WebhookEndpoint> {
    endpoints.retain(|endpoint| attempted.iter().all(|id| id != endpoint.id.as_str()));
    endpoints
}

/// The ids of the endpoints, for the stored message that is queued for them.
pub(in crate::flows) fn ids_of(endpoints: &[&WebhookEndpoint]) -> Vec<EndpointId> {
    endpoints
        .iter()
        .map(|endpoint| endpoint.id.clone())
        .collect()
}

/// The ids of the endpoints that are not in the stored message yet.
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
            correction: self.correction,
            request_id: self.request_id.cloned(),
            payload: fits.then(|| self.body.to_owned()),
        }
    }
}
