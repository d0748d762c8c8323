//! How far the changed orders of channel accounts were read, in the table of polls, each under the lease of the run that works on
//! it. The item of an account's requests for returns is another one.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use jiff::Timestamp;
use serde::Deserialize;
use serde_dynamo::to_attribute_value;

use crate::aws::DynamoDb;
use crate::domain::selling::order_poll::OrderPoll;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::attributes::millisecond;
use crate::store::channelling::poll_table::{HeldPoll, PollTable};
use crate::store::failure::StoreFailure;

/// The items of polls of orders.
#[derive(Debug, Clone)]
pub struct OrderPolls {
    table: PollTable,
}

/// The lease with which a run works on an account.
#[derive(Debug)]
pub struct OrderPollLease(HeldPoll);

/// The item of an account.
#[derive(Debug, Default, Deserialize)]
struct PollItem {
    #[serde(default)]
    poll: Option<OrderPoll>,
}

impl OrderPolls {
    /// Those in the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self {
            table: PollTable::new(client, table),
        }
    }

    /// What is known about an account's poll; `None` before the first run.
    pub async fn read(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
    ) -> Result<Option<OrderPoll>, StoreFailure> {
        let found: Option<PollItem> = self.table.read(client_id, &name(alias)).await?;
        Ok(found.and_then(|found| found.poll))
    }

    /// Takes the lease on an account for this long, and returns it with what earlier runs left; `None` if another run has it.
    pub async fn lease(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<Option<(OrderPollLease, Option<OrderPoll>)>, StoreFailure> {
        let leased = self.table.lease(client_id, name(alias), now, lasts).await?;
        Ok(leased.map(|(held, before): (_, PollItem)| (OrderPollLease(held), before.poll)))
    }

    /// Writes how far a poll is, and extends the lease; `false` if another run has it now.
    pub async fn keep(
        &self,
        lease: &OrderPollLease,
        poll: &OrderPoll,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .held(lease, poll)?
            .update_expression("SET poll = :poll, leaseUntil = :until")
            .expression_attribute_values(":until", millisecond(now + lasts));
        self.table.written(update).await
    }

    /// Writes how far a poll is, and returns the lease, unless another run has it now.
    pub async fn release(
        &self,
        lease: &OrderPollLease,
        poll: &OrderPoll,
    ) -> Result<(), StoreFailure> {
        let update = self
            .held(lease, poll)?
            .update_expression("SET poll = :poll REMOVE leaseHolder, leaseUntil");
        self.table.written(update).await.map(|_| ())
    }

    fn held(
        &self,
        lease: &OrderPollLease,
        poll: &OrderPoll,
    ) -> Result<UpdateItemInputBuilder, StoreFailure> {
        let update = self.table.held(&lease.0);
        Ok(update.expression_attribute_values(":poll", to_attribute_value(poll)?))
    }
}

/// The name of an account's item. No alias has a `#`.
fn name(alias: &AccountAlias) -> String {
    format!("orders#{alias}")
}
