//! Stores messages about different subjects, each in a transaction with the record of its cause, several at once; then sends them
//! with as few calls as possible. When this returns without a failure, all that are returned are stored and queued.
//!
//! If it fails, or its function is killed, some may be stored and not sent: the caller must have written down which ones it
//! publishes, and calls [`publish_again`](super::publish_message::publish_again) for each.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::Message;
use crate::domain::text::RequestId;
use crate::flows::messaging::publish_message::{PublishDependencies, PublishFailure, Published};
use crate::flows::messaging::publish_together::{Ready, send_stored};
use crate::store::failure::StoreFailure;
use crate::store::transaction::Part;

/// How many messages are stored at once: more only wait for the processor.
const AT_ONCE: usize = 8;

/// Stores messages and sends them to those of the client's endpoints that want them. `write` writes a message with the record
/// of its cause; it returns whether it did. A message that was not written, because another writer was faster, is not sent and
/// not returned.
pub async fn publish_each(
    dependencies: &PublishDependencies,
    endpoints: &[WebhookEndpoint],
    caused: &[(Message<'_>, Part)],
    request_id: &RequestId,
    now: Timestamp,
    write: impl AsyncFn(Vec<Part>) -> Result<bool, StoreFailure>,
) -> Result<Vec<Published>, PublishFailure> {
    let write = &write;
    let storing = caused.iter().map(async |(message, record)| {
        let ready = Ready::of(dependencies, endpoints, message, request_id, now)?;
        let parts = vec![ready.part(dependencies)?, record.clone()];
        Ok::<_, PublishFailure>(write(parts).await?.then_some(ready))
    });
    let stored: Vec<Option<Ready<'_>>> = stream::iter(storing)
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let stored: Vec<Ready<'_>> = stored.into_iter().flatten().collect();
    send_stored(dependencies, &stored, request_id).await
}
