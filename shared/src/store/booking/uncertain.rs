//! The index of shipments whose purchase has an unknown outcome, of all clients. It is sparse: an entry is written when an
//! attempt ends without a clear outcome, and removed when that is known.

use aws_sdk_dynamodb::types::{AttributeValue, Select};

use crate::domain::claim::Standing;
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;

/// The index, and its key attribute.
const UNCERTAIN: &str = "uncertain";

impl Shipments {
    /// How many purchases have an unknown outcome. The entries are counted by the table: a read unit for 4 KB of them.
    pub async fn count_uncertain(&self) -> Result<u64, StoreFailure> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(UNCERTAIN)
            .key_condition_expression("uncertain = :uncertain")
            .expression_attribute_values(":uncertain", uncertain())
            .select(Select::Count)
            .into_paginator()
            .send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            count += u64::try_from(page?.count).unwrap_or(0);
        }
        Ok(count)
    }
}

/// The value of the key attribute, which is the same for all: there are few of them, and they are written one by one.
fn uncertain() -> AttributeValue {
    standing(Standing::Uncertain)
}
