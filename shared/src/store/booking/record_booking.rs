//! Records what an aggregator answered: the shipment's own item and the finders of its ids, in one write.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Update};
use serde_bytes::ByteBuf;
use serde_dynamo::to_attribute_value;

use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_record::SeenClaim;
use crate::domain::facts::ShipmentFacts;
use crate::domain::given_id::{GivenId, TakeOver};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::AggregatorOrderId;
use crate::store::booking::given_ids::{ChangeWithIds, IdWrite, Recorded};
use crate::store::booking::in_doubt::ENDS;
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::items::attributes;

/// A step in an aggregator's sequence of calls.
#[derive(Debug, Clone, Copy)]
pub struct KeptStep<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its result, as the adapter reads it again.
    pub value: &'a str,
    /// The id in the result.
    pub given: &'a GivenId,
}

/// A booking as it is recorded.
#[derive(Debug, Clone, Copy)]
pub struct NewBooking<'a> {
    /// The facts of the shipment without it.
    pub facts: &'a ShipmentFacts,
    /// The booking.
    pub booking: &'a Booking,
}

impl Shipments {
    /// Records a booking and its finders in one transaction.
    pub async fn book(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        facts: &ShipmentFacts,
        booking: &Booking,
        take_over: TakeOver,
    ) -> Result<Recorded, StoreFailure> {
        let booked = NewBooking { facts, booking };
        self.book_with(id, seen, booked, take_over, None).await
    }

    /// The same with the packed request, which is kept for a return of the shipment.
    pub async fn book_with(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        booked: NewBooking<'_>,
        take_over: TakeOver,
        request: Option<ByteBuf>,
    ) -> Result<Recorded, StoreFailure> {
        let NewBooking { facts, booking } = booked;
        let facts = facts.clone().booked(booking);
        let mut change = self.booking_change(id, seen, &facts, booking)?;
        change.also.extend(self.kept(id, request)?);
        self.change_with_ids(change, take_over).await
    }

    /// A booking and its finders; `facts` are those after the booking.
    pub(super) fn booking_change<'a>(
        &self,
        id: &'a ShipmentId,
        seen: SeenClaim<'_>,
        facts: &'a ShipmentFacts,
        booking: &Booking,
    ) -> Result<ChangeWithIds<'a>, StoreFailure> {
        let order_id = facts.order_id.clone().map(GivenId::OrderId);
        let awb = GivenId::Awb(booking.awb.clone());
        Ok(ChangeWithIds {
            id,
            facts,
            change: self.booked(id, seen, facts, booking)?,
            ids: order_id
                .into_iter()
                .chain([awb])
                .map(IdWrite::Find)
                .collect(),
            also: Vec::new(),
        })
    }

    /// Records that the order exists at the aggregator, with its id in `facts`.
    pub async fn order(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        facts: &ShipmentFacts,
        order_id: &AggregatorOrderId,
    ) -> Result<Recorded, StoreFailure> {
        let facts = facts.clone().ordered(order_id);
        let update = self
            .expected(id, seen)
            .update_expression(format!(
                "SET standing = :now, facts.orderId = :order REMOVE leaseUntil, {ENDS}"
            ))
            .expression_attribute_values(":now", standing(Standing::Ordered))
            .expression_attribute_values(":order", AttributeValue::S(order_id.to_string()));
        let change = ChangeWithIds {
            id,
            facts: &facts,
            change: update.build()?,
            ids: vec![IdWrite::Find(GivenId::OrderId(order_id.clone()))],
            also: Vec::new(),
        };
        self.change_with_ids(change, TakeOver::Never).await
    }

    /// Stores the result of a step in an aggregator's sequence of calls. The next step uses its id, so no other order
    /// may have it.
    pub async fn keep(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        facts: &ShipmentFacts,
        step: KeptStep<'_>,
    ) -> Result<Recorded, StoreFailure> {
        let update = self
            .expected(id, seen)
            .update_expression("SET progress.#step = :value")
            .expression_attribute_names("#step", step.name)
            .expression_attribute_values(":value", AttributeValue::S(step.value.to_owned()));
        let (facts, write) = match step.given {
            GivenId::OrderId(order_id) => {
                let given = GivenId::OrderId(order_id.clone());
                (facts.clone().ordered(order_id), IdWrite::Find(given))
            }
            // Only a recorded booking decides about pushes: until then a push can settle the claim.
            GivenId::Awb(awb) => (facts.clone(), IdWrite::Check(GivenId::Awb(awb.clone()))),
        };
        let change = ChangeWithIds {
            id,
            facts: &facts,
            change: update.build()?,
            ids: vec![write],
            also: Vec::new(),
        };
        self.change_with_ids(change, TakeOver::Never).await
    }

    pub(super) fn expected(&self, id: &ShipmentId, seen: SeenClaim<'_>) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .condition_expression("standing = :seen AND holder = :holder")
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()))
    }

    fn booked(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        facts: &ShipmentFacts,
        booking: &Booking,
    ) -> Result<Update, StoreFailure> {
        let urls = [
            ("labelUrl", ":label", &booking.label_url),
            (
                "commercialInvoiceUrl",
                ":invoice",
                &booking.commercial_invoice_url,
            ),
        ];
        let urls: Vec<_> = urls
            .into_iter()
            .filter_map(|(name, value, url)| Some((name, value, url.as_ref()?.to_string())))
            .collect();
        let own_ids = booking.own_ids.iter().enumerate();
        let own_ids: Vec<_> = own_ids
            .map(|(index, (name, id))| (format!("#own{index}"), format!(":own{index}"), name, id))
            .collect();
        let set_urls = urls
            .iter()
            .map(|(name, value, _)| format!(", {name} = {value}"));
        let set_ids = own_ids
            .iter()
            .map(|(name, value, _, _)| format!(", progress.{name} = {value}"));
        let set_more: String = set_urls.chain(set_ids).collect();
        let update = self
            .expected(id, seen)
            .update_expression(format!(
                "SET standing = :booked, facts = :facts{set_more} REMOVE leaseUntil, askedFor, refusal, {ENDS}"
            ))
            .expression_attribute_values(":booked", standing(Standing::Booked))
            .expression_attribute_values(":facts", to_attribute_value(facts)?);
        let update = urls.into_iter().fold(update, |update, (_, value, url)| {
            update.expression_attribute_values(value, AttributeValue::S(url))
        });
        let update = own_ids
            .into_iter()
            .fold(update, |update, (name, value, own, id)| {
                update
                    .expression_attribute_names(name, own)
                    .expression_attribute_values(value, AttributeValue::S(id.clone()))
            });
        Ok(update.build()?)
    }
}
