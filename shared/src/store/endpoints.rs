//! The table of webhook endpoints.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};
use tokio::sync::Mutex;
use url::Url;

use crate::domain::endpoint::{Filter, WebhookEndpoint};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, ClientId, EndpointId, WarehouseCode};
use crate::store::cached::Cached;
use crate::store::failure::StoreFailure;

/// The table.
#[derive(Debug)]
pub struct Endpoints {
    client: Client,
    table: String,
    of_client: Cached<ClientId, Arc<[WebhookEndpoint]>>,
    known: Cached<(ClientId, EndpointId), Arc<WebhookEndpoint>>,
    /// The lanes of a batch ask side by side: one of them reads, the others wait for what it finds.
    reading: Mutex<()>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    client_id: ClientId,
    endpoint_id: EndpointId,
    url: Url,
    headers: BTreeMap<String, String>,
    signing_secrets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notification_types: Option<Vec<NotificationType>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipment_types: Option<Vec<ShipmentType>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_aliases: Option<Vec<AccountAlias>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warehouse_codes: Option<Vec<WarehouseCode>>,
    enabled: bool,
    lanes: u16,
}

impl Endpoints {
    /// The table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self {
            client,
            table,
            of_client: Cached::default(),
            known: Cached::default(),
            reading: Mutex::default(),
        }
    }

    /// All endpoints of a client.
    pub async fn all(&self, client_id: &ClientId) -> Result<Arc<[WebhookEndpoint]>, StoreFailure> {
        if let Some(endpoints) = self.of_client.get(client_id) {
            return Ok(endpoints);
        }
        let found: Vec<_> = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .into_paginator()
            .items()
            .send()
            .collect::<Result<_, _>>()
            .await?;
        let items: Vec<Item> = from_items(found)?;
        let endpoints: Arc<[WebhookEndpoint]> =
            items.into_iter().map(WebhookEndpoint::from).collect();
        self.of_client.put(client_id.clone(), endpoints.clone());
        Ok(endpoints)
    }

    /// One endpoint.
    pub async fn find(
        &self,
        client_id: &ClientId,
        endpoint_id: &EndpointId,
    ) -> Result<Option<Arc<WebhookEndpoint>>, StoreFailure> {
        let key = (client_id.clone(), endpoint_id.clone());
        if let Some(endpoint) = self.known.get(&key) {
            return Ok(Some(endpoint));
        }
        let _alone = self.reading.lock().await;
        if let Some(endpoint) = self.known.get(&key) {
            return Ok(Some(endpoint));
        }
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(client_id.to_string()))
            .key("endpointId", AttributeValue::S(endpoint_id.to_string()))
            .send()
            .await?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        let endpoint = Arc::new(WebhookEndpoint::from(from_item::<_, Item>(item)?));
        self.known.put(key, endpoint.clone());
        Ok(Some(endpoint))
    }

    /// Stores a new endpoint.
    pub async fn add(&self, endpoint: &WebhookEndpoint) -> Result<(), StoreFailure> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(Item::from(endpoint))?))
            .condition_expression("attribute_not_exists(clientId)")
            .send()
            .await?;
        Ok(())
    }
}

impl From<Item> for WebhookEndpoint {
    fn from(item: Item) -> Self {
        Self {
            client_id: item.client_id,
            id: item.endpoint_id,
            url: item.url,
            headers: item
                .headers
                .into_iter()
                .map(|(name, value)| (name, SecretString::from(value)))
                .collect(),
            signing_secrets: item
                .signing_secrets
                .into_iter()
                .map(SecretString::from)
                .collect(),
            filter: Filter {
                notification_types: item.notification_types,
                shipment_types: item.shipment_types,
                account_aliases: item.account_aliases,
                warehouse_codes: item.warehouse_codes,
            },
            enabled: item.enabled,
            lanes: item.lanes.max(1),
        }
    }
}

impl From<&WebhookEndpoint> for Item {
    fn from(endpoint: &WebhookEndpoint) -> Self {
        let exposed = |(name, value): (&String, &SecretString)| {
            (name.clone(), value.expose_secret().to_owned())
        };
        let filter = endpoint.filter.clone();
        Self {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            url: endpoint.url.clone(),
            headers: endpoint.headers.iter().map(exposed).collect(),
            signing_secrets: endpoint
                .signing_secrets
                .iter()
                .map(|secret| secret.expose_secret().to_owned())
                .collect(),
            notification_types: filter.notification_types,
            shipment_types: filter.shipment_types,
            account_aliases: filter.account_aliases,
            warehouse_codes: filter.warehouse_codes,
            enabled: endpoint.enabled,
            lanes: endpoint.lanes,
        }
    }
}
