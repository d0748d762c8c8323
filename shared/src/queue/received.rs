//! A received message of the delivery queue, with its parsed attributes.

use aws_lambda_events::event::sqs::SqsMessage;

use crate::queue::dead_letter::LANE;
use crate::queue::task::{DeliveryTask, Task};

/// A received message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// Its id in the queue.
    pub message_id: String,
    /// Its original body.
    pub body: String,
    /// The group that it was sent to. A message that the queue's own redrive returned has its own group, and the
    /// original one in an attribute.
    pub group: String,
    /// Its sequence number, if the queue provides it.
    pub sequence_number: Option<String>,
    /// How often it was received, including this time.
    pub handed_out: u32,
}

impl ReceivedMessage {
    /// Parses a message and its attributes.
    pub fn read(message: SqsMessage) -> Self {
        let mut attributes = message.attributes;
        let former = message.message_attributes.get(LANE);
        let group = match former.and_then(|attribute| attribute.string_value.clone()) {
            Some(former) => former,
            None => attributes.remove(GROUP).unwrap_or_default(),
        };
        Self {
            message_id: message.message_id.unwrap_or_default(),
            body: message.body.unwrap_or_default(),
            group,
            sequence_number: attributes.remove(SEQUENCE_NUMBER),
            handed_out: attributes
                .get(RECEIVE_COUNT)
                .and_then(|count| count.parse().ok())
                .unwrap_or(1),
        }
    }

    /// Its lane, which is the end of its group.
    pub fn lane(&self) -> u16 {
        let number = self.group.rsplit(':').next();
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// Its task; `None` if this version cannot parse it.
    pub fn task(&self) -> Option<DeliveryTask> {
        let Task::Delivery(task) = serde_json::from_str(&self.body).ok()?;
        Some(task)
    }
}

/// The attribute with the message group.
pub(super) const GROUP: &str = "MessageGroupId";
const SEQUENCE_NUMBER: &str = "SequenceNumber";
const RECEIVE_COUNT: &str = "ApproximateReceiveCount";

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lambda_events::event::sqs::SqsMessageAttribute;

    fn handed_out() -> SqsMessage {
        let mut message = SqsMessage::default();
        message.message_id = Some("m1".to_owned());
        message.body = Some("{}".to_owned());
        for (name, value) in [
            (GROUP, "demo:sink:7"),
            (SEQUENCE_NUMBER, "42"),
            (RECEIVE_COUNT, "3"),
        ] {
            message.attributes.insert(name.to_owned(), value.to_owned());
        }
        message
    }

    #[test]
    fn attributes_are_parsed() {
        let received = ReceivedMessage::read(handed_out());
        assert_eq!((received.lane(), received.handed_out), (7, 3));
        assert_eq!(received.sequence_number.as_deref(), Some("42"));
        assert_eq!(received.task(), None);
    }

    #[test]
    fn without_attributes_it_is_the_first_receive_in_the_first_lane() {
        let received = ReceivedMessage::read(SqsMessage::default());
        assert_eq!((received.lane(), received.handed_out), (0, 1));
        assert_eq!(received.sequence_number, None);
    }

    #[test]
    fn a_message_returned_by_redrive_keeps_its_original_lane() {
        let mut message = handed_out();
        let mut former = SqsMessageAttribute::default();
        former.string_value = Some("demo:sink:9".to_owned());
        message.message_attributes.insert(LANE.to_owned(), former);
        assert_eq!(ReceivedMessage::read(message).lane(), 9);
    }
}
