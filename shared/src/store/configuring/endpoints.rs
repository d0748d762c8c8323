//! The table of webhook endpoints.

mod configured;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, from_items, to_item};
use url::Url;

use crate::domain::delivery::instant;
use crate::domain::endpoint::{
    Disabled, DisabledReason, EndpointMethod, Filter, GiveUpAfter, WebhookEndpoint,
};
use crate::domain::message::{DEFAULT_KINDS, MessageKind};
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::signing::{SigningSecret, SigningSecrets};
use crate::domain::text::{AccountAlias, ClientId, EndpointId, WarehouseCode};
use crate::sealing::failure::SealingFailure;
use crate::sealing::place::Kind;
use crate::sealing::sealed::Sealed;
use crate::sealing::vault::Vault;
use crate::store::cached::Cached;
use crate::store::configuring::versions;
use crate::store::failure::StoreFailure;
use crate::store::secrets::{HEADERS, Hand, SIGNING_SECRET, Secrets};

/// The table.
#[derive(Debug)]
pub struct Endpoints {
    client: Client,
    table: String,
    secrets: Secrets,
    of_client: Cached<ClientId, Arc<[WebhookEndpoint]>>,
    known: Cached<(ClientId, EndpointId), Arc<WebhookEndpoint>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    client_id: ClientId,
    endpoint_id: EndpointId,
    url: Url,
    /// Absent in items of a version that knew only POST.
    #[serde(default)]
    method: EndpointMethod,
    headers: BTreeMap<String, Sealed>,
    /// Those that sign until they are replaced: one.
    signing_secrets: Vec<Sealed>,
    /// Those that were replaced, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replaced_secrets: Vec<ReplacedSecret>,
    /// Absent in items of a version that knew only notifications.
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

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReplacedSecret {
    secret: Sealed,
    /// In epoch milliseconds.
    signs_until: i64,
}

impl Endpoints {
    /// The table of that name, whose headers and signing secrets this vault seals and opens.
    pub fn new(client: Client, table: String, vault: Arc<Vault>) -> Self {
        Self::with(client, table, Secrets::of(Kind::Endpoint, vault))
    }

    /// The table of that name for who sends nothing: its endpoints have neither headers nor signing secrets.
    pub fn without_secrets(client: Client, table: String) -> Self {
        Self::with(client, table, Secrets::closed(Kind::Endpoint))
    }

    fn with(client: Client, table: String, secrets: Secrets) -> Self {
        Self {
            client,
            table,
            secrets,
            of_client: Cached::default(),
            known: Cached::default(),
        }
    }

    /// All endpoints of a client.
    pub async fn all(&self, client_id: &ClientId) -> Result<Arc<[WebhookEndpoint]>, StoreFailure> {
        let read = async || self.read_all(client_id).await.map(Some);
        let found = self.of_client.find(client_id, read).await?;
        Ok(found.unwrap_or_default())
    }

    async fn read_all(&self, client_id: &ClientId) -> Result<Arc<[WebhookEndpoint]>, StoreFailure> {
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
        let mut endpoints = Vec::with_capacity(items.len());
        for item in items {
            endpoints.push(self.endpoint(item).await?);
        }
        Ok(endpoints.into())
    }

    /// One endpoint.
    pub async fn find(
        &self,
        client_id: &ClientId,
        endpoint_id: &EndpointId,
    ) -> Result<Option<Arc<WebhookEndpoint>>, StoreFailure> {
        let key = (client_id.clone(), endpoint_id.clone());
        self.known
            .find(&key, async || self.fetch(client_id, endpoint_id).await)
            .await
    }

    async fn fetch(
        &self,
        client_id: &ClientId,
        endpoint_id: &EndpointId,
    ) -> Result<Option<Arc<WebhookEndpoint>>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("clientId", AttributeValue::S(client_id.to_string()))
            .key("endpointId", AttributeValue::S(endpoint_id.to_string()))
            .send()
            .await?;
        match found.item {
            Some(item) => Ok(Some(Arc::new(self.endpoint(from_item(item)?).await?))),
            None => Ok(None),
        }
    }

    /// Stores a new endpoint.
    pub async fn add(&self, endpoint: &WebhookEndpoint) -> Result<(), StoreFailure> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(self.item(endpoint).await?)?))
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

    async fn endpoint(&self, item: Item) -> Result<WebhookEndpoint, StoreFailure> {
        let (client, id) = (item.client_id.clone(), item.endpoint_id.clone());
        let opener = self.secrets.opener(client.as_str(), id.as_str()).await?;
        Ok(item.endpoint(opener)?)
    }

    async fn item(&self, endpoint: &WebhookEndpoint) -> Result<Item, StoreFailure> {
        let (client, id) = (endpoint.client_id.as_str(), endpoint.id.as_str());
        Ok(Item::of(endpoint, self.secrets.sealer(client, id).await?)?)
    }

    fn forget(&self, client_id: &ClientId, endpoint_id: &EndpointId) {
        self.known.forget(&(client_id.clone(), endpoint_id.clone()));
        self.of_client.forget(client_id);
    }
}

impl Item {
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

/// Those that sign until they are replaced, and those that were.
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
mod tests {
    use std::collections::HashMap;

    use jiff::Timestamp;
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::sealing::keyring::Keyring;
    use crate::sealing::place::Owner;
    use crate::store::secrets::{Step, kept_in};

    fn endpoint() -> WebhookEndpoint {
        WebhookEndpoint::new(
            "demo".parse().unwrap(),
            "sink".parse().unwrap(),
            "https://example.com/hook".parse().unwrap(),
            SigningSecrets::new("whsec_first".into()),
        )
    }

