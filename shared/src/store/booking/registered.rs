//! The parcels of return orders whose AWBs were made without RMS: pushes find them, and no second AWB is bought for them.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, Update};
use serde_dynamo::to_attribute_value;

use crate::clock;
use crate::domain::claim::Standing;
use crate::domain::claim_record::{SeenClaim, ShipmentRecord};
use crate::domain::facts::ShipmentFacts;
use crate::domain::returning::mark::ReturnMark;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorOrderId};
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, item};
use crate::store::keys::{Key, by_awb, by_order_id};
use crate::store::transaction::Part;

/// The condition that a claim is as it was read.
const AS_SEEN: &str = "standing = :seen AND holder = :holder";

impl Shipments {
    /// The writes of a parcel with an AWB: its record, which replaces the one that was `met`, and a finder for each account
    /// that may push it. They fail if the record was changed, or another order has the AWB.
    pub fn register(
        &self,
        id: &ShipmentId,
        record: &ShipmentRecord,
        met: Option<SeenClaim<'_>>,
        accounts: &[AccountAlias],
    ) -> Result<Vec<Part>, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&id.key(), record)?));
        let put = match met {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => put
                .condition_expression(AS_SEEN)
                .expression_attribute_values(":seen", standing(seen.standing))
                .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned())),
        };
        let own = Part::from(put.build()?);
        let finders = accounts
            .iter()
            .filter_map(|alias| self.finder_of(id, &record.facts, alias).transpose());
        [Ok(own)].into_iter().chain(finders).collect()
    }

    fn finder_of(
        &self,
        id: &ShipmentId,
        facts: &ShipmentFacts,
        alias: &AccountAlias,
    ) -> Result<Option<Part>, StoreFailure> {
        let Some(awb) = &facts.awb else {
            return Ok(None);
        };
        let facts = ShipmentFacts {
            alias: alias.clone(),
            ..facts.clone()
        };
        let key = by_awb(&id.client_id, awb, alias, id.shipment_type);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(attributes(&key)))
            .item("facts", to_attribute_value(&facts)?)
            .condition_expression(
                "attribute_not_exists(pk) OR facts.orderNumber = :order OR attribute_exists(pushedAt)",
            )
            .expression_attribute_values(":order", AttributeValue::S(facts.order_number.to_string()));
        Ok(Some(put.build()?.into()))
    }

    /// The writes that tell a booked parcel and its finders which return order it is of.
    pub fn mark(
        &self,
        id: &ShipmentId,
        met: &ShipmentRecord,
        mark: &ReturnMark,
    ) -> Result<Vec<Part>, StoreFailure> {
        let ShipmentFacts {
            alias,
            awb,
            order_id,
            ..
        } = &met.facts;
        let (client, shipment_type) = (&id.client_id, id.shipment_type);
        let awb = awb
            .as_ref()
            .map(|awb| by_awb(client, awb, alias, shipment_type));
        let order_id = order_id.as_ref().map(AggregatorOrderId::as_str);
        let order_id = order_id.map(|order_id| by_order_id(client, order_id, alias, shipment_type));
        let seen = met.seen();
        let own = self
            .marking(&id.key(), mark)?
            .condition_expression(AS_SEEN)
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()));
        let finders = awb.into_iter().chain(order_id);
        let finders = finders.map(|key| {
            let finder = self.marking(&key, mark)?;
            Ok(finder
                .condition_expression("attribute_exists(pk)")
                .build()?
                .into())
        });
        let own = own.build()?.into();
        [Ok(own)].into_iter().chain(finders).collect()
    }

    fn marking(&self, key: &Key, mark: &ReturnMark) -> Result<UpdateBuilder, StoreFailure> {
        Ok(Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            .update_expression("SET facts.returnOf = :mark")
            .expression_attribute_values(":mark", to_attribute_value(mark)?))
    }

    /// The write that ends a parcel whose AWB was made without RMS.
    pub fn release(&self, id: &ShipmentId, met: &ShipmentRecord) -> Result<Part, StoreFailure> {
        let at = clock::now().as_millisecond().to_string();
        let seen = met.seen();
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .update_expression("SET standing = :now, cancelledAt = :at")
            .condition_expression(AS_SEEN)
            .expression_attribute_values(":now", standing(Standing::Cancelled))
            .expression_attribute_values(":at", AttributeValue::N(at))
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()));
        Ok(update.build()?.into())
    }
}
