//! Sample messages, deliveries and return orders to store in the tables.

use anyhow::ensure;
use jiff::Timestamp;
use logistics::domain::booking::MetaData;
use logistics::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, DeliveryState};
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::message::{Message, MessageKind, MessageSubject, Routing, SubjectKind};
use logistics::domain::notification::NotificationType;
use logistics::domain::returning::return_order::ReturnOrder;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::message_keys::MessageKey;
use logistics::store::messaging::kind_index::KindPlace;
use logistics::store::messaging::messages::StoredMessage;
use logistics::store::notifying::notifications::StoredNotification;
use logistics::store::packed::pack;
use logistics::store::returning::return_orders::{NewReturn, ReturnOrders};
use serde_json::json;

/// A shipment id from plain strings.
pub fn shipment(
    client: &str,
    order_number: &str,
    shipment_type: ShipmentType,
    code: Option<&str>,
) -> anyhow::Result<ShipmentId> {
    Ok(ShipmentId {
        client_id: client.parse()?,
        shipment_type,
        order_number: order_number.parse()?,
        shipment_code: code.map(str::parse).transpose()?,
    })
}

/// The facts of a shipment before its booking.
pub fn facts(
    shipment: &ShipmentId,
    alias: &str,
    aggregator: &str,
) -> anyhow::Result<ShipmentFacts> {
    Ok(ShipmentFacts {
        order_number: shipment.order_number.clone(),
        shipment_code: shipment.shipment_code.clone(),
        shipment_type: shipment.shipment_type,
        alias: alias.parse()?,
        aggregator: aggregator.parse()?,
        order_id: None,
        awb: None,
        carrier_name: None,
        warehouse: None,
        ordered_at: None,
        items: Vec::new(),
        meta_data: MetaData::new(),
        return_of: None,
    })
}

/// A notification received at `at` about an event one minute earlier; without bodies.
pub fn notification(shipment: &ShipmentId, at: i64) -> anyhow::Result<StoredNotification> {
    Ok(StoredNotification {
        order_number: shipment.order_number.clone(),
        shipment_code: shipment.shipment_code.clone(),
        awb: None,
        round: None,
        contradicts: None,
        alias: Some("clickpost".parse()?),
        by_rms: false,
        aggregator: Some("CLICKPOST".parse()?),
        status: "ACCEPTED".to_owned(),
        test: false,
        unread: Vec::new(),
        pushed_type: "8".to_owned(),
        notification_type: Some(NotificationType::Delivered),
        mapped_by_account: false,
        replayed_at: None,
        received_at: at,
        occurred_at: Some(at - 60_000),
        request_id: None,
        raw: Vec::new().into(),
        raw_length: None,
        payload: None,
        sent_to: Vec::new(),
        expires_at: None,
        unmapped: None,
        exception: None,
        writer: fastrand::u64(..),
        occurrences: 0,
        newest_at: at,
    })
}

/// A message accepted at `at` that corrects an earlier one about the return order with this code, with this body.
pub fn correction(
    client: &str,
    code: &str,
    at: i64,
    body: &str,
) -> anyhow::Result<(MessageKey, StoredMessage)> {
    let client_id = client.parse()?;
    let kind = MessageKind::ReturnOrderAck;
    let subject = MessageSubject::new(SubjectKind::ReturnOrder, code)?;
    let key = MessageKey::of(&Message {
        client_id: &client_id,
        routing: Routing {
            kind,
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: None,
        },
        subject: subject.clone(),
        identity: Vec::new(),
        content: String::new(),
        correction: true,
        body: body.to_owned(),
    });
    let stored = StoredMessage {
        subject: subject.code().to_owned(),
        subject_kind: subject.kind(),
        created_at: at,
        request_id: None,
        content: String::new(),
        correction: true,
        payload: pack(body.as_bytes())?,
        sent_to: Vec::new(),
        expires_at: None,
        writer: fastrand::u64(..),
        place: KindPlace::new(&client_id, kind, at),
    };
    Ok((key, stored))
}

/// The records of a delivery after each of its attempts. All attempts were rejected at `at` and left these states.
pub fn attempted(at: i64, states: &[DeliveryState]) -> Vec<DeliveryRecord> {
    let attempt = Attempt {
        at,
        duration_ms: 7,
        end: AttemptEnd::Rejected,
        cause: None,
        status: Some(422),
    };
    let after = |record: &mut DeliveryRecord, state: &DeliveryState| {
        *record = record.clone().after(attempt.clone(), *state);
        Some(record.clone())
    };
    states
        .iter()
        .scan(DeliveryRecord::new(None), after)
        .collect()
}

/// A return order with these pieces; the SKU of each is its code behind `sku-`.
pub fn return_order(code: &str, items: &[&str]) -> anyhow::Result<ReturnOrder> {
    let item = |code: &&str| {
        json!({
            "itemCode": code, "reason": "Different size", "channelSkuCode": format!("sku-{code}"),
        })
    };
    Ok(serde_json::from_value(json!({
        "returnOrderCode": code, "forwardOrderCode": "forwardOrder1", "locationCode": "Wid234",
        "items": items.iter().map(item).collect::<Vec<_>>(), "orderType": "CUSTOMER_RETURN",
    }))?)
}

/// Stores a new return order of a client.
pub async fn add_return_order(
    returns: &ReturnOrders,
    client: &str,
    order: &ReturnOrder,
) -> anyhow::Result<()> {
    let new = NewReturn {
        order,
        created_at: Timestamp::now(),
        content: "",
        replaces: None,
    };
    let is_new = returns.create(&client.parse()?, &new, []).await?;
    ensure!(is_new, "its code is in use");
    Ok(())
}
