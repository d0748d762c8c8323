//! The changes of accepted orders. Each is conditional, and written in one transaction with the messages that tell it; the
//! order stays due until these are on their way.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Update};
use jiff::Timestamp;
use serde_dynamo::to_attribute_value;

use crate::domain::fulfilling::outbound_order::{DatedResult, OutboundOrder};
use crate::domain::text::{ClientId, SalesOrderNumber};
use crate::store::attributes::millisecond;
use crate::store::failure::StoreFailure;
use crate::store::fulfilling::due_orders::shard;
use crate::store::fulfilling::outbound_orders::OutboundOrders;
use crate::store::items::attributes;
use crate::store::keys::outbound_order;
use crate::store::transaction::{MOST_WRITES, Part, write};

/// How many orders can be changed at once, each together with a message.
pub const MOST_CHANGES: usize = MOST_WRITES / 2;

impl OutboundOrders {
    /// Records the first results of orders, together with `also`. They are due at `due_at`, unless they are settled before.
    /// `false` if one of them has a result already: nothing was written.
    pub async fn record_results(
        &self,
        client: &ClientId,
        results: &[(SalesOrderNumber, DatedResult)],
        due_at: Timestamp,
        also: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let part = |(number, result): &(SalesOrderNumber, DatedResult)| {
            let update = self
                .update(client, number)
                .update_expression("SET #result = :result, dueOf = :of, dueAt = :at")
                .condition_expression("attribute_exists(pk) AND attribute_not_exists(#result)")
                .expression_attribute_names("#result", "result")
                .expression_attribute_values(":result", to_attribute_value(result)?)
                .expression_attribute_values(":of", AttributeValue::S(shard(client, number)))
                .expression_attribute_values(":at", millisecond(due_at));
            Ok(update.build()?.into())
        };
        let parts: Result<Vec<Part>, StoreFailure> = results.iter().map(part).collect();
        write(&self.client, parts?.into_iter().chain(also)).await
    }

    /// Notes that the client is told of orders that the OMS did not confirm in time, together with `also`. `false` if one of them
    /// has a result, or was told of before: nothing was written.
    pub async fn mark_unconfirmed(
        &self,
        client: &ClientId,
        orders: &[&OutboundOrder],
        now: Timestamp,
        also: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let part = |order: &&OutboundOrder| {
            let update = self
                .update(client, &order.number)
                .update_expression("SET unconfirmedAt = :now")
                .condition_expression(
                    "attribute_exists(pk) AND attribute_not_exists(#result) AND attribute_not_exists(unconfirmedAt)",
                )
                .expression_attribute_names("#result", "result")
                .expression_attribute_values(":now", millisecond(now));
            Ok(update.build()?.into())
        };
        let parts: Result<Vec<Part>, StoreFailure> = orders.iter().map(part).collect();
        write(&self.client, parts?.into_iter().chain(also)).await
    }

    /// Notes that nothing more is to be told of orders, of which each is due at this time. If one is due at another time by now,
    /// none is changed: a later run settles them.
    pub async fn settle(
        &self,
        client: &ClientId,
        orders: &[(SalesOrderNumber, Timestamp)],
    ) -> Result<(), StoreFailure> {
        for orders in orders.chunks(MOST_WRITES) {
            let part = |(number, due_at): &(SalesOrderNumber, Timestamp)| {
                let update = self
                    .update(client, number)
                    .update_expression("REMOVE dueOf, dueAt")
                    .condition_expression("dueAt = :at")
                    .expression_attribute_values(":at", millisecond(*due_at));
                Ok(update.build()?.into())
            };
            let parts: Result<Vec<Part>, StoreFailure> = orders.iter().map(part).collect();
            write(&self.client, parts?).await?;
        }
        Ok(())
    }

    fn update(&self, client: &ClientId, number: &SalesOrderNumber) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&outbound_order(client, number))))
    }
}
