//! The writes of a replay: a notification that was stored as unmapped gets its translation, and leaves the index of unmapped
//! notifications when it is queued.
//!
//! The translation is written once. The entry in the index stays until the message is queued: if the function dies in
//! between, a repeated replay finds it there.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_bytes::ByteBuf;

use crate::domain::notification::NotificationType;
use crate::domain::text::EndpointId;
use crate::store::attributes::written;
use crate::store::failure::StoreFailure;
use crate::store::items::attributes;
use crate::store::keys::Key;
use crate::store::notifying::exceptions::{ExceptionPlace, PLACES};
use crate::store::notifying::notifications::Notifications;

/// What a replay makes of an unmapped notification.
#[derive(Debug)]
pub struct Translation {
    /// Its new result: ACCEPTED or IGNORED.
    pub status: String,
    /// Its type, if it has one.
    pub notification_type: Option<NotificationType>,
    /// Whether the type comes from the account's configuration.
    pub mapped_by_account: bool,
    /// The compressed body for endpoints; absent if it is not forwarded.
    pub payload: Option<ByteBuf>,
    /// Its entry in the index of delivery exceptions, if it is one.
    pub exception: Option<ExceptionPlace>,
    /// The endpoints for which it is about to be queued.
    pub sent_to: Vec<EndpointId>,
    /// When, in epoch milliseconds.
    pub replayed_at: i64,
    /// When it expires, in epoch seconds: its deliveries may take as long as those of a new one. Absent: as before.
    pub expires_at: Option<i64>,
}

impl Translation {
    /// The attributes and their values.
    fn values(self) -> Vec<(&'static str, AttributeValue)> {
        let text = |value: String| AttributeValue::S(value);
        let number = |value: i64| AttributeValue::N(value.to_string());
        let ids = self.sent_to.iter();
        let ids: Vec<_> = ids.map(|id| text(id.to_string())).collect();
        let word = self.notification_type.map(|word| text(word.to_string()));
        let payload = self.payload.map(ByteBuf::into_vec);
        let payload = payload.map(|bytes| AttributeValue::B(Blob::new(bytes)));
        let exception = self.exception.map(ExceptionPlace::attributes);
        let (of, at) = exception.unzip();
        let values = [
            ("status", Some(text(self.status))),
            ("notificationType", word),
            (
                "mappedByAccount",
                self.mapped_by_account.then_some(AttributeValue::Bool(true)),
            ),
            ("payload", payload),
            (PLACES.of, of),
            (PLACES.at, at),
            (
                "sentTo",
                (!ids.is_empty()).then_some(AttributeValue::L(ids)),
            ),
            ("replayedAt", Some(number(self.replayed_at))),
            ("expiresAt", self.expires_at.map(number)),
        ];
        let given = values.into_iter();
        given
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

impl Notifications {
    /// Gives an unmapped notification its translation; `false` if it has one already, or has expired.
    pub async fn translate(
        &self,
        key: &Key,
        translation: Translation,
    ) -> Result<bool, StoreFailure> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            .condition_expression(
                "attribute_exists(unmappedOf) AND attribute_not_exists(replayedAt)",
            );
        let mut assignments = Vec::new();
        for (name, value) in translation.values() {
            assignments.push(format!("#{name} = :{name}"));
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        let update = update.update_expression(format!("SET {}", assignments.join(", ")));
        written(&self.client, update).await
    }

    /// Takes a translated notification, which is queued, out of the index of unmapped notifications.
    pub async fn leave_unmapped(&self, key: &Key) -> Result<(), StoreFailure> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            .update_expression("REMOVE unmappedOf, unmappedAt")
            // It may have expired meanwhile.
            .condition_expression("attribute_exists(replayedAt)");
        written(&self.client, update).await.map(|_| ())
    }
}
