//! Claims and bookings of two shipments that are ordered together: both are written, or neither.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put};
use jiff::Timestamp;
use serde_bytes::ByteBuf;

use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_record::{SeenClaim, ShipmentRecord};
use crate::domain::facts::ShipmentFacts;
use crate::domain::shipment_id::ShipmentId;
use crate::store::booking::in_doubt::{BEGINS, Begins as _};
use crate::store::booking::open_shipments::claimed;
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::items::attributes;
use crate::store::transaction::{Part, write};

/// What happens to the claim of one of two shipments.
#[derive(Debug)]
pub enum ClaimChange<'a> {
    /// The order is claimed for the first time.
    First(&'a ShipmentRecord),
    /// The order is claimed in place of an earlier claim.
    Again(SeenClaim<'a>, &'a ShipmentRecord),
    /// A new holder takes over the claim, until its lease expires.
    TakeOver(SeenClaim<'a>, &'a str, Timestamp),
    /// Nothing, but it must still be as it was read.
    Keep(SeenClaim<'a>),
}

/// The booking of one of two shipments.
#[derive(Debug)]
pub struct BookedTogether<'a> {
    /// The shipment.
    pub id: &'a ShipmentId,
    /// Its claim.
    pub seen: SeenClaim<'a>,
    /// Its facts before the booking.
    pub facts: ShipmentFacts,
    /// The booking.
    pub booking: &'a Booking,
    /// Its packed request, which is kept for a return of the shipment.
    pub request: Option<ByteBuf>,
}

impl Shipments {
    /// Changes the claims of both shipments; `false` if another request changed one of them first.
    pub async fn claim_together(
        &self,
        changes: [(&ShipmentId, ClaimChange<'_>); 2],
    ) -> Result<bool, StoreFailure> {
        let parts = changes
            .iter()
            .map(|(id, change)| self.claim_part(id, change));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        write(&self.client, parts).await
    }

    fn claim_part(&self, id: &ShipmentId, change: &ClaimChange<'_>) -> Result<Part, StoreFailure> {
        match change {
            ClaimChange::First(claim) => {
                let put = Put::builder()
                    .table_name(&self.table)
                    .set_item(Some(claimed(id, claim)?))
                    .condition_expression("attribute_not_exists(pk) OR standing = :observed")
                    .expression_attribute_values(":observed", standing(Standing::Observed));
                Ok(put.build()?.into())
            }
            ClaimChange::Again(seen, claim) => {
                let put = Put::builder()
                    .table_name(&self.table)
                    .set_item(Some(claimed(id, claim)?))
                    .condition_expression(UNCHANGED)
                    .expression_attribute_values(":seen", standing(seen.standing))
                    .expression_attribute_values(":holder", text(seen.holder));
                Ok(put.build()?.into())
            }
            ClaimChange::TakeOver(seen, holder, until) => {
                let until = AttributeValue::N(until.as_millisecond().to_string());
                let update = self
                    .expected(id, *seen)
                    .update_expression(format!(
                        "SET standing = :claimed, holder = :new, leaseUntil = :until, {BEGINS} REMOVE refusal"
                    ))
                    .in_doubt(id)
                    .expression_attribute_values(":claimed", standing(Standing::Claimed))
                    .expression_attribute_values(":new", text(holder))
                    .expression_attribute_values(":until", until);
                Ok(update.build()?.into())
            }
            ClaimChange::Keep(seen) => {
                let check = ConditionCheck::builder()
                    .table_name(&self.table)
                    .set_key(Some(attributes(&id.key())))
                    .condition_expression(UNCHANGED)
                    .expression_attribute_values(":seen", standing(seen.standing))
                    .expression_attribute_values(":holder", text(seen.holder));
                Ok(check.build()?.into())
            }
        }
    }

    /// Records both bookings with their finders; `false` if something prevents one of them. Then nothing is written, and
    /// each is recorded alone, which says what prevents it.
    pub async fn book_together(
        &self,
        bookings: [BookedTogether<'_>; 2],
    ) -> Result<bool, StoreFailure> {
        let [first, second] = &bookings;
        if first.booking.awb == second.booking.awb {
            return Ok(false);
        }
        let mut parts = Vec::new();
        for booked in &bookings {
            let BookedTogether {
                id,
                seen,
                booking,
                request,
                ..
            } = booked;
            let facts = booked.facts.clone().booked(booking);
            let mut change = self.booking_change(id, *seen, &facts, booking)?;
            change.also.extend(self.kept(id, request.clone())?);
            parts.extend(self.parts(&change)?);
        }
        write(&self.client, parts).await
    }
}

/// The claim has the state and the holder that were read.
const UNCHANGED: &str = "standing = :seen AND holder = :holder";

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}
