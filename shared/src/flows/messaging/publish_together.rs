//! Stores several messages in one transaction, with the records of their cause, then sends them with as few calls as
//! possible. When this returns without a failure, all of them are stored and queued.
//!
//! If the send fails, the caller gets an error and repeats its request. The repeat finds the records of the cause and
//! sends each message with [`publish_message`](super::publish_message::publish_message), which finds it stored and sends
//! what has no delivery record.

use jiff::Timestamp;

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::Message;
use crate::domain::text::RequestId;
use crate::flows::messaging::publish_message::{
    PublishDependencies, PublishFailure, Published, accepted, stored,
};
use crate::flows::messaging::send_message::{MessageToSend, ids_of, send_each, wanting};
use crate::store::failure::StoreFailure;
use crate::store::message_keys::MessageKey;
use crate::store::messaging::messages::StoredMessage;
use crate::store::transaction::Part;

/// A message that is ready to be stored.
pub(super) struct Ready<'a> {
    message: &'a Message<'a>,
    key: MessageKey,
    stored: StoredMessage,
    endpoints: Vec<&'a WebhookEndpoint>,
}

/// Stores messages and sends them to those of the client's endpoints that want them. `write` writes them in one transaction
/// with the records of their cause; it returns whether it did. `None` if not, because another writer was faster: then the
/// caller decides again by what is stored now.
pub async fn publish_together(
    dependencies: &PublishDependencies,
    endpoints: &[WebhookEndpoint],
    messages: &[Message<'_>],
    request_id: &RequestId,
    now: Timestamp,
    write: impl AsyncFnOnce(Vec<Part>) -> Result<bool, StoreFailure>,
) -> Result<Option<Vec<Published>>, PublishFailure> {
    let ready: Vec<Ready<'_>> = messages
        .iter()
        .map(|message| Ready::of(dependencies, endpoints, message, request_id, now))
        .collect::<Result<_, PublishFailure>>()?;
    let part = |ready: &Ready<'_>| ready.part(dependencies);
    let parts = ready.iter().map(part).collect::<Result<_, _>>()?;
    if !write(parts).await? {
        return Ok(None);
    }
    send_stored(dependencies, &ready, request_id)
        .await
        .map(Some)
}

/// Sends messages that were stored.
pub(super) async fn send_stored(
    dependencies: &PublishDependencies,
    stored: &[Ready<'_>],
    request_id: &RequestId,
) -> Result<Vec<Published>, PublishFailure> {
    let to_send: Vec<_> = stored
        .iter()
        .map(|ready| ready.to_send(request_id))
        .collect();
    send_each(&dependencies.queue, &to_send).await?;
    Ok(stored.iter().map(Ready::published).collect())
}

impl<'a> Ready<'a> {
    /// A message for those endpoints that want it.
    pub(super) fn of(
        dependencies: &PublishDependencies,
        endpoints: &'a [WebhookEndpoint],
        message: &'a Message<'a>,
        request_id: &RequestId,
        now: Timestamp,
    ) -> Result<Self, PublishFailure> {
        let endpoints = wanting(endpoints, &message.routing);
        let stored = stored(message, request_id, dependencies.ttl_days, now)?;
        Ok(Self {
            message,
            key: MessageKey::of(message),
            stored: StoredMessage {
                sent_to: ids_of(&endpoints),
                ..stored
            },
            endpoints,
        })
    }

    /// The write that stores it.
    pub(super) fn part(&self, dependencies: &PublishDependencies) -> Result<Part, StoreFailure> {
        dependencies.messages.part(&self.key, &self.stored)
    }

    fn to_send<'r>(
        &'r self,
        request_id: &'r RequestId,
    ) -> (MessageToSend<'r>, &'r [&'r WebhookEndpoint]) {
        let outgoing = MessageToSend {
            key: &self.key,
            kind: self.message.routing.kind,
            subject: &self.message.subject,
            accepted_at: self.stored.created_at,
            body: &self.message.body,
            request_id: Some(request_id),
            correction: self.message.correction,
            resend: false,
        };
        (outgoing, &self.endpoints)
    }

    fn published(&self) -> Published {
        accepted(self.message, &self.key, self.endpoints.len(), false)
    }
}

#[cfg(test)]
mod tests;
