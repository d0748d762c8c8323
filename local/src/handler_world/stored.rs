//! Sample notifications and deliveries to store in the tables.

use logistics::domain::booking::MetaData;
use logistics::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, DeliveryState};
use logistics::domain::facts::ShipmentFacts;
use logistics::domain::notification::NotificationType;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::notifying::notifications::StoredNotification;

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
        alias: "clickpost".parse()?,
        aggregator: Some("CLICKPOST".parse()?),
        status: "ACCEPTED".to_owned(),
        pushed_type: "8".to_owned(),
        notification_type: Some(NotificationType::Delivered),
        received_at: at,
        occurred_at: Some(at - 60_000),
        request_id: None,
        raw: Vec::new().into(),
        payload: None,
        sent_to: Vec::new(),
        expires_at: None,
        unmapped: None,
        writer: fastrand::u64(..),
        occurrences: 0,
        newest_at: at,
    })
}

/// The records of a delivery after each of its attempts. All attempts were rejected at `at` and left these states.
pub fn attempted(at: i64, states: &[DeliveryState]) -> Vec<DeliveryRecord> {
    let attempt = Attempt {
        at,
        duration_ms: 7,
        end: AttemptEnd::Rejected,
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