    /// The table without DynamoDB: items go in and out.
    fn table(secrets: Secrets) -> Endpoints {
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest();
        Endpoints::with(Client::from_conf(config.build()), String::new(), secrets)
    }

    fn open_table() -> Endpoints {
        let vault = Vault::of(Keyring::generate().unwrap());
        table(Secrets::of(Kind::Endpoint, vault))
    }

    async fn item(
        table: &Endpoints,
        endpoint: &WebhookEndpoint,
    ) -> HashMap<String, AttributeValue> {
        to_item(table.item(endpoint).await.unwrap()).unwrap()
    }

    async fn stored(endpoint: &WebhookEndpoint) -> WebhookEndpoint {
        let table = open_table();
        let item = item(&table, endpoint).await;
        table.endpoint(from_item(item).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_stored_comes_back_with_its_replaced_secrets_and_why_it_is_off() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let endpoint = endpoint();
        let disabled = Disabled {
            reason: DisabledReason::Gone,
            at: now,
        };
        let endpoint = WebhookEndpoint {
            method: EndpointMethod::Put,
            messages: vec![MessageKind::ReturnOrderAck],
            signing_secrets: endpoint.signing_secrets.rotated("whsk_second".into(), now),
            enabled: false,
            disabled: Some(disabled),
            give_up_after: 7200.try_into().unwrap(),
            ..endpoint
        };
        let back = stored(&endpoint).await;
        let secrets: Vec<_> = back.signing_secrets.all().iter().collect();
        let texts: Vec<_> = secrets.iter().map(|s| s.secret.expose_secret()).collect();
        assert_eq!(texts, ["whsk_second", "whsec_first"]);
        let tomorrow = Timestamp::from_second(1_800_086_400).unwrap();
        let ends: Vec<_> = secrets.iter().map(|secret| secret.signs_until).collect();
        assert_eq!(ends, [None, Some(tomorrow)]);
        assert_eq!(back.disabled, Some(disabled));
        assert_eq!(back.give_up_after, endpoint.give_up_after);
        assert_eq!(
            (back.method, &back.messages),
            (endpoint.method, &endpoint.messages)
        );
    }

    #[tokio::test]
    async fn an_endpoint_of_before_has_the_defaults_and_its_secrets_have_no_end() {
        let table = open_table();
        let mut item = item(&table, &endpoint()).await;
        for added in ["giveUpAfterSeconds", "messages", "method"] {
            item.remove(added).unwrap();
        }
        let back = table.endpoint(from_item(item).unwrap()).await.unwrap();
        assert_eq!(back.give_up_after, GiveUpAfter::default());
        assert_eq!(back.messages, DEFAULT_KINDS);
        assert_eq!(back.method, EndpointMethod::Post);
        assert_eq!(back.disabled, None);
        let ends: Vec<_> = back
            .signing_secrets
            .all()
            .iter()
            .map(|s| s.signs_until)
            .collect();
        assert_eq!(ends, [None]);
    }

    #[tokio::test]
    async fn a_secret_that_was_copied_from_another_endpoint_is_refused() {
        let table = open_table();
        let token = WebhookEndpoint {
            headers: [("authorization".to_owned(), "Bearer t".into())].into(),
            ..endpoint()
        };
        let theirs = WebhookEndpoint {
            client_id: "other".parse().unwrap(),
            ..token.clone()
        };
        let (ours, theirs) = (item(&table, &token).await, item(&table, &theirs).await);
        for field in ["headers", "signingSecrets"] {
            let mut mixed = ours.clone();
            mixed.insert(field.to_owned(), theirs[field].clone());
            let refused = table.endpoint(from_item(mixed).unwrap()).await.unwrap_err();
            assert!(
                matches!(refused, StoreFailure::Sealed(SealingFailure::Refused)),
                "{field}"
            );
        }
    }

    #[tokio::test]
    async fn without_a_vault_secrets_are_neither_seen_nor_stored() {
        let item = item(&open_table(), &endpoint()).await;
        let closed = table(Secrets::closed(Kind::Endpoint));
        let seen = closed.endpoint(from_item(item).unwrap()).await.unwrap();
        assert!(seen.headers.is_empty() && seen.signing_secrets.all().is_empty());
        assert_eq!(seen.url, endpoint().url);
        assert!(closed.item(&endpoint()).await.is_err());
    }

    #[tokio::test]
    async fn every_secret_of_an_item_is_found_and_can_be_sealed_anew() {
        let old = Keyring::generate().unwrap();
        let keyring = Keyring::from_bytes(&old.to_bytes())
            .unwrap()
            .with_new_key()
            .unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let endpoint = WebhookEndpoint {
            headers: [("x-token".to_owned(), "t".into())].into(),
            signing_secrets: endpoint()
                .signing_secrets
                .rotated("whsec_second".into(), now),
            ..endpoint()
        };
        let item = item(
            &table(Secrets::of(Kind::Endpoint, Vault::of(old))),
            &endpoint,
        )
        .await;
        let owner = Owner {
            client: "demo",
            kind: Kind::Endpoint,
            id: "sink",
        };
        let kept = kept_in(Kind::Endpoint, &item);
        let paths: Vec<_> = kept.iter().map(|kept| kept.path.len()).collect();
        assert_eq!(paths, [2, 2, 3]);
        for kept in kept {
            assert!(matches!(kept.path.first(), Some(Step::Name(_))));
            let resealed = kept.resealed(&keyring, owner).unwrap().unwrap();
            assert!(keyring.is_of_newest(&resealed), "{:?}", kept.path);
        }
    }
}
