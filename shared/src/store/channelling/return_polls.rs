//! The table of polls: how far the requests for returns of a channel account were listed.
//!
//! A walk lists all pages since a time. Where it is, is written after each page, so that a run that ends early is continued by
//! the next one; the time from which the next walk lists is written when a walk is complete. One run at a time works on an
//! account, under a lease.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::to_attribute_value;

use crate::aws::DynamoDb;
use crate::domain::return_walk::ReturnWalk;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::attributes::millisecond;
use crate::store::channelling::poll_table::{HeldPoll, PollTable};
use crate::store::failure::StoreFailure;

/// The items of polls of requests for returns.
#[derive(Debug, Clone)]
pub struct ReturnPolls {
    table: PollTable,
}

/// The lease with which a run works on an account.
#[derive(Debug, Clone)]
pub struct PollLease {
    held: HeldPoll,
    /// When the last complete walk began.
    pub walked_at: Option<Timestamp>,
    /// A walk that is not complete.
    pub walk: Option<ReturnWalk>,
}

/// The item of an account.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PollItem {
    #[serde(default)]
    walked_at: Option<i64>,
    #[serde(default)]
    walk: Option<WalkItem>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WalkItem {
    began_at: i64,
    since: i64,
    page: u32,
}

impl ReturnPolls {
    /// Those in the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self {
            table: PollTable::new(client, table),
        }
    }

    /// Takes the lease on an account for this long; `None` if another run has it.
    pub async fn lease(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<Option<PollLease>, StoreFailure> {
        let leased = self
            .table
            .lease(client_id, alias.to_string(), now, lasts)
            .await?;
        Ok(leased.map(|(held, before): (_, PollItem)| PollLease {
            held,
            walked_at: before.walked_at.and_then(time),
            walk: before.walk.and_then(WalkItem::read),
        }))
    }

    /// Writes where a walk is, and extends the lease; `false` if another run has it now.
    pub async fn reach(
        &self,
        lease: &PollLease,
        walk: &ReturnWalk,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<bool, StoreFailure> {
        let walk = WalkItem {
            began_at: walk.began_at.as_millisecond(),
            since: walk.since.as_millisecond(),
            page: walk.page,
        };
        let update = self
            .table
            .held(&lease.held)
            .update_expression("SET walk = :walk, leaseUntil = :until")
            .expression_attribute_values(":walk", to_attribute_value(walk)?)
            .expression_attribute_values(":until", millisecond(now + lasts));
        self.table.written(update).await
    }

    /// Ends a complete walk, and releases the lease.
    pub async fn complete(&self, lease: &PollLease, walk: &ReturnWalk) -> Result<(), StoreFailure> {
        let update = self
            .table
            .held(&lease.held)
            .update_expression("SET walkedAt = :at REMOVE walk, leaseHolder, leaseUntil")
            .expression_attribute_values(":at", millisecond(walk.began_at));
        self.table.written(update).await.map(|_| ())
    }

    /// Releases the lease: the next run continues.
    pub async fn release(&self, lease: &PollLease) -> Result<(), StoreFailure> {
        let update = self
            .table
            .held(&lease.held)
            .update_expression("REMOVE leaseHolder, leaseUntil");
        self.table.written(update).await.map(|_| ())
    }
}

impl WalkItem {
    fn read(self) -> Option<ReturnWalk> {
        Some(ReturnWalk {
            began_at: time(self.began_at)?,
            since: time(self.since)?,
            page: self.page,
        })
    }
}

fn time(millisecond: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millisecond).ok()
}
