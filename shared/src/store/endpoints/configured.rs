//! Endpoints as their client configures them: read as they are now, changed only as they were seen, and never without a
//! record of it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use serde_dynamo::{from_item, from_items, to_item};

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::text::{ClientId, EndpointId};
use crate::domain::version::{Version, Versioned};
use crate::store::audit::Recorded;
use crate::store::endpoints::{Endpoints, Item};
use crate::store::failure::StoreFailure;
use crate::store::transaction;
use crate::store::versions::{self, Page, Unchanged};

/// How many endpoints a page has at most.
const PAGE: i32 = 50;

impl Endpoints {
    /// One endpoint as it is now.
    pub async fn read(
        &self,
        client_id: &ClientId,
        endpoint_id: &EndpointId,
    ) -> Result<Option<Versioned<WebhookEndpoint>>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(client_id, endpoint_id)))
            .consistent_read(true)
            .send()
            .await?;
        match found.item {
            Some(item) => Ok(Some(self.versioned(from_item(item)?).await?)),
            None => Ok(None),
        }
    }

    /// A client's endpoints in the order of their ids, behind an id.
    pub async fn page(
        &self,
        client_id: &ClientId,
        after: Option<&EndpointId>,
    ) -> Result<Page<WebhookEndpoint>, StoreFailure> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .set_exclusive_start_key(after.map(|after| key(client_id, after)))
            .consistent_read(true)
            .limit(PAGE)
            .send()
            .await?;
        let is_last = found.last_evaluated_key.is_none();
        let items: Vec<Item> = from_items(found.items.unwrap_or_default())?;
        let last = items.last().map(|item| item.endpoint_id.to_string());
        let mut endpoints = Vec::with_capacity(items.len());
        for item in items {
            endpoints.push(self.versioned(item).await?);
        }
        Ok(Page {
            next: last.filter(|_| !is_last),
            items: endpoints,
        })
    }

    /// Stores an endpoint as it is to be, with the record of the change. `None`: it is no longer as it was seen.
    pub async fn save(
        &self,
        endpoint: &WebhookEndpoint,
        seen: Option<&Version>,
        recorded: Recorded,
    ) -> Result<Option<Version>, StoreFailure> {
        let version = versions::next();
        let item = Item {
            version: Some(version.clone()),
            ..self.item(endpoint).await?
        };
        let unchanged = Unchanged::since(seen);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(item)?))
            .condition_expression(unchanged.expression)
            .set_expression_attribute_names(unchanged.names)
            .set_expression_attribute_values(unchanged.values)
            .build()
            .map_err(|error| StoreFailure::Unavailable(error.into()))?;
        let put = TransactWriteItem::builder().put(put).build();
        let written = transaction::write(&self.client, vec![put, recorded.part()]).await?;
        self.forget(&endpoint.client_id, &endpoint.id);
        Ok(written.then_some(version))
    }

    /// Removes an endpoint, with the record of it. `false`: it is no longer as it was seen.
    pub async fn remove(
        &self,
        client_id: &ClientId,
        endpoint_id: &EndpointId,
        seen: &Version,
        recorded: Recorded,
    ) -> Result<bool, StoreFailure> {
        let unchanged = Unchanged::since(Some(seen));
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key(client_id, endpoint_id)))
            .condition_expression(unchanged.expression)
            .set_expression_attribute_names(unchanged.names)
            .set_expression_attribute_values(unchanged.values)
            .build()
            .map_err(|error| StoreFailure::Unavailable(error.into()))?;
        let delete = TransactWriteItem::builder().delete(delete).build();
        let written = transaction::write(&self.client, vec![delete, recorded.part()]).await?;
        self.forget(client_id, endpoint_id);
        Ok(written)
    }

    async fn versioned(&self, mut item: Item) -> Result<Versioned<WebhookEndpoint>, StoreFailure> {
        let version = item.version.take().unwrap_or_default();
        let value = self.endpoint(item).await?;
        Ok(Versioned { value, version })
    }
}

fn key(client_id: &ClientId, endpoint_id: &EndpointId) -> HashMap<String, AttributeValue> {
    HashMap::from([
        (
            "clientId".to_owned(),
            AttributeValue::S(client_id.to_string()),
        ),
        (
            "endpointId".to_owned(),
            AttributeValue::S(endpoint_id.to_string()),
        ),
    ])
}
