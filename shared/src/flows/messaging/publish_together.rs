//! Stores several messages about one subject in one transaction, with the records of their cause, then sends them with as
//! few calls as possible. When this returns without a failure, all of them are stored and queued.
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
struct Ready<'a> {
    message: &'a Message<'a>,
    key: MessageKey,
    stored: StoredMessage,
    endpoints: Vec<&'a WebhookEndpoint>,
}

/// Stores messages and sends them to those of the client's endpoints that want them. `write` writes them in one transaction with the records of their cause;
/// it returns whether it did. `None` if not, because another writer was faster: then the caller decides again by what is
/// stored now.
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
        .map(|message| {
            let endpoints = wanting(endpoints, &message.routing);
            let stored = stored(message, request_id, dependencies.ttl_days, now)?;
            Ok(Ready {
                message,
                key: MessageKey::of(message),
                stored: StoredMessage {
                    sent_to: ids_of(&endpoints),
                    ..stored
                },
                endpoints,
            })
        })
        .collect::<Result<_, PublishFailure>>()?;
    let part = |ready: &Ready<'_>| dependencies.messages.part(&ready.key, &ready.stored);
    let parts = ready.iter().map(part).collect::<Result<_, _>>()?;
    if !write(parts).await? {
        return Ok(None);
    }
    let to_send: Vec<_> = ready
        .iter()
        .map(|ready| ready.to_send(request_id))
        .collect();
    send_each(&dependencies.queue, &to_send).await?;
    Ok(Some(ready.iter().map(Ready::published).collect()))
}

impl Ready<'_> {
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
