//! Updates a shipment from a push.

use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booking, MetaData};
use crate::domain::claim::Standing;
use crate::domain::claim_record::{SeenClaim, ShipmentRecord};
use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::PushedEvent;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::store::failure::StoreFailure;

/// Records an unknown shipment, and settles a claim with an unknown outcome: the push proves that it was booked.
pub(in crate::flows::notifying) async fn learn(
    dependencies: &PushDependencies,
    account: &LogisticAccount,
    event: &PushedEvent,
    resolved: &Resolved,
) -> Result<(), StoreFailure> {
    if resolved.is_unknown() {
        let observed = observed(account, event, resolved);
        return dependencies
            .shipments
            .observe(&resolved.id, &observed)
            .await;
    }
    let (Some(known), Some(awb)) = (resolved.uncertain(&account.alias), event.shipment.awb())
    else {
        return Ok(());
    };
    let carrier_name = match &event.shipment.returning {
        Some(returning) => returning.carrier_name.clone(),
        None => event.shipment.carrier_name.clone(),
    };
    let booking = Booking {
        order_id: None,
        awb: awb.clone(),
        carrier_name,
        label_url: None,
        commercial_invoice_url: None,
        meta_data: event.meta_data.clone(),
        own_ids: event.own_ids.clone(),
    };
    let seen = SeenClaim {
        standing: Standing::Uncertain,
        holder: known.holder.as_deref().unwrap_or_default(),
    };
    let settled = dependencies
        .shipments
        .book(&resolved.id, seen, &known.facts, &booking)
        .await?;
    tracing::info!(
        order_number = %resolved.id.order_number,
        shipment_type = %resolved.id.shipment_type,
        settled,
        "claim settled by a notification"
    );
    Ok(())
}

fn observed(account: &LogisticAccount, event: &PushedEvent, resolved: &Resolved) -> ShipmentRecord {
    let returning = event.shipment.returning.as_ref();
    ShipmentRecord {
        facts: ShipmentFacts {
            order_number: resolved.id.order_number.clone(),
            shipment_code: resolved.id.shipment_code.clone(),
            shipment_type: resolved.id.shipment_type,
            alias: account.alias.clone(),
            aggregator: account.aggregator.clone(),
            order_id: None,
            awb: event.shipment.awb().cloned(),
            carrier_name: returning
                .map_or(&event.shipment.carrier_name, |returning| {
                    &returning.carrier_name
                })
                .clone(),
            warehouse: event.warehouse.clone(),
            ordered_at: None,
            items: Vec::new(),
            meta_data: MetaData::new(),
        },
        standing: Standing::Observed,
        content: None,
        holder: String::new(),
        lease_until: None,
        progress: std::collections::BTreeMap::new(),
        round: 1,
        asked_for: None,
        label_url: None,
        commercial_invoice_url: None,
    }
}
