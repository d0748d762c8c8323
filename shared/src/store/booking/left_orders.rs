//! The orders that refused requests left at aggregators, in the shipment's item.

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use serde_dynamo::to_attribute_value;

use crate::domain::claim_record::SeenClaim;
use crate::domain::left_order::LeftOrder;
use crate::domain::shipment_id::ShipmentId;
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::items::attributes;
use crate::store::transaction::{Part, write};

impl Shipments {
    /// Records which orders are still left, together with `others`; `false` if another request has the claim.
    pub async fn leave(
        &self,
        id: &ShipmentId,
        seen: SeenClaim<'_>,
        left: &[LeftOrder],
        others: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&id.key())))
            .condition_expression("standing = :seen AND holder = :holder")
            .update_expression("SET leftOrders = :left")
            .expression_attribute_values(":seen", standing(seen.standing))
            .expression_attribute_values(":holder", AttributeValue::S(seen.holder.to_owned()))
            .expression_attribute_values(":left", to_attribute_value(left)?)
            .build()?;
        let parts = [vec![Part::from(update)], others].concat();
        write(&self.client, parts).await
    }
}
