//! The table of webhook endpoints.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Update};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::delivery::instant;
use crate::domain::endpoint::{
    Disabled, DisabledReason, EndpointMethod, Filter, GiveUpAfter, WebhookEndpoint,
};
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::message::{DEFAULT_KINDS, MessageKind};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::{SigningSecret, SigningSecrets};
use crate::domain::text::{AccountAlias, ClientId, EndpointId, EndpointIdRule, WarehouseCode};
use crate::domain::version::Version;
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::SecretKind;
use crate::sealing::sealed::Sealed;
use crate::store::batch_read::{self, Found, Wanted};
use crate::store::configuration_versions::{ConfigurationVersions, VERSION, next};
use crate::store::configuring::configured::{Configured, ConfiguredTable, OfClient};
use crate::store::failure::StoreFailure;
use crate::store::items::from_items;
use crate::store::pages::all_items;
use crate::store::secrets::{HEADERS, Hand, SIGNING_SECRET};
use crate::store::transaction;

/// The table.
pub type Endpoints = ConfiguredTable<WebhookEndpoint>;

/// The stored form of an endpoint.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointItem {
    client_id: ClientId,
    endpoint_id: EndpointId,
    url: Url,
    /// Absent in items of a version that only had POST.
    #[serde(default)]
    method: EndpointMethod,
    headers: BTreeMap<String, Sealed>,
    /// The current secret.
    signing_secrets: Vec<Sealed>,
    /// Replaced secrets, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replaced_secrets: Vec<ReplacedSecret>,
    /// Absent in items of a version that only had notifications.
    #[serde(default = "default_kinds")]
    messages: Vec<MessageKind>,
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

fn default_kinds() -> Vec<MessageKind> {
    DEFAULT_KINDS.to_vec()
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReplacedSecret {
    secret: Sealed,
    /// In epoch milliseconds.
    signs_until: i64,
}

impl Endpoints {
    /// All endpoints of a client: the cached ones if they have this version of the client's configuration, otherwise
    /// they are read.
    pub async fn all_as_of(
        &self,
        client_id: &ClientId,
        version: &Version,
    ) -> Result<Arc<[WebhookEndpoint]>, StoreFailure> {
        let read = async || {
            let things = self.all(client_id).await?;
            let as_of = version.clone();
            Ok::<_, StoreFailure>(Some(OfClient { things, as_of }))
        };
        let fit = |known: &OfClient<_>| known.as_of == *version;
        let found = self.of_client.find_where(client_id, fit, read).await?;
        Ok(found.map_or_else(Arc::default, |found| found.things))
    }

    /// All endpoints of a client, read directly.
    pub async fn all(&self, client_id: &ClientId) -> Result<Arc<[WebhookEndpoint]>, StoreFailure> {
        let query = self.query_of(client_id);
        let found = all_items(&self.client, query).await?;
        let items: Vec<EndpointItem> = from_items(found)?;
        let mut endpoints = Vec::with_capacity(items.len());
        for item in items {
            endpoints.push(self.opened(item).await?);
        }
        Ok(endpoints.into())
    }

    /// The lanes of each of a client's endpoints, as of a version of its configuration.
    pub async fn lanes(
        &self,
        client_id: &ClientId,
        versions: &ConfigurationVersions,
    ) -> Result<(Vec<u16>, Version), StoreFailure> {
        #[derive(Deserialize)]
        struct Lanes {
            lanes: u16,
        }
        // The version first: what is changed between the two reads is then a change since this version.
        let read = batch_read::read(&self.client, [versions.wanted(client_id)?]);
        let version = versions.found(read.await?);
        let query = self.query_of(client_id).projection_expression("lanes");
        let found = all_items(&self.client, query).await?;
        let found: Vec<Lanes> = from_items(found)?;
        Ok((
            found.into_iter().map(|found| found.lanes).collect(),
            version,
        ))
    }

    fn query_of(&self, client_id: &ClientId) -> QueryInputBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()))
            .consistent_read(true)
    }

    /// The read request for an endpoint.
    pub fn wanted(&self, endpoint: &EndpointKey) -> Result<Wanted, StoreFailure> {
        let keys = KeysAndAttributes::builder()
            .keys(endpoint.attributes())
            .consistent_read(true)
            .build()?;
        Ok(Wanted {
            table: self.table.clone(),
            keys,
        })
    }

    /// The endpoint that was found.
    pub async fn found(
        &self,
        endpoint: &EndpointKey,
        mut found: Found,
    ) -> Result<Option<Arc<WebhookEndpoint>>, StoreFailure> {
        let EndpointKey {
            client_id,
            endpoint_id,
        } = endpoint;
        let item = found.of(&self.table).pop();
        self.opened_once(client_id, endpoint_id, item).await
    }

    /// Disables an endpoint, with a new version of its client's configuration. `false`: it is already disabled, was
    /// removed, or has another URL now.
    pub async fn disable(
        &self,
        endpoint: &WebhookEndpoint,
        disabled: Disabled,
        versions: &ConfigurationVersions,
    ) -> Result<bool, StoreFailure> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let at = AttributeValue::N(disabled.at.as_millisecond().to_string());
        let update = Update::builder()
            .table_name(&self.table)
            .key("clientId", text(endpoint.client_id.as_str()))
            .key("endpointId", text(endpoint.id.as_str()))
            .update_expression(
                "SET enabled = :off, disabledReason = :reason, disabledAt = :at, #version = :version",
            )
            .condition_expression("enabled = :on AND #url = :url")
            .expression_attribute_names("#url", "url")
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":version", text(next().as_str()))
            .expression_attribute_values(":off", AttributeValue::Bool(false))
            .expression_attribute_values(":on", AttributeValue::Bool(true))
            .expression_attribute_values(":url", text(endpoint.url.as_str()))
            .expression_attribute_values(":reason", text(&disabled.reason.to_string()))
            .expression_attribute_values(":at", at)
            .build()?;
        let parts = [versions.raised(&endpoint.client_id)?, update.into()];
        transaction::write(&self.client, parts).await
    }
}

