//! Messages as shown to the client.

use logistics::contract::listed::ListedState;
use logistics::contract::message_list::{
    ListedDeliveryBody, ListedMessageBody, MessageBody, MessageListBody,
};
use logistics::contract::stored::{AttemptBody, DeliveryBody, embedded};
use logistics::domain::delivery::{DeliveryRecord, instant};
use logistics::flows::messaging::find_deliveries::FoundDelivery;
use logistics::flows::messaging::find_messages::FoundMessage;
use logistics::store::cursor::Cursor;
use logistics::store::keys::Key;
use logistics::store::message_keys::message_id;
use logistics::store::messaging::head::MessageHead;

/// A page of messages.
pub(crate) fn page(
    messages: impl Iterator<Item = ListedMessageBody>,
    cursor: Option<Cursor>,
) -> MessageListBody {
    MessageListBody {
        messages: messages.collect(),
        cursor: cursor.map(|cursor| cursor.to_string()),
    }
}

/// A message with the state of each of its deliveries.
pub(crate) fn listed(found: &FoundMessage) -> ListedMessageBody {
    let deliveries = found.deliveries.iter();
    let deliveries = deliveries.map(|(key, record)| listed_delivery(key, record.state.into()));
    message(&found.key, &found.head, deliveries.collect())
}

/// The message of one delivery, with only this delivery.
pub(crate) fn delivery(found: &FoundDelivery, state: ListedState) -> ListedMessageBody {
    let delivery = ListedDeliveryBody {
        attempt_count: Some(found.record.attempts),
        last_attempt: found.record.latest().map(AttemptBody::from),
        ..listed_delivery(&found.key, state)
    };
    let deliveries = vec![delivery];
    message(&found.key.message(), &found.head, deliveries)
}

/// A message with its body and all attempts.
pub(crate) fn whole(found: FoundMessage, body: &str) -> MessageBody {
    let head = found.head;
    MessageBody {
        message_id: message_id(&found.key),
        kind: head.kind,
        subject: head.subject.code().to_owned(),
        created_at: instant(head.created_at),
        request_id: head.request_id.map(|id| id.to_string()),
        body: embedded(body.as_bytes()),
        deliveries: found.deliveries.iter().map(attempted).collect(),
    }
}

fn message(
    key: &Key,
    head: &MessageHead,
    deliveries: Vec<ListedDeliveryBody>,
) -> ListedMessageBody {
    ListedMessageBody {
        message_id: message_id(key),
        kind: head.kind,
        notification_type: head
            .notification
            .as_ref()
            .and_then(|notification| notification.notification_type),
        subject: head.subject.code().to_owned(),
        created_at: instant(head.created_at),
        request_id: head.request_id.as_ref().map(ToString::to_string),
        deliveries,
    }
}

fn listed_delivery(key: &Key, state: ListedState) -> ListedDeliveryBody {
    ListedDeliveryBody {
        delivery_id: key.delivery_id(),
        endpoint_id: key.endpoint().to_owned(),
        state,
        attempt_count: None,
        last_attempt: None,
    }
}

fn attempted((key, record): &(Key, DeliveryRecord)) -> DeliveryBody {
    DeliveryBody::new(key.delivery_id(), key.endpoint().to_owned(), record)
}
