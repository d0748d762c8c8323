//! Tables of configuration: one partition per client and one item per object, which is read consistently and changed
//! only if it is unchanged since then.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put};

use crate::aws::DynamoDb;
use crate::domain::text::ClientId;
use crate::domain::version::{Version, Versioned};
use crate::store::configuration_versions::{VERSION, next};
use crate::store::failure::StoreFailure;
use crate::store::transaction::{self, Part};

/// The maximum number of objects per page.
const PAGE: i32 = 50;

/// An item.
pub(super) type VersionedItem = HashMap<String, AttributeValue>;

/// A page of a client's objects, in the order of their names.
#[derive(Debug)]
pub struct ConfiguredPage<T> {
    /// The objects.
    pub items: Vec<Versioned<T>>,
    /// The name of the last one, if there may be more after it.
    pub next: Option<String>,
}

/// A table whose partition key is `clientId`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Things<'a> {
    pub(super) client: &'a DynamoDb,
    pub(super) table: &'a str,
    /// The sort key: the attribute with an object's name.
    pub(super) named_by: &'static str,
}

impl Things<'_> {
    /// Reads an object directly.
    pub(super) async fn read(
        self,
        client_id: &ClientId,
        name: &str,
    ) -> Result<Option<VersionedItem>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(self.table)
            .set_key(Some(self.key(client_id, name)))
            .consistent_read(true);
        let found = self.client.send(read).await?;
        Ok(found.item)
    }

    /// A client's objects after a name, and the name of the last one if there may be more.
    pub(super) async fn page(
        self,
        client_id: &ClientId,
        after: Option<&str>,
    ) -> Result<(Vec<VersionedItem>, Option<String>), StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .set_exclusive_start_key(after.map(|after| self.key(client_id, after)))
            .consistent_read(true)
            .limit(PAGE);
        let found = self.client.send(query).await?;
        let last = found.last_evaluated_key.as_ref();
        let last = last.and_then(|key| key.get(self.named_by)?.as_s().ok().cloned());
        Ok((found.items.unwrap_or_default(), last))
    }

    /// Writes an object together with `others`. `None`: it has changed since it was read.
    pub(super) async fn put(
        self,
        mut item: VersionedItem,
        seen: Option<&Version>,
        others: Vec<Part>,
    ) -> Result<Option<Version>, StoreFailure> {
        let version = next();
        let value = AttributeValue::S(version.as_str().to_owned());
        item.insert(VERSION.to_owned(), value);
        let unchanged = Unchanged::since(seen);
        let put = Put::builder()
            .table_name(self.table)
            .set_item(Some(item))
            .condition_expression(unchanged.expression)
            .set_expression_attribute_names(unchanged.names)
            .set_expression_attribute_values(unchanged.values)
            .build()?;
        let parts = others.into_iter().chain([put.into()]);
        let written = transaction::write(self.client, parts).await?;
        Ok(written.then_some(version))
    }

    /// Removes an object together with `others`. `false`: it has changed since it was read.
    pub(super) async fn delete(
        self,
        client_id: &ClientId,
        name: &str,
        seen: &Version,
        others: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let unchanged = Unchanged::since(Some(seen));
        let delete = Delete::builder()
            .table_name(self.table)
            .set_key(Some(self.key(client_id, name)))
            .condition_expression(unchanged.expression)
            .set_expression_attribute_names(unchanged.names)
            .set_expression_attribute_values(unchanged.values)
            .build()?;
        let parts = others.into_iter().chain([delete.into()]);
        transaction::write(self.client, parts).await
    }

    fn key(self, client_id: &ClientId, name: &str) -> VersionedItem {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        HashMap::from([
            ("clientId".to_owned(), text(client_id.as_str())),
            (self.named_by.to_owned(), text(name)),
        ])
    }
}

/// The condition that an item is unchanged; `None` means that it did not exist.
struct Unchanged {
    expression: &'static str,
    names: Option<HashMap<String, String>>,
    values: Option<VersionedItem>,
}

impl Unchanged {
    fn since(seen: Option<&Version>) -> Self {
        let name = || Some(HashMap::from([("#version".to_owned(), VERSION.to_owned())]));
        match seen {
            None => Self {
                expression: "attribute_not_exists(clientId)",
                names: None,
                values: None,
            },
            Some(seen) if *seen == Version::default() => Self {
                expression: "attribute_exists(clientId) AND attribute_not_exists(#version)",
                names: name(),
                values: None,
            },
            Some(seen) => Self {
                expression: "#version = :seen",
                names: name(),
                values: Some(HashMap::from([(
                    ":seen".to_owned(),
                    AttributeValue::S(seen.as_str().to_owned()),
                )])),
            },
        }
    }
}
