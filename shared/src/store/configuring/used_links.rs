//! Remembers which one-time links of the console were opened, in the table of sessions, until they have expired.

use aws_sdk_dynamodb::types::{AttributeValue, Put};

use crate::aws::DynamoDb;
use crate::domain::console::ConsoleLink;
use crate::store::failure::StoreFailure;
use crate::store::transaction::{self, Part};

/// The prefix of an opened link's key. No alias has a `#`.
const PREFIX: &str = "console#";

/// The opened links.
#[derive(Debug)]
pub struct UsedLinks {
    client: DynamoDb,
    table: String,
}

impl UsedLinks {
    /// In the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// Opens a link, together with its audit entry; `false` if it was opened before.
    pub async fn open(&self, link: &ConsoleLink, recorded: Part) -> Result<bool, StoreFailure> {
        let text = AttributeValue::S;
        let put = Put::builder()
            .table_name(&self.table)
            .item("clientId", text(link.client_id.to_string()))
            .item("alias", text(format!("{PREFIX}{}", link.id)))
            // It cannot be opened any more then, so that nothing is lost when DynamoDB removes the item.
            .item(
                "expiresAt",
                AttributeValue::N((link.expires_at.as_second() + 1).to_string()),
            )
            .condition_expression("attribute_not_exists(alias)")
            .build()?;
        transaction::write(&self.client, [put.into(), recorded]).await
    }
}
