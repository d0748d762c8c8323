//! The keys of messages and of their deliveries.
//!
//! All messages of a subject are in one partition, whatever their kind. Their ids in the API are derived from their
//! keys, so that finding one needs no index.

use crate::digest::hex;
use crate::domain::message::{Message, MessageKind};
use crate::domain::notification::Identity;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, ClientId, EndpointId};
use crate::store::keys::{Key, hashed};

/// Length of the hash of a subject's code in keys, in bytes.
const SUBJECT_HASH_BYTES: usize = 10;
/// Length of the hash of a shipment code in keys, in bytes.
const CODE_HASH_BYTES: usize = 4;
/// Length of the hash of a message's identity in keys, in bytes.
const IDENTITY_BYTES: usize = 16;
/// The maximum length of a message's sort key: a kind's letter, two hashes and a number.
const LONGEST_SORT: usize = 64;

/// The key of a message, from which its public id is derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageKey {
    partition: String,
    sort: String,
}

impl MessageKey {
    /// The key of the notification of the event with this identity, of this account or of RMS itself; `occurrence` counts equal events that arrived long
    /// after each other.
    pub fn of_notification(
        shipment: &ShipmentId,
        alias: Option<&AccountAlias>,
        identity: &Identity,
        occurrence: u32,
    ) -> Self {
        // No alias is empty.
        let alias = alias.map_or("", |alias| alias.as_str());
        let identity = match identity {
            Identity::Event(id) => hashed(&[alias, "event", id], 12),
            Identity::Digest(digest) => hashed(&[alias, "digest", &hex(digest)], 12),
        };
        let occurrence = if occurrence == 0 {
            String::new()
        } else {
            format!("-{occurrence}")
        };
        Self {
            partition: shipment.messages(),
            sort: format!("{}{identity}{occurrence}", shipment.notification_prefix()),
        }
    }

    /// The key of a message that was caused by a request or a scheduled run.
    pub fn of(message: &Message<'_>) -> Self {
        let subject = &message.subject;
        let mut identity: Vec<&str> = vec![subject.kind().into()];
        identity.extend(message.identity.iter().map(String::as_str));
        let letters = message.routing.kind.letters();
        let letter = letters.get(..1).unwrap_or(letters);
        Self {
            partition: messages_partition(message.client_id, subject.code()),
            sort: format!("{letter}{}", hashed(&identity, IDENTITY_BYTES)),
        }
    }

    /// The key of the message whose item has this key.
    pub fn of_item(key: &Key) -> Self {
        Self {
            partition: key.pk.clone(),
            sort: key.sk.clone(),
        }
    }

    /// The key of the message's item.
    pub fn key(&self) -> Key {
        Key {
            pk: self.partition.clone(),
            sk: self.sort.clone(),
        }
    }

    /// The key of its delivery to an endpoint.
    pub fn delivery(&self, endpoint: &EndpointId) -> Key {
        self.key().delivery(endpoint)
    }

    /// The key prefix of all its deliveries.
    pub fn deliveries(&self) -> Key {
        Key {
            pk: self.partition.clone(),
            sk: format!("{}#", self.sort),
        }
    }

    /// The message's id in the API.
    pub fn message_id(&self) -> String {
        message_id(&self.key())
    }

    /// The id of its delivery to an endpoint: the `webhook-id` of every attempt.
    pub fn delivery_id(&self, endpoint: &EndpointId) -> String {
        self.delivery(endpoint).delivery_id()
    }
}

impl Key {
    /// What the keys of all notifications begin with that are of the same shipment as this one.
    #[must_use]
    pub fn of_its_shipment(&self) -> Self {
        let length = 1 + 2 * CODE_HASH_BYTES;
        Self {
            pk: self.pk.clone(),
            sk: self.sk.get(..length).unwrap_or(&self.sk).to_owned(),
        }
    }
}

impl ShipmentId {
    /// The partition of the order's messages.
    pub fn messages(&self) -> String {
        messages_partition(&self.client_id, self.order_number.as_str())
    }

    /// The sort key prefix of this shipment's notifications.
    pub fn notification_prefix(&self) -> String {
        let code = self.shipment_code.as_ref().map_or("", |code| code.as_str());
        format!(
            "{}{}",
            self.order_prefix(),
            hashed(&[code], CODE_HASH_BYTES)
        )
    }

    /// The prefix of the sort keys of all notifications of the order's shipments in the same direction.
    pub fn order_prefix(&self) -> &'static str {
        match self.shipment_type {
            ShipmentType::Forward => "F",
            ShipmentType::Return => "R",
        }
    }
}

