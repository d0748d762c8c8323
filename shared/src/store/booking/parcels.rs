//! All shipments of an order: the one that is the whole order, and its parcels.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::domain::claim_record::ShipmentRecord;
use crate::domain::shipment_id::ShipmentId;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, key_of};
use crate::store::pages::all_items;

impl Shipments {
    /// All shipments of the order in the same direction, by shipment code, with a consistent read.
    pub async fn of_order(
        &self,
        order: &ShipmentId,
    ) -> Result<Vec<(ShipmentId, ShipmentRecord)>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :way)")
            .expression_attribute_values(":pk", AttributeValue::S(order.key().pk))
            .expression_attribute_values(
                ":way",
                AttributeValue::S(format!("{}#", order.shipment_type)),
            )
            .consistent_read(true);
        let mut found = Vec::new();
        for item in all_items(&self.client, query).await? {
            if let Some(id) = ShipmentId::of_key(&order.client_id, &key_of(&item)) {
                found.push((id, from_item(item)?));
            }
        }
        Ok(found)
    }
}
