//! The messages about outbound orders: the order for the OMS, and its results for the client.

use serde_json::value::RawValue;

use crate::contract::messages::outbound_confirmation::{OutboundConfirmationBody, OutboundStatus};
use crate::contract::messages::outbound_order::OutboundOrderBody;
use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::outbound_order::{OmsResult, OutboundOrder};
use crate::domain::fulfilling::requested::RequestedOrder;
use crate::domain::message::{Message, MessageKind, MessageSubject, Routing};
use crate::domain::text::{ClientId, WarehouseCode};

/// The order of a group, for the OMS. One order is one message.
pub fn order_message<'a>(
    client_id: &'a ClientId,
    group: &GroupKey,
    order: &'a RequestedOrder,
) -> Result<Message<'a>, serde_json::Error> {
    let document: &RawValue = serde_json::from_str(order.document.expose())?;
    let body = OutboundOrderBody {
        group_key: group.as_str(),
        order: document,
    };
    Ok(Message {
        client_id,
        routing: routing(MessageKind::OutboundOrder, Some(&order.warehouse)),
        subject: MessageSubject::SalesOrder(order.number.clone()),
        identity: Vec::new(),
        content: order.content.clone(),
        correction: false,
        body: serde_json::to_string(&body)?,
    })
}

/// The OMS's result of an order, for the client. An order has one.
pub fn result_message<'a>(
    client_id: &'a ClientId,
    order: &OutboundOrder,
    result: &OmsResult,
) -> Result<Message<'a>, serde_json::Error> {
    let error = match result {
        OmsResult::Confirmed => None,
        OmsResult::Failed(reason) => Some(reason.clone()),
    };
    confirmation(client_id, order, OutboundStatus::from(result), error)
}

/// That the OMS did not confirm an order in time, for the client. An order has one.
pub fn unconfirmed_message<'a>(
    client_id: &'a ClientId,
    order: &OutboundOrder,
) -> Result<Message<'a>, serde_json::Error> {
    confirmation(client_id, order, OutboundStatus::Unconfirmed, None)
}

fn confirmation<'a>(
    client_id: &'a ClientId,
    order: &OutboundOrder,
    status: OutboundStatus,
    error: Option<String>,
) -> Result<Message<'a>, serde_json::Error> {
    // The first result is the only one, so its message does not depend on what it is.
    let identity = match status {
        OutboundStatus::Confirmed | OutboundStatus::Failed => "RESULT",
        OutboundStatus::Unconfirmed => "UNCONFIRMED",
    };
    let body = serde_json::to_string(&OutboundConfirmationBody {
        group_key: order.group.to_string(),
        so_number: order.number.to_string(),
        status,
        error,
    })?;
    Ok(Message {
        client_id,
        routing: routing(MessageKind::OutboundConfirmation, None),
        subject: MessageSubject::SalesOrder(order.number.clone()),
        identity: vec![identity.to_owned()],
        content: body.clone(),
        correction: false,
        body,
    })
}

fn routing(kind: MessageKind, warehouse: Option<&WarehouseCode>) -> Routing<'_> {
    Routing {
        kind,
        notification_type: None,
        shipment_type: None,
        alias: None,
        warehouse,
    }
}
