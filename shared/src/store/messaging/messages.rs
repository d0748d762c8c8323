//! The table of messages. One conditional put stores a message and tells whether it already existed.
//!
//! It is also the table of notifications, which existed first: a notification is a message with additional data
//! (`store/notifying`). Delivery reads only the body and the request id of either.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::Put;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::domain::message::SubjectKind;
use crate::domain::text::{EndpointId, RequestId};
use crate::store::batch_read::read_all;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item, key_of};
use crate::store::keys::Key;
use crate::store::message_keys::MessageKey;
use crate::store::messaging::head::MessageHead;
use crate::store::messaging::kind_index::KindPlace;
use crate::store::messaging::once::{delivered_to, put_once, recorded, send_to_more};
use crate::store::packed::unpack;
use crate::store::transaction::{MOST_WRITES, Part, write};

/// The table.
#[derive(Debug, Clone)]
pub struct Messages {
    client: DynamoDb,
    table: String,
}

/// A stored message that is not a notification.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredMessage {
    /// The code of its subject.
    pub subject: String,
    /// The kind of its subject.
    pub subject_kind: SubjectKind,
    /// When it was accepted, in epoch milliseconds.
    pub created_at: i64,
    /// The request or the scheduled run that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// A digest of the content that a repeat must match.
    pub content: String,
    /// Whether it corrects an earlier message; absent if it does not, and in old items.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub correction: bool,
    /// The compressed body for endpoints.
    pub payload: ByteBuf,
    /// The endpoints that it was queued for; absent if there are none, and in old items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent_to: Vec<EndpointId>,
    /// When it expires, in epoch seconds; absent if it is kept forever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// A random number that identifies the writer among writers of the same content.
    pub writer: u64,
    /// Its entry in the index by kind.
    #[serde(flatten)]
    pub place: KindPlace,
}

/// The outgoing part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingBody {
    /// The bytes that are signed and sent.
    pub body: String,
    /// The request that caused the message; absent in old items.
    pub request_id: Option<RequestId>,
    /// Whether it corrects an earlier message.
    pub correction: bool,
}

/// The outgoing attributes of any message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outgoing {
    #[serde(default)]
    payload: Option<ByteBuf>,
    #[serde(default)]
    raw: Option<ByteBuf>,
    #[serde(default)]
    raw_length: Option<usize>,
    #[serde(default)]
    request_id: Option<RequestId>,
    #[serde(default)]
    correction: bool,
}

impl Outgoing {
    fn body(&self) -> Result<Option<String>, StoreFailure> {
        outgoing_body(
            self.payload.as_ref(),
            self.raw.as_ref().zip(self.raw_length),
        )
    }
}

impl StoredMessage {
    /// The body for endpoints.
    pub fn body(&self) -> Result<String, StoreFailure> {
        text(&self.payload, 0)
    }
}

/// The body for endpoints: compressed by itself, or in one stream behind the push that it translates, which has this length.
pub(in crate::store) fn outgoing_body(
    payload: Option<&ByteBuf>,
    behind: Option<(&ByteBuf, usize)>,
) -> Result<Option<String>, StoreFailure> {
    match (payload, behind) {
        (Some(payload), _) => text(payload, 0).map(Some),
        (None, Some((both, length))) => text(both, length).map(Some),
        (None, None) => Ok(None),
    }
}

/// The decompressed text from a position on.
fn text(packed: &[u8], from: usize) -> Result<String, StoreFailure> {
    let mut body = unpack(packed).map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    body.drain(..from.min(body.len()));
    String::from_utf8(body).map_err(|error| StoreFailure::CorruptBody(error.into()))
}

impl Messages {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// Stores a message unless it exists; returns the existing one, if any.
    pub async fn put(
        &self,
        key: &MessageKey,
        message: &StoredMessage,
    ) -> Result<Option<StoredMessage>, StoreFailure> {
        let is_own = |met: &StoredMessage| met.writer == message.writer;
        put_once(&self.client, &self.table, &key.key(), message, is_own).await
    }

    /// A message with this key, read directly; `None` if it does not exist.
    pub async fn stored(&self, key: &MessageKey) -> Result<Option<StoredMessage>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&key.key())))
            // The repeat of a request may come at once.
            .consistent_read(true);
        let found = self.client.send(read).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// Those of these different messages that are stored, by their keys.
    pub async fn stored_each(
        &self,
        keys: &[MessageKey],
    ) -> Result<BTreeMap<Key, StoredMessage>, StoreFailure> {
        let keys: Vec<Key> = keys.iter().map(MessageKey::key).collect();
        let found = read_all(&self.client, &self.table, &keys, None, true).await?;
        let message = |found| {
            let key = key_of(&found);
            Ok((key, from_item(found)?))
        };
        found.into_iter().map(message).collect()
    }

    /// Those of these different deliveries that have a record.
    pub async fn recorded(&self, deliveries: &[Key]) -> Result<BTreeSet<Key>, StoreFailure> {
        recorded(&self.client, &self.table, deliveries).await
    }

    /// Stores new messages, each once; `false` if one of them was stored meanwhile.
    pub async fn put_each(
        &self,
        messages: &[(&MessageKey, StoredMessage)],
    ) -> Result<bool, StoreFailure> {
        let part = |(key, message): &(&MessageKey, StoredMessage)| self.part(key, message);
        for messages in messages.chunks(MOST_WRITES) {
            let parts = messages.iter().map(part).collect::<Result<Vec<_>, _>>()?;
            if !write(&self.client, parts).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The write of a new message in a transaction; it fails if the message exists.
    pub fn part(&self, key: &MessageKey, message: &StoredMessage) -> Result<Part, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key.key(), message)?))
            .condition_expression("attribute_not_exists(pk)");
        Ok(put.build()?.into())
    }

    /// The outgoing part of a message of any kind; `None` if it does not exist or is not sent.
    pub async fn outgoing(&self, key: &Key) -> Result<Option<OutgoingBody>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            .projection_expression("#payload, #raw, rawLength, requestId, correction")
            .expression_attribute_names("#payload", "payload")
            .expression_attribute_names("#raw", "raw");
        let found = self.client.send(read).await?;
        let Some(found) = found.item else {
            return Ok(None);
        };
        let found: Outgoing = from_item(found)?;
        let body = found.body()?;
        Ok(body.map(|body| OutgoingBody {
            body,
            request_id: found.request_id,
            correction: found.correction,
        }))
    }

    /// A message of any kind with its body; `None` if it does not exist or is not sent.
    pub async fn read(&self, key: &Key) -> Result<Option<(MessageHead, String)>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            // The caller may have just received the id of the message.
            .consistent_read(true);
        let found = self.client.send(read).await?;
        let Some(found) = found.item else {
            return Ok(None);
        };
        let outgoing: Outgoing = from_item(found.clone())?;
        let head = MessageHead::read(key, found)?.filter(MessageHead::is_sent);
        Ok(head.zip(outgoing.body()?))
    }

    /// Adds endpoints to those that a message was queued for.
    pub async fn send_to_more(
        &self,
        key: &MessageKey,
        endpoints: &[EndpointId],
    ) -> Result<(), StoreFailure> {
        send_to_more(&self.client, &self.table, key, endpoints).await
    }

    /// The endpoints for which a delivery of this message has a record.
    pub async fn delivered_to(&self, key: &MessageKey) -> Result<Vec<String>, StoreFailure> {
        delivered_to(&self.client, &self.table, key).await
    }
}
