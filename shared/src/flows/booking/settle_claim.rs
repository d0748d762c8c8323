//! An operator settles a claim with an unknown outcome.

use std::time::Duration;

use jiff::Timestamp;

use crate::contract::settlement::Settlement;
use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::claim_use::SettleClaim;
use crate::domain::client::Caller;
use crate::domain::given_id::{GivenId, TakeOver, TakenId};
use crate::domain::shipment_id::ShipmentId;
use crate::flows::booking::traced::name_shipment;
use crate::flows::failure::FlowFailure;
use crate::store::booking::given_ids::Recorded;
use crate::store::booking::shipments::Shipments;

/// How a claim is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is only one at a time, and it is moved at once: a box has no benefit"
)]
pub enum Settled {
    /// This was booked.
    Booked(Booking),
    /// Nothing was booked: the order number is free.
    Released,
}

/// Settles a claim. A settlement that matches the record changes nothing.
pub async fn settle_claim(
    shipments: &Shipments,
    caller: &Caller,
    settlement: &Settlement,
    now: Timestamp,
) -> Result<Settled, FlowFailure> {
    let id = ShipmentId {
        client_id: caller.client_id.clone(),
        shipment_type: settlement.shipment_type,
        order_number: settlement.order_number.clone(),
        shipment_code: settlement.shipment_code.clone(),
    };
    name_shipment(&id);
    let shipment = shipments
        .get(&id)
        .await?
        .ok_or(FlowFailure::NotFound("order not found"))?;
    match shipment.state(now).settle(settlement.booking.is_some()) {
        SettleClaim::Record => settle(shipments, &id, &shipment, settlement).await,
        SettleClaim::Compare => agree(&shipment, settlement),
        SettleClaim::AlreadyReleased => Ok(Settled::Released),
        SettleClaim::InProgress => Err(in_progress()),
        SettleClaim::NotUncertain => Err(contradiction(
            "/orderNumber",
            "the outcome of this order is not uncertain",
        )),
    }
}

async fn settle(
    shipments: &Shipments,
    id: &ShipmentId,
    shipment: &ShipmentRecord,
    settlement: &Settlement,
) -> Result<Settled, FlowFailure> {
    let (seen, facts) = (shipment.seen(), &shipment.facts);
    let settled = match &settlement.booking {
        None => shipments.stand(id, seen, Standing::Released).await?,
        Some(booking) => {
            let take_over = settlement.take_over;
            match shipments.book(id, seen, facts, booking, take_over).await? {
                Recorded::Done => true,
                Recorded::Outrun => false,
                Recorded::Taken(taken) => return Err(belongs_to_another(&taken)),
            }
        }
    };
    tracing::info!(
        alias = %shipment.facts.alias,
        standing = %shipment.standing,
        booked = settlement.booking.is_some(),
        taken_over = settlement.take_over == TakeOver::AsToldByAnOperator,
        settled,
        "claim settled by an operator"
    );
    if !settled {
        return Err(in_progress());
    }
    Ok(settlement
        .booking
        .clone()
        .map_or(Settled::Released, Settled::Booked))
}

fn agree(shipment: &ShipmentRecord, settlement: &Settlement) -> Result<Settled, FlowFailure> {
    let recorded = shipment.booking();
    match (recorded, &settlement.booking) {
        (Some(recorded), Some(said)) if recorded.awb == said.awb => Ok(Settled::Booked(recorded)),
        (Some(_) | None, Some(_) | None) => Err(contradiction(
            "/awb",
            "this order is booked under another AWB",
        )),
    }
}

fn belongs_to_another(taken: &TakenId) -> FlowFailure {
    let pointer = match taken.given {
        GivenId::Awb(_) => "/awb",
        GivenId::OrderId(_) => "/orderId",
    };
    let owner = taken.owner();
    contradiction(
        pointer,
        &format!("{owner} has it; if it belongs to this order, set takeOver to true"),
    )
}

fn contradiction(pointer: &str, detail: &str) -> FlowFailure {
    FlowFailure::of_field(pointer, detail.to_owned())
}

fn in_progress() -> FlowFailure {
    FlowFailure::InProgress(Duration::from_secs(1))
}
