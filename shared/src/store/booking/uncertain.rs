//! The index of shipments whose purchase has an unknown outcome, of all clients. It is sparse: an entry is written when an
//! attempt ends without a clear outcome, and removed when that is known.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::domain::claim::Standing;
use crate::store::booking::shipments::{Shipments, standing};
use crate::store::failure::StoreFailure;
use crate::store::pages::count_items;

/// The index, and its key attribute.
const UNCERTAIN: &str = "uncertain";

impl Shipments {
    /// How many purchases have an unknown outcome. The entries are counted by the table: a read unit for 4 KB of them.
    pub async fn count_uncertain(&self) -> Result<u64, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(UNCERTAIN)
            .key_condition_expression("uncertain = :uncertain")
            .expression_attribute_values(":uncertain", uncertain());
        count_items(&self.client, query, u64::MAX).await
    }
}

/// The value of the key attribute, which is the same for all: there are few of them, and they are written one by one.
fn uncertain() -> AttributeValue {
    standing(Standing::Uncertain)
}
