//! The messages that tell a warehouse's results of a return order: one for the system that ordered it and one for the
//! returns system, with the same body.

use crate::contract::messages::return_order_ack::ReturnOrderAckBody;
use crate::domain::message::{Message, MessageKind, MessageSubject, Routing};
use crate::domain::returning::processing::ReturnProcessing;
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::text::{ClientId, NotAllowed};

/// Why there are no messages, both of which are bugs.
#[derive(Debug, thiserror::Error)]
pub enum NoProcessingMessages {
    /// The body cannot be serialised.
    #[error("the body cannot be serialised")]
    NotSerialised(#[from] serde_json::Error),
    /// The code cannot be the subject of a message.
    #[error("the code of the return order cannot be a subject")]
    NoSubject(#[from] NotAllowed),
}

/// For the system that ordered the return, and for the returns system.
const KINDS: [MessageKind; 2] = [
    MessageKind::ReturnOrderAck,
    MessageKind::ReturnsProcessingUpdate,
];

/// The messages of a call. `round` counts the return orders that had this code before. The same call about the same
/// return order always makes the same messages.
pub fn processing_messages<'a>(
    client_id: &'a ClientId,
    order: &'a ReturnOrder,
    round: u32,
    call: &ReturnProcessing,
) -> Result<Vec<Message<'a>>, NoProcessingMessages> {
    let body = serde_json::to_string(&ReturnOrderAckBody::of(order, &call.items))?;
    let subject = MessageSubject::ReturnOrder(order.return_order_code.order_number()?);
    let message = |kind| Message {
        client_id,
        routing: Routing {
            kind,
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: Some(&order.location_code),
        },
        subject: subject.clone(),
        identity: vec![round.to_string(), call.message_identity.clone()],
        content: String::new(),
        correction: call.correction,
        body: body.clone(),
    };
    Ok(KINDS.map(message).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::message_keys::MessageKey;

    fn order() -> ReturnOrder {
        serde_json::from_value(json!({
            "returnOrderCode": "R/1 #?%", "forwardOrderCode": "F1", "locationCode": "wh-1",
            "items": [{ "itemCode": "a", "reason": "x", "channelSkuCode": "s" }],
            "orderType": "CUSTOMER_RETURN",
        }))
        .unwrap()
    }

    fn call(correction: bool) -> ReturnProcessing {
        let items = json!([{ "itemCode": "a", "qcStatus": "PASS" }]);
        ReturnProcessing::new(serde_json::from_value(items).unwrap(), None, correction)
    }

    fn ids(order: &ReturnOrder, round: u32, call: &ReturnProcessing) -> Vec<String> {
        let client = "demo".parse().unwrap();
        let messages = processing_messages(&client, order, round, call).unwrap();
        messages
            .iter()
            .map(|message| MessageKey::of(message).message_id())
            .collect()
    }

    #[test]
    fn both_systems_get_the_same_body_about_the_return_order() {
        let (client, order) = ("demo".parse().unwrap(), order());
        let messages = processing_messages(&client, &order, 0, &call(true)).unwrap();
        let [ack, update] = messages.as_slice() else {
            panic!("two messages")
        };
        assert_eq!(ack.routing.kind, MessageKind::ReturnOrderAck);
        assert_eq!(update.routing.kind, MessageKind::ReturnsProcessingUpdate);
        assert_eq!((&ack.body, &ack.subject), (&update.body, &update.subject));
        assert_eq!(ack.subject.code(), "R/1 #?%");
        assert_eq!(ack.routing.warehouse, Some(&order.location_code));
        assert!(ack.correction && update.correction);
    }

    #[test]
    fn a_repeat_has_the_same_ids_and_another_call_or_round_has_others() {
        let order = order();
        let first = ids(&order, 0, &call(false));
        assert_eq!(ids(&order, 0, &call(false)), first);
        let mut all = [
            first,
            ids(&order, 1, &call(false)),
            ids(&order, 0, &call(true)),
        ]
        .concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6);
    }
}