/// The partition of all messages of the subjects with this code: of every kind, and of an order's forward and return
/// shipment.
pub fn messages_partition(client: &ClientId, code: &str) -> String {
    let hash = hashed(&[code], SUBJECT_HASH_BYTES);
    format!("{client}#{hash}")
}

/// The API id of a message, from the key of its item. The id of a notification is its notification id.
pub fn message_id(key: &Key) -> String {
    let prefix = prefix(key.kind());
    format!("{prefix}{}_{}", key.subject_hash(), key.sk)
}

/// The key of a client's message with this id; `None` if the id is invalid.
pub fn message_key(client: &ClientId, id: &str) -> Option<Key> {
    let (prefix, rest) = id.split_at_checked(PREFIX_BYTES)?;
    let (hash, sort) = rest.split_once('_')?;
    let is_sort = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_right = !sort.is_empty()
        && sort.len() <= LONGEST_SORT
        && sort.bytes().all(is_sort)
        && hash.len() == 2 * SUBJECT_HASH_BYTES
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = Key {
        pk: format!("{client}#{hash}"),
        sk: sort.to_owned(),
    };
    (is_right
        && key
            .kind()
            .is_some_and(|kind| self::prefix(Some(kind)) == prefix))
    .then_some(key)
}

/// The id of the message of a delivery, from the delivery's id; `None` if that is invalid. Whether there is such a message is
/// seen when it is read.
pub fn message_of_delivery(id: &str) -> Option<String> {
    let mut parts = id.strip_prefix("dlv_")?.splitn(3, '_');
    let (hash, sort, _endpoint) = (parts.next()?, parts.next()?, parts.next()?);
    let kind = MessageKind::of_letter(sort.chars().next()?)?;
    Some(format!("{}{hash}_{sort}", prefix(Some(kind))))
}

/// The key of a client's notification with this id; `None` if the id is invalid.
pub fn notification_key(client: &ClientId, id: &str) -> Option<Key> {
    message_key(client, id).filter(|key| key.kind() == Some(MessageKind::Notification))
}

const PREFIX_BYTES: usize = 4;

