//! The table of webhook endpoints.

mod configured;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};
use tokio::sync::Mutex;
use url::Url;

use crate::domain::delivery::instant;
use crate::domain::endpoint::{Disabled, DisabledReason, Filter, GiveUpAfter, WebhookEndpoint};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::{SigningSecret, SigningSecrets};
use crate::domain::text::{AccountAlias, ClientId, EndpointId, WarehouseCode};
use crate::store::cached::Cached;
use crate::store::failure::StoreFailure;
use crate::store::versions;

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
    /// Those that sign until they are replaced: one.
    signing_secrets: Vec<String>,
    /// Those that were replaced, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replaced_secrets: Vec<ReplacedSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notification_types: Option<Vec<NotificationType>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipment_types: Option<Vec<ShipmentType>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_aliases: Option<Vec<AccountAlias>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warehouse_codes: Option<Vec<WarehouseCode>>,
    enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled_reason: Option<DisabledReason>,
    /// In epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disabled_at: Option<i64>,
    lanes: u16,
    #[serde(default)]
    give_up_after_seconds: GiveUpAfter,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReplacedSecret {
    secret: String,
    /// In epoch milliseconds.
    signs_until: i64,
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

    /// Switches an endpoint off. `false`: it is off already, or gone, or leads elsewhere by now.
    pub async fn disable(
        &self,
        endpoint: &WebhookEndpoint,
        disabled: Disabled,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(
                "clientId",
                AttributeValue::S(endpoint.client_id.to_string()),
            )
            .key("endpointId", AttributeValue::S(endpoint.id.to_string()))
            .update_expression(
                "SET enabled = :off, disabledReason = :reason, disabledAt = :at, #version = :version",
            )
            .condition_expression("enabled = :on AND #url = :url")
            .expression_attribute_names("#url", "url")
            .expression_attribute_names("#version", versions::VERSION)
            .expression_attribute_values(
                ":version",
                AttributeValue::S(versions::next().as_str().to_owned()),
            )
            .expression_attribute_values(":off", AttributeValue::Bool(false))
            .expression_attribute_values(":on", AttributeValue::Bool(true))
            .expression_attribute_values(":url", AttributeValue::S(endpoint.url.to_string()))
            .expression_attribute_values(":reason", AttributeValue::S(disabled.reason.to_string()))
            .expression_attribute_values(
                ":at",
                AttributeValue::N(disabled.at.as_millisecond().to_string()),
            );
        let updated = update.send().await.map_err(SdkError::into_service_error);
        self.forget(&endpoint.client_id, &endpoint.id);
        match updated {
            Ok(_) => Ok(true),
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }

    fn forget(&self, client_id: &ClientId, endpoint_id: &EndpointId) {
        self.known.forget(&(client_id.clone(), endpoint_id.clone()));
        self.of_client.forget(client_id);
    }
}

impl Item {
    fn signing_secrets(&self) -> SigningSecrets {
        let lasting = self.signing_secrets.iter().map(|secret| SigningSecret {
            secret: secret.clone().into(),
            signs_until: None,
        });
        let replaced = self.replaced_secrets.iter().map(|replaced| SigningSecret {
            secret: replaced.secret.clone().into(),
            signs_until: Some(instant(replaced.signs_until)),
        });
        SigningSecrets::stored(lasting.chain(replaced).collect())
    }

    fn disabled(&self) -> Option<Disabled> {
        Some(Disabled {
            reason: self.disabled_reason?,
            at: instant(self.disabled_at?),
        })
    }
}

impl From<Item> for WebhookEndpoint {
    fn from(item: Item) -> Self {
        Self {
            signing_secrets: item.signing_secrets(),
            disabled: item.disabled(),
            client_id: item.client_id,
            id: item.endpoint_id,
            url: item.url,
            headers: item
                .headers
                .into_iter()
                .map(|(name, value)| (name, SecretString::from(value)))
                .collect(),
            filter: Filter {
                notification_types: item.notification_types,
                shipment_types: item.shipment_types,
                account_aliases: item.account_aliases,
                warehouse_codes: item.warehouse_codes,
            },
            enabled: item.enabled,
            lanes: item.lanes.max(1),
            give_up_after: item.give_up_after_seconds,
        }
    }
}

impl From<&WebhookEndpoint> for Item {
    fn from(endpoint: &WebhookEndpoint) -> Self {
        let exposed = |(name, value): (&String, &SecretString)| {
            (name.clone(), value.expose_secret().to_owned())
        };
        let filter = endpoint.filter.clone();
        let secrets = endpoint.signing_secrets.all();
        Self {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            url: endpoint.url.clone(),
            headers: endpoint.headers.iter().map(exposed).collect(),
            signing_secrets: secrets
                .iter()
                .filter(|secret| secret.signs_until.is_none())
                .map(|secret| secret.secret.expose_secret().to_owned())
                .collect(),
            replaced_secrets: secrets.iter().filter_map(ReplacedSecret::of).collect(),
            notification_types: filter.notification_types,
            shipment_types: filter.shipment_types,
            account_aliases: filter.account_aliases,
            warehouse_codes: filter.warehouse_codes,
            enabled: endpoint.enabled,
            disabled_reason: endpoint.disabled.map(|disabled| disabled.reason),
            disabled_at: endpoint
                .disabled
                .map(|disabled| disabled.at.as_millisecond()),
            lanes: endpoint.lanes,
            give_up_after_seconds: endpoint.give_up_after,
        }
    }
}

impl ReplacedSecret {
    fn of(secret: &SigningSecret) -> Option<Self> {
        Some(Self {
            secret: secret.secret.expose_secret().to_owned(),
            signs_until: secret.signs_until?.as_millisecond(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::Timestamp;

    use super::*;

    fn endpoint() -> WebhookEndpoint {
        WebhookEndpoint::new(
            "demo".parse().unwrap(),
            "sink".parse().unwrap(),
            "https://example.com/hook".parse().unwrap(),
            SigningSecrets::new("whsec_first".into()),
        )
    }

    fn stored(endpoint: &WebhookEndpoint) -> WebhookEndpoint {
        let item: HashMap<String, AttributeValue> = to_item(Item::from(endpoint)).unwrap();
        from_item::<_, Item>(item).unwrap().into()
    }

    #[test]
    fn what_is_stored_comes_back_with_its_replaced_secrets_and_why_it_is_off() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let endpoint = endpoint();
        let disabled = Disabled {
            reason: DisabledReason::Gone,
            at: now,
        };
        let endpoint = WebhookEndpoint {
            signing_secrets: endpoint.signing_secrets.rotated("whsk_second".into(), now),
            enabled: false,
            disabled: Some(disabled),
            give_up_after: 7200.try_into().unwrap(),
            ..endpoint
        };
        let back = stored(&endpoint);
        let secrets: Vec<_> = back.signing_secrets.all().iter().collect();
        let texts: Vec<_> = secrets.iter().map(|s| s.secret.expose_secret()).collect();
        assert_eq!(texts, ["whsk_second", "whsec_first"]);
        let tomorrow = Timestamp::from_second(1_800_086_400).unwrap();
        let ends: Vec<_> = secrets.iter().map(|secret| secret.signs_until).collect();
        assert_eq!(ends, [None, Some(tomorrow)]);
        assert_eq!(back.disabled, Some(disabled));
        assert_eq!(back.give_up_after, endpoint.give_up_after);
    }

    #[test]
    fn an_endpoint_of_before_gives_up_after_76_hours_and_its_secrets_have_no_end() {
        let mut item: HashMap<String, AttributeValue> = to_item(Item::from(&endpoint())).unwrap();
        item.remove("giveUpAfterSeconds").unwrap();
        let back = WebhookEndpoint::from(from_item::<_, Item>(item).unwrap());
        assert_eq!(back.give_up_after, GiveUpAfter::default());
        assert_eq!(back.disabled, None);
        let ends: Vec<_> = back
            .signing_secrets
            .all()
            .iter()
            .map(|s| s.signs_until)
            .collect();
        assert_eq!(ends, [None]);
    }
}
