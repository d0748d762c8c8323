//! The shipments of AWBs, and the changes that pushes make to a booking. Each AWB has a finder, which is written when
//! the AWB is booked or first pushed.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure, Update};
use jiff::Timestamp;
use serde_dynamo::to_attribute_value;

use crate::domain::claim::Standing;
use crate::domain::facts::ShipmentFacts;
use crate::domain::given_id::{GivenId, TakeOver, TakenId};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{Awb, ClientId};
use crate::store::attributes::written;
use crate::store::booking::given_ids::{ChangeWithIds, IdWrite, Recorded};
use crate::store::booking::shipments::{FoundShipment, Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item};
use crate::store::keys::by_awb;

/// The booking of a push, as a write expects it.
#[derive(Debug, Clone, Copy)]
pub struct BookingOfPush<'a> {
    /// The shipment.
    pub id: &'a ShipmentId,
    /// Its facts: the pushing account and the AWB.
    pub facts: &'a ShipmentFacts,
}

impl Shipments {
    /// Binds a pushed AWB to a shipment. An AWB that is booked, or that was first pushed for another order, stays with
    /// that order, which is returned.
    pub async fn bind(
        &self,
        client: &ClientId,
        facts: &ShipmentFacts,
        awb: &Awb,
        pushed_at: Timestamp,
    ) -> Result<Option<TakenId>, StoreFailure> {
        let key = by_awb(client, awb, &facts.alias, facts.shipment_type);
        let pushed_at = pushed_at.as_millisecond().to_string();
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(attributes(&key)))
            .item("facts", to_attribute_value(facts)?)
            .item("pushedAt", AttributeValue::N(pushed_at))
            // A push without an order number is recorded under its AWB.
            .condition_expression(
                "attribute_not_exists(pk) OR (attribute_exists(pushedAt) AND facts.orderNumber IN (:order, :awb))",
            )
            .expression_attribute_values(":order", AttributeValue::S(facts.order_number.to_string()))
            .expression_attribute_values(":awb", AttributeValue::S(awb.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = self.client.put_new(put).await;
        match put.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(None),
            Err(PutItemError::ConditionalCheckFailedException(met)) => {
                let met = met.item.ok_or(StoreFailure::MissingItem)?;
                let met: FoundShipment = from_item(met)?;
                let taken = TakenId {
                    given: GivenId::Awb(awb.clone()),
                    to: facts.id(client),
                    of: met.facts.id(client),
                };
                Ok(Some(taken).filter(|taken| taken.to != taken.of))
            }
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    /// Records the new AWB of a booked shipment and keeps the former one as an earlier AWB. The label is removed,
    /// because it belongs to the former AWB.
    pub async fn replace_awb(
        &self,
        booking: BookingOfPush<'_>,
        awb: &Awb,
        carrier_name: Option<&str>,
    ) -> Result<Recorded, StoreFailure> {
        let Some(former) = &booking.facts.awb else {
            return Ok(Recorded::Outrun);
        };
        let facts = ShipmentFacts {
            awb: Some(awb.clone()),
            carrier_name: carrier_name.map(ToOwned::to_owned),
            ..booking.facts.clone()
        };
        let list = |items| AttributeValue::L(items);
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&booking.id.key())))
            .condition_expression("standing = :booked AND facts.alias = :alias AND facts.awb = :former")
            .update_expression(
                "SET facts = :facts, earlierAwbs = list_append(if_not_exists(earlierAwbs, :none), :one) \
                 REMOVE labelUrl, commercialInvoiceUrl",
            )
            .expression_attribute_values(":booked", standing(Standing::Booked))
            .expression_attribute_values(":alias", AttributeValue::S(facts.alias.to_string()))
            .expression_attribute_values(":former", AttributeValue::S(former.to_string()))
            .expression_attribute_values(":facts", to_attribute_value(&facts)?)
            .expression_attribute_values(":none", list(Vec::new()))
            .expression_attribute_values(
                ":one",
                list(vec![AttributeValue::S(former.to_string())]),
            )
            .build()?;
        let order_id = facts.order_id.clone().map(GivenId::OrderId);
        let awb = GivenId::Awb(awb.clone());
        let change = ChangeWithIds {
            id: booking.id,
            facts: &facts,
            change: update,
            ids: order_id
                .into_iter()
                .chain([awb])
                .map(IdWrite::Find)
                .collect(),
            also: Vec::new(),
        };
        self.change_with_ids(change, TakeOver::Never).await
    }

    /// Records the pushed cancellation of a booked shipment or of an order without an AWB, also a queued one; `false` if it has another
    /// AWB or was booked again. Without an AWB the push is about `round`, if given.
    pub async fn cancelled_by_push(
        &self,
        booking: BookingOfPush<'_>,
        awb: Option<&Awb>,
        round: Option<u32>,
        at: Timestamp,
    ) -> Result<bool, StoreFailure> {
        let mut conditions = vec![
            "standing IN (:booked, :ordered, :pending)",
            "facts.alias = :alias",
        ];
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&booking.id.key())))
            .update_expression(
                "SET standing = :now, cancelledAt = :at REMOVE leaseUntil, openOf, openAt, uncertain, uncertainAt",
            )
            .expression_attribute_values(":at", AttributeValue::N(at.as_millisecond().to_string()))
            .expression_attribute_values(":now", standing(Standing::Cancelled))
            .expression_attribute_values(":booked", standing(Standing::Booked))
            .expression_attribute_values(":ordered", standing(Standing::Ordered))
            .expression_attribute_values(":pending", standing(Standing::Pending))
            .expression_attribute_values(
                ":alias",
                AttributeValue::S(booking.facts.alias.to_string()),
            );
        if let Some(awb) = awb {
            conditions.push("facts.awb = :awb");
            update = update.expression_attribute_values(":awb", AttributeValue::S(awb.to_string()));
        }
        // An order id may be that of an earlier round.
        let order_id = booking.facts.order_id.as_ref();
        if let Some(order_id) = order_id.filter(|_| awb.is_none()) {
            conditions.push("facts.orderId = :orderId");
            let order_id = AttributeValue::S(order_id.to_string());
            update = update.expression_attribute_values(":orderId", order_id);
        }
        if let Some(round) = round.filter(|_| awb.is_none()) {
            conditions.push("#round = :round");
            update = update
                .expression_attribute_names("#round", "round")
                .expression_attribute_values(":round", AttributeValue::N(round.to_string()));
        }
        let update = update.condition_expression(conditions.join(" AND "));
        written(&self.client, update).await
    }
}