fn prefix(kind: Option<MessageKind>) -> &'static str {
    match kind {
        Some(MessageKind::Notification) => "ntf_",
        Some(_) | None => "msg_",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{MessageSubject, Routing, SubjectKind};

    fn shipment(order: &str, code: Option<&str>) -> ShipmentId {
        ShipmentId {
            client_id: "demo".parse().unwrap(),
            shipment_type: ShipmentType::Forward,
            order_number: order.parse().unwrap(),
            shipment_code: code.map(|code| code.parse().unwrap()),
        }
    }

    fn message_of(kind: MessageKind, subject: SubjectKind, identity: &[&str]) -> MessageKey {
        MessageKey::of(&Message {
            client_id: &"demo".parse().unwrap(),
            routing: Routing::of(kind),
            subject: MessageSubject::new(subject, "1").unwrap(),
            identity: identity.iter().map(|part| (*part).to_owned()).collect(),
            content: String::new(),
            correction: false,
            body: String::new(),
        })
    }

    #[test]
    fn a_delivery_s_id_gives_its_message_s() {
        let message = message_of(MessageKind::Invoice, SubjectKind::ForwardOrder, &["1"]);
        for endpoint in ["demo-sink", "a_b_c"] {
            let delivery = message.delivery_id(&endpoint.parse().unwrap());
            assert_eq!(message_of_delivery(&delivery), Some(message.message_id()));
        }
        let shipment = shipment("a", None);
        let identity = Identity::Event("1".to_owned());
        let notification = MessageKey::of_notification(&shipment, None, &identity, 0);
        let delivery = notification.delivery_id(&"e".parse().unwrap());
        let id = message_of_delivery(&delivery);
        assert_eq!(id, Some(notification.message_id()));
        for wrong in [
            "",
            "dlv_",
            "dlv_0a_F1",
            "msg_0a_I1_e",
            "dlv_0a_?1_e",
            "dlv_0a__e",
        ] {
            assert_eq!(message_of_delivery(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn unusual_order_numbers_do_not_collide() {
        let keys = [
            shipment("a", Some("b")),
            shipment("a#b", None),
            shipment("a", None),
            shipment("a", Some("#b")),
        ];
        for (index, one) in keys.iter().enumerate() {
            for other in keys.iter().skip(index + 1) {
                assert_ne!(
                    (one.messages(), one.notification_prefix()),
                    (other.messages(), other.notification_prefix())
                );
            }
        }
    }

    #[test]
    fn a_notification_s_key_leads_to_the_others_of_its_shipment() {
        for code in [None, Some("P-1")] {
            let shipment = shipment("a", code);
            let identity = Identity::Event("1".to_owned());
            let key = MessageKey::of_notification(&shipment, None, &identity, 3).key();
            let expected = Key {
                pk: shipment.messages(),
                sk: shipment.notification_prefix(),
            };
            assert_eq!(key.of_its_shipment(), expected);
        }
    }

    #[test]
    fn another_account_or_order_is_another_notification() {
        let identity = Identity::Event("e1".to_owned());
        let key = |order: &str, alias: &str| {
            MessageKey::of_notification(
                &shipment(order, None),
                Some(&alias.parse().unwrap()),
                &identity,
                0,
            )
            .message_id()
        };
        assert_eq!(key("1", "magic"), key("1", "magic"));
        assert_ne!(key("1", "magic"), key("1", "other"));
        assert_ne!(key("1", "magic"), key("2", "magic"));
    }

    /// An earlier version stored notifications with these keys.
    #[test]
    fn the_keys_of_notifications_are_unchanged() {
        let identity = Identity::Event("before-1-DELIVERED".to_owned());
        let key = |code| {
            let alias = "magic".parse().unwrap();
            MessageKey::of_notification(&shipment("before-1", code), Some(&alias), &identity, 0)
                .message_id()
        };
        assert_eq!(
            key(None),
            "ntf_629c05c5c19d84acbcbf_Faf5570f56bf30ff7b26efd781c1f9c49"
        );
        assert_eq!(
            key(Some("parcel-1")),
            "ntf_629c05c5c19d84acbcbf_F01490ae66bf30ff7b26efd781c1f9c49"
        );
    }

    #[test]
    fn a_message_is_stored_next_to_the_notifications_of_its_subject() {
        let invoice = message_of(
            MessageKind::Invoice,
            SubjectKind::ForwardOrder,
            &["", "123"],
        );
        assert_eq!(invoice.key().pk, shipment("1", None).messages());
        assert_eq!(invoice.key().kind(), Some(MessageKind::Invoice));
        assert!(invoice.message_id().starts_with("msg_"));
        let delivery = invoice.delivery(&"sink_1".parse().unwrap());
        assert_eq!(delivery.kind(), Some(MessageKind::Invoice));
        assert_eq!(delivery.message(), invoice.key());
        let others = [
            message_of(
                MessageKind::Invoice,
                SubjectKind::ForwardOrder,
                &["1", "23"],
            ),
            message_of(MessageKind::Invoice, SubjectKind::ReturnOrder, &["", "123"]),
            message_of(MessageKind::Pgi, SubjectKind::ForwardOrder, &["", "123"]),
        ];
        for other in others {
            assert_ne!(other, invoice);
        }
    }

    #[test]
    fn an_id_gives_its_key_within_the_client() {
        let identity = Identity::Event("e1".to_owned());
        let notification = MessageKey::of_notification(
            &shipment("1", Some("parcel")),
            Some(&"magic".parse().unwrap()),
            &identity,
            2,
        );
        let invoice = message_of(MessageKind::Invoice, SubjectKind::ForwardOrder, &["123"]);
        let demo = "demo".parse().unwrap();
        for key in [&notification, &invoice] {
            let id = key.message_id();
            assert_eq!(message_key(&demo, &id), Some(key.key()));
            let other = message_key(&"other".parse().unwrap(), &id).unwrap();
            assert_eq!((other.client(), &other.sk), ("other", &key.key().sk));
            let delivery = key.delivery(&"sink_1".parse().unwrap());
            assert_eq!(delivery.endpoint(), "sink_1");
            assert_eq!(delivery.message(), key.key());
        }
        let (id, other) = (notification.message_id(), invoice.message_id());
        assert_eq!(notification_key(&demo, &id), Some(notification.key()));
        assert_eq!(notification_key(&demo, &other), None);
        for wrong in [
            "",
            "ntf_",
            "ntf_1_F",
            "ä_ä_ä",
            &id.replace("ntf", "dlv"),
            &id.replace("ntf", "msg"),
            &other.replace("msg", "ntf"),
            &other.replace("_I", "_x"),
            &format!("{id}#sink"),
        ] {
            assert_eq!(message_key(&demo, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_webhook_id_is_short_enough_and_has_no_full_stop() {
        let identity = Identity::Event("e1".to_owned());
        let notification = MessageKey::of_notification(
            &shipment("1", None),
            Some(&"magic".parse().unwrap()),
            &identity,
            3,
        );
        let invoice = message_of(MessageKind::Invoice, SubjectKind::ForwardOrder, &["123"]);
        for key in [notification, invoice] {
            let id = key.delivery_id(&"e".repeat(64).parse().unwrap());
            assert!(id.len() <= 160 && !id.contains('.'), "{id}");
        }
    }
}
