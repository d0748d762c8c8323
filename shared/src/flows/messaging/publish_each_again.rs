//! Completes messages that an earlier request or run may not have stored or sent: stores those that are missing, and sends each
//! to the endpoints for which it has no delivery record. The calls are few, however many messages there are.

use jiff::Timestamp;

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::Message;
use crate::domain::text::RequestId;
use crate::flows::messaging::publish_message::{PublishDependencies, PublishFailure, stored};
use crate::flows::messaging::send_message::{MessageToSend, ids_of, send_each, unnamed, wanting};
use crate::store::failure::StoreFailure;
use crate::store::message_keys::MessageKey;
use crate::store::messaging::messages::StoredMessage;

/// A message with what is stored of it.
struct Known<'a> {
    message: &'a Message<'a>,
    key: &'a MessageKey,
    stored: StoredMessage,
    body: String,
    endpoints: Vec<&'a WebhookEndpoint>,
}

/// Completes messages, which are different ones. When this returns without a failure, all of them are stored and queued.
pub async fn publish_each_again(
    dependencies: &PublishDependencies,
    endpoints: &[WebhookEndpoint],
    messages: &[Message<'_>],
    request_id: &RequestId,
    now: Timestamp,
) -> Result<(), PublishFailure> {
    let keys: Vec<MessageKey> = messages.iter().map(MessageKey::of).collect();
    let mut before = dependencies.messages.stored_each(&keys).await?;
    let mut missing = Vec::new();
    let mut known = Vec::with_capacity(messages.len());
    for (message, key) in messages.iter().zip(&keys) {
        let endpoints = wanting(endpoints, &message.routing);
        let new = StoredMessage {
            sent_to: ids_of(&endpoints),
            ..stored(message, request_id, dependencies.ttl_days, now)?
        };
        let stored = match before.remove(&key.key()) {
            Some(before) if before.content != new.content => {
                return Err(PublishFailure::OtherContent);
            }
            Some(before) => before,
            None => {
                missing.push((key, new.clone()));
                new
            }
        };
        known.push(Known {
            message,
            key,
            body: stored.body()?,
            stored,
            endpoints,
        });
    }
    if !dependencies.messages.put_each(&missing).await? {
        return Err(StoreFailure::Contended.into());
    }
    send_unrecorded(dependencies, known).await
}

/// Sends messages to the endpoints for which they have no delivery record.
async fn send_unrecorded(
    dependencies: &PublishDependencies,
    mut known: Vec<Known<'_>>,
) -> Result<(), PublishFailure> {
    let deliveries = known.iter().flat_map(|known| {
        let endpoints = known.endpoints.iter();
        endpoints.map(|endpoint| known.key.delivery(&endpoint.id))
    });
    let deliveries: Vec<_> = deliveries.collect();
    let recorded = dependencies.messages.recorded(&deliveries).await?;
    for known in &mut known {
        let key = known.key;
        known
            .endpoints
            .retain(|endpoint| !recorded.contains(&key.delivery(&endpoint.id)));
        let more = unnamed(&known.endpoints, &known.stored.sent_to);
        if !more.is_empty() {
            dependencies.messages.send_to_more(key, &more).await?;
        }
    }
    let to_send: Vec<_> = known.iter().map(Known::to_send).collect();
    Ok(send_each(&dependencies.queue, &to_send).await?)
}

impl Known<'_> {
    fn to_send(&self) -> (MessageToSend<'_>, &[&WebhookEndpoint]) {
        let outgoing = MessageToSend {
            key: self.key,
            kind: self.message.routing.kind,
            subject: &self.message.subject,
            accepted_at: self.stored.created_at,
            body: &self.body,
            request_id: self.stored.request_id.as_ref(),
            correction: self.stored.correction,
            resend: true,
        };
        (outgoing, &self.endpoints)
    }
}
