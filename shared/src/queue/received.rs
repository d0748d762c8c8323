//! A message of the delivery queue as it was handed out: what the queue says of it by its attributes, read.

use aws_lambda_events::event::sqs::SqsMessage;

use crate::queue::dead_letter::LANE;
use crate::queue::task::{DeliveryTask, Task};

/// A message that was handed out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// Its id in the queue.
    pub message_id: String,
    /// Its body as it came.
    pub body: String,
    /// The group that it was sent to. One that the queue's own redrive brought back is in a group of its own, and has the
    /// former one beside its body.
    pub group: String,
    /// Its place in the queue; absent where the queue does not tell it.
    pub sequence_number: Option<String>,
    /// How often it was handed out, this time included.
    pub handed_out: u32,
}

impl ReceivedMessage {
    /// Reads what the queue says of a message.
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

    /// The lane that it was sent into, which its group ends with.
    pub fn lane(&self) -> u16 {
        let number = self.group.rsplit(':').next();
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// What is to be delivered; `None` if this version cannot read it.
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
    fn the_queue_s_attributes_become_values() {
        let received = ReceivedMessage::read(handed_out());
        assert_eq!((received.lane(), received.handed_out), (7, 3));
        assert_eq!(received.sequence_number.as_deref(), Some("42"));
        assert_eq!(received.task(), None);
    }

    #[test]
    fn what_the_queue_does_not_say_is_the_first_time_in_the_first_lane() {
        let received = ReceivedMessage::read(SqsMessage::default());
        assert_eq!((received.lane(), received.handed_out), (0, 1));
        assert_eq!(received.sequence_number, None);
    }

    #[test]
    fn what_the_queue_s_own_redrive_brought_back_is_in_its_former_lane() {
        let mut message = handed_out();
        let mut former = SqsMessageAttribute::default();
        former.string_value = Some("demo:sink:9".to_owned());
        message.message_attributes.insert(LANE.to_owned(), former);
        assert_eq!(ReceivedMessage::read(message).lane(), 9);
    }
}
