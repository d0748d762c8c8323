//! The stored form of an endpoint, and which parts are sealed.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_dynamo::to_item;

use super::*;
use crate::sealing::keyring::Keyring;
use crate::sealing::place::SecretOwner;
use crate::sealing::vault::Vault;
use crate::store::items::from_item;
use crate::store::secrets::{Secrets, Step, kept_in};

fn endpoint() -> WebhookEndpoint {
    WebhookEndpoint::new(
        "demo".parse().unwrap(),
        "sink".parse().unwrap(),
        "https://example.com/hook".parse().unwrap(),
        SigningSecrets::new("whsec_first".into()),
    )
}

/// The table without DynamoDB: for converting items only.
fn table(secrets: Secrets) -> Endpoints {
    let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest();
    Endpoints::with(
        Client::from_conf(config.build()).into(),
        String::new(),
        secrets,
    )
}

fn open_table() -> Endpoints {
    let vault = Vault::of(Keyring::generate().unwrap());
    table(Secrets::of(SecretKind::Endpoint, vault))
}

async fn item(table: &Endpoints, endpoint: &WebhookEndpoint) -> HashMap<String, AttributeValue> {
    to_item(table.sealed(endpoint).await.unwrap()).unwrap()
}

async fn stored(endpoint: &WebhookEndpoint) -> WebhookEndpoint {
    let table = open_table();
    let item = item(&table, endpoint).await;
    table.opened(from_item(item).unwrap()).await.unwrap()
}

#[tokio::test]
async fn an_endpoint_is_restored_with_replaced_secrets_and_disabled_reason() {
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
async fn an_endpoint_of_an_earlier_version_gets_the_defaults() {
    let table = open_table();
    let mut item = item(&table, &endpoint()).await;
    for added in ["giveUpAfterSeconds", "messages", "method"] {
        item.remove(added).unwrap();
    }
    let back = table.opened(from_item(item).unwrap()).await.unwrap();
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
async fn a_secret_copied_from_another_endpoint_is_refused() {
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
        let refused = table.opened(from_item(mixed).unwrap()).await.unwrap_err();
        assert!(
            matches!(refused, StoreFailure::Sealed(SealingFailure::Refused)),
            "{field}"
        );
    }
}

#[tokio::test]
async fn without_a_vault_secrets_are_neither_seen_nor_stored() {
    let item = item(&open_table(), &endpoint()).await;
    let closed = table(Secrets::closed(SecretKind::Endpoint));
    let seen = closed.opened(from_item(item).unwrap()).await.unwrap();
    assert!(seen.headers.is_empty() && seen.signing_secrets.all().is_empty());
    assert_eq!(seen.url, endpoint().url);
    assert!(closed.sealed(&endpoint()).await.is_err());
}

#[tokio::test]
async fn every_secret_of_an_item_is_found_and_can_be_resealed() {
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
        &table(Secrets::of(SecretKind::Endpoint, Vault::of(old))),
        &endpoint,
    )
    .await;
    let owner = SecretOwner {
        client: "demo",
        kind: SecretKind::Endpoint,
        id: "sink",
    };
    let kept = kept_in(SecretKind::Endpoint, &item);
    let paths: Vec<_> = kept.iter().map(|kept| kept.path.len()).collect();
    assert_eq!(paths, [2, 2, 3]);
    for kept in kept {
        assert!(matches!(kept.path.first(), Some(Step::Name(_))));
        let resealed = kept.resealed(&keyring, owner).unwrap().unwrap();
        assert!(keyring.is_of_newest(&resealed), "{:?}", kept.path);
    }
}