impl Configured for WebhookEndpoint {
    type NameRule = EndpointIdRule;
    type Item = EndpointItem;
    const KIND: SecretKind = SecretKind::Endpoint;
    const NAMED_BY: &'static str = "endpointId";

    fn key(&self) -> (&ClientId, &EndpointId) {
        (&self.client_id, &self.id)
    }

    fn key_of(item: &EndpointItem) -> (&ClientId, &EndpointId) {
        (&item.client_id, &item.endpoint_id)
    }

    fn to_item(&self, sealer: Hand<'_>) -> Result<EndpointItem, SealingFailure> {
        EndpointItem::of(self, sealer)
    }

    fn of_item(item: EndpointItem, opener: Option<Hand<'_>>) -> Result<Self, SealingFailure> {
        item.endpoint(opener)
    }
}

impl EndpointItem {
    fn endpoint(self, opener: Option<Hand<'_>>) -> Result<WebhookEndpoint, SealingFailure> {
        let (headers, signing_secrets) = match opener {
            Some(opener) => (
                opener.open_named(HEADERS, &self.headers)?,
                self.signing_secrets(opener)?,
            ),
            None => (BTreeMap::new(), SigningSecrets::stored(Vec::new())),
        };
        Ok(WebhookEndpoint {
            headers,
            signing_secrets,
            disabled: self.disabled(),
            client_id: self.client_id,
            id: self.endpoint_id,
            url: self.url,
            method: self.method,
            messages: self.messages,
            filter: Filter {
                notification_types: self.notification_types,
                shipment_types: self.shipment_types,
                account_aliases: self.account_aliases,
                warehouse_codes: self.warehouse_codes,
            },
            enabled: self.enabled,
            lanes: self.lanes.max(1),
            give_up_after: self.give_up_after_seconds,
        })
    }

    fn signing_secrets(&self, opener: Hand<'_>) -> Result<SigningSecrets, SealingFailure> {
        let open = |sealed, signs_until| {
            Ok(SigningSecret {
                secret: opener.open(SIGNING_SECRET, sealed)?,
                signs_until,
            })
        };
        let lasting = self.signing_secrets.iter().map(|secret| open(secret, None));
        let replaced = self
            .replaced_secrets
            .iter()
            .map(|replaced| open(&replaced.secret, Some(instant(replaced.signs_until))));
        let secrets = lasting.chain(replaced);
        let secrets = secrets.collect::<Result<_, SealingFailure>>()?;
        Ok(SigningSecrets::stored(secrets))
    }

    fn disabled(&self) -> Option<Disabled> {
        Some(Disabled {
            reason: self.disabled_reason?,
            at: instant(self.disabled_at?),
        })
    }

    fn of(endpoint: &WebhookEndpoint, sealer: Hand<'_>) -> Result<Self, SealingFailure> {
        let filter = endpoint.filter.clone();
        let (signing_secrets, replaced_secrets) = sealed(&endpoint.signing_secrets, sealer)?;
        Ok(Self {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            url: endpoint.url.clone(),
            method: endpoint.method,
            headers: sealer.seal_named(HEADERS, &endpoint.headers)?,
            signing_secrets,
            replaced_secrets,
            messages: endpoint.messages.clone(),
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
        })
    }
}

/// The current secrets and the replaced ones, sealed.
fn sealed(
    secrets: &SigningSecrets,
    sealer: Hand<'_>,
) -> Result<(Vec<Sealed>, Vec<ReplacedSecret>), SealingFailure> {
    let (mut lasting, mut replaced) = (Vec::new(), Vec::new());
    for secret in secrets.all() {
        let stored = sealer.seal(SIGNING_SECRET, &secret.secret)?;
        match secret.signs_until {
            None => lasting.push(stored),
            Some(until) => replaced.push(ReplacedSecret {
                secret: stored,
                signs_until: until.as_millisecond(),
            }),
        }
    }
    Ok((lasting, replaced))
}

#[cfg(test)]
mod tests;
