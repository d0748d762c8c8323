//! What tells a repeated report of a warehouse from a new one: an item for each report, beside the orders.
//!
//! It says to which order the first copy belongs. A repeat is of the same order, whatever orders RMS knows by then.

use aws_sdk_dynamodb::types::Put;
use serde::{Deserialize, Serialize};

use crate::aws::DynamoDb;
use crate::domain::fulfilling::warehouse_report::ReportFlag;
use crate::domain::text::{ClientId, SalesOrderNumber};
use crate::store::batch_read::read_all;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, item, key_of};
use crate::store::keys::{outbound_order, outbound_report};
use crate::store::transaction::Part;

/// The table of outbound orders.
#[derive(Debug, Clone)]
pub struct Reports {
    client: DynamoDb,
    table: String,
}

/// A report that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReport {
    /// The order to which it belongs.
    pub order: SalesOrderNumber,
    /// What is unusual about it.
    pub flags: Vec<ReportFlag>,
}

/// What is stored about a report and the orders that it may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownReport {
    /// The report, if it was recorded before.
    pub kept: Option<KeptReport>,
    /// The first of the named orders that the client has.
    pub order: Option<SalesOrderNumber>,
}

impl Reports {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// What is stored about a report and these different orders, by one read.
    pub async fn look(
        &self,
        client: &ClientId,
        identity: &str,
        orders: &[SalesOrderNumber],
    ) -> Result<KnownReport, StoreFailure> {
        let report = outbound_report(client, identity);
        let order = |number| outbound_order(client, number);
        let keys: Vec<_> = orders.iter().map(order).chain([report.clone()]).collect();
        // A repeat may come at once, and so may a report after its order.
        let found = read_all(&self.client, &self.table, &keys, None, true).await?;
        let keys: Vec<_> = found.iter().map(key_of).collect();
        let is_known = |number: &&SalesOrderNumber| keys.contains(&outbound_order(client, number));
        let order = orders.iter().find(is_known).cloned();
        let mut found = found.into_iter();
        let kept = found.find(|item| key_of(item) == report);
        Ok(KnownReport {
            kept: kept.map(from_item).transpose()?,
            order,
        })
    }

    /// The write of a new report in a transaction; it fails if the report was recorded before.
    pub fn part(
        &self,
        client: &ClientId,
        identity: &str,
        kept: &KeptReport,
    ) -> Result<Part, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&outbound_report(client, identity), kept)?))
            .condition_expression("attribute_not_exists(pk)");
        Ok(put.build()?.into())
    }
}
