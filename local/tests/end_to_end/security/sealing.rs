//! Secrets in the tables: bound to their places, decrypted by few functions, and resealed when the key changes.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use local::backends::{Instead, Interceptor, Moment};
use local::stack::Options;
use logistics::sealing::place::SecretKind;
use reqwest::StatusCode;
use serde_json::json;

use crate::program::program;
use crate::security::world::{Item, PATIENCE, World, event, label, text};
use crate::vendors::vendor;

const UNWRAP: &str = "TrentService.Decrypt";

/// A stack that counts its calls and has one instance of each function.
async fn counting() -> World {
    World::with(Options {
        count_calls: true,
        instance_limit: 1,
        ..Options::default()
    })
    .await
}

fn unwrapped(world: &World) -> u64 {
    world.stack.calls().get(UNWRAP).copied().unwrap_or(0)
}

#[tokio::test]
async fn an_instance_calls_kms_once_and_only_when_it_decrypts_a_secret() {
    let world = counting().await;
    let key = world.demo().api_key.clone();
    // Neither the first request of an instance nor a push decrypts anything.
    let unknown = world
        .call("rms_unknown", "POST", "/shipping-labels", None)
        .await;
    assert_eq!(unknown.status, 401);
    let nothing = world
        .call(&key, "GET", "/shipping-labels?orderNumber=none", None)
        .await;
    nothing.is_problem(404, "not-found");
    assert_eq!(unwrapped(&world), 0);
    for order in ["A-1", "A-2", "A-3"] {
        assert_eq!(world.label("magic", order).await.status, 200);
    }
    assert_eq!(unwrapped(&world), 1);
    for alias in &local::demo::ALIASES[1..] {
        let answer = world.label(alias, &format!("{alias}-1")).await;
        let expected = vendor(alias).label_status();
        assert_eq!(answer.status, expected, "{answer:?}");
    }
    assert_eq!(unwrapped(&world), 1);
    for kind in ["SHIPPED", "DELIVERED"] {
        let pushed = world.push("magic", &event("A-1", kind)).await;
        assert_eq!(pushed.status, 200, "{pushed:?}");
    }
    let sink = world.stack.sink().unwrap();
    sink.wait_for(2, PATIENCE).await.unwrap();
    assert_eq!(
        unwrapped(&world),
        2,
        "the forward function decrypts the endpoint"
    );
}

#[tokio::test]
async fn without_kms_pushes_are_accepted_and_nothing_is_bought_until_it_is_back() {
    let is_down = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&is_down);
    let interceptor = Interceptor::new(move |call| {
        let fails = call.target == UNWRAP && call.moment == Moment::BeforeEffect;
        (fails && down.load(Ordering::SeqCst)).then(|| Instead {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: r#"{"__type":"KMSInternalException","message":"down"}"#.to_owned(),
        })
    });
    let world = World::with(Options {
        interceptor: Some(interceptor),
        ..Options::default()
    })
    .await;
    let answer = world.label("magic", "A-1").await;
    answer.is_problem(503, "unavailable");
    assert!(answer.retry_after.is_some());
    let pushed = world.push("magic", &event("A-9", "SHIPPED")).await;
    assert_eq!(pushed.body["notifications"][0]["status"], "ACCEPTED");
    assert_eq!(world.calls_of_aggregators()["magic"], 0);

    is_down.store(false, Ordering::SeqCst);
    assert_eq!(world.label("magic", "A-1").await.status, 200);
    let sink = world.stack.sink().unwrap();
    sink.wait_for(1, PATIENCE).await.unwrap();
}

#[tokio::test]
async fn credentials_that_were_moved_or_altered_are_refused_and_never_sent() {
    let world = World::start().await;
    let other = operator::client::create("Thief", &world.published())
        .await
        .unwrap();
    let accounts = world.items("AccountsTable").await;
    let ours = accounts.iter().find(|item| item["alias"] == text("magic"));
    let ours = ours.unwrap();

    let mut stolen = ours.clone();
    stolen.insert("clientId".to_owned(), text(&other.client_id));
    let mut renamed = ours.clone();
    renamed.insert("alias".to_owned(), text("renamed"));
    let mut altered = ours.clone();
    altered.insert("alias".to_owned(), text("magic"));
    with_credentials(&mut altered, |name, sealed| match name {
        "authPassword" => flipped(sealed),
        _ => sealed.to_owned(),
    });
    let mut swapped = ours.clone();
    swapped.insert("alias".to_owned(), text("magic"));
    let credentials = ours["credentials"].as_m().unwrap().clone();
    with_credentials(&mut swapped, |name, _| {
        let other = match name {
            "authPassword" => "authUsername",
            _ => "authPassword",
        };
        credentials[other].as_s().unwrap().clone()
    });

    for (key, alias, item) in [
        (&other.api_key, "magic", stolen),
        (&world.demo().api_key, "renamed", renamed),
        (&world.demo().api_key, "magic", altered),
        (&world.demo().api_key, "magic", swapped),
    ] {
        world.put("AccountsTable", item).await;
        let body = label(alias, "A-1");
        let answer = world
            .call(key, "POST", "/shipping-labels", Some(&body))
            .await;
        answer.is_problem(500, "internal");
    }
    assert_eq!(world.calls_of_aggregators()["magic"], 0);
    let lines = world.stack.log().lines();
    assert!(lines.iter().any(|line| {
        line.text
            .contains("was altered or copied from another place")
    }));
}

fn with_credentials(item: &mut Item, change: impl Fn(&str, &str) -> String) {
    let credentials = item["credentials"].as_m().unwrap().clone();
    let changed = credentials.into_iter().map(|(name, sealed)| {
        let sealed = text(&change(&name, sealed.as_s().unwrap()));
        (name, sealed)
    });
    item.insert(
        "credentials".to_owned(),
        AttributeValue::M(changed.collect()),
    );
}

/// The sealed text with one letter in the middle changed.
fn flipped(sealed: &str) -> String {
    let middle = sealed.len() / 2;
    let letter = if &sealed[middle..=middle] == "A" {
        "B"
    } else {
        "A"
    };
    format!("{}{letter}{}", &sealed[..middle], &sealed[middle + 1..])
}

/// The ids of the keys that sealed the secrets in the tables.
async fn key_ids(world: &World) -> Vec<String> {
    let mut ids = Vec::new();
    for kind in SecretKind::all() {
        let Some((table, _)) = operator::reseal::sealed_in(kind) else {
            continue;
        };
        let before = ids.len();
        for item in world.items(table).await {
            gather(&AttributeValue::M(item), &mut ids);
        }
        assert!(ids.len() > before, "no sealed {kind}");
    }
    ids.sort();
    ids
}

fn gather(value: &AttributeValue, ids: &mut Vec<String>) {
    match value {
        AttributeValue::S(text) if text.starts_with("1.") => {
            ids.push(text.split('.').nth(1).unwrap().to_owned());
        }
        AttributeValue::M(values) => values.values().for_each(|value| gather(value, ids)),
        AttributeValue::L(values) => values.iter().for_each(|value| gather(value, ids)),
        _ => {}
    }
}

async fn command(words: &[&str]) -> String {
    let mut program = program(&[]).await;
    program.args(words).stderr(Stdio::piped());
    let output = program.output().await.unwrap();
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert!(output.status.success(), "{}", said(output.stderr));
    said(output.stdout)
}

#[tokio::test]
async fn after_a_rotation_everything_can_be_decrypted_and_resealed_while_functions_run() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::with_data(Options::default(), directory, true).await;
    // Items that the next start does not rewrite: a session, an account of each kind and an endpoint.
    world.label("shiprocket", "A-1").await;
    let account = json!({
        "aggregator": "CLICKPOST", "credentials": { "username": "second", "key": "a-key-of-its-own" },
        "webhookKey": "a-webhook-key-of-its-own",
    });
    let path = "/logistic-accounts/second";
    let made = world.as_demo("PUT", path, Some(&account)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let shop = json!({
        "channel": "SHOPIFY", "credentials": { "clientSecret": "a-secret-of-its-own" },
        "settings": { "shopDomain": "brand.myshopify.com" },
    });
    let made = world
        .as_demo("PUT", "/channel-accounts/shop", Some(&shop))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let endpoint = json!({
        "url": format!("{}/second", world.stack.sink_url()), "headers": { "x-token": "a-token" },
    });
    let made = world
        .as_demo("PUT", "/webhook-endpoints/second", Some(&endpoint))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let rotated = world
        .as_demo("POST", "/webhook-endpoints/second/rotate-secret", None)
        .await;
    assert_eq!(rotated.status, 200, "{rotated:?}");
    let before = key_ids(&world).await;
    assert!(before.len() >= 12, "{before:?}");
    let directory = world.stop().await;

    let data = directory.path().join("data");
    let said = command(&["keyring", "rotate", "--data", data.to_str().unwrap()]).await;
    assert!(said.contains("2 keys"), "{said}");
    let world = World::with_data(Options::default(), directory, true).await;
    let mixed = key_ids(&world).await;
    assert_eq!(mixed.len(), before.len());
    assert!(
        mixed.contains(&before[0]) && mixed.first() != mixed.last(),
        "{mixed:?}"
    );
    let vault = world.stack.backends().vault();
    let newest = vault
        .keyring()
        .await
        .unwrap()
        .ids()
        .next()
        .unwrap()
        .to_owned();

    let place = operator::tables::Place::RunningStack(world.published());
    let done = operator::reseal::reseal(&place, &vault).await.unwrap();
    assert!(done.resealed > 0 && done.refused.is_empty(), "{done:?}");
    let after = key_ids(&world).await;
    assert_eq!(after, vec![newest; before.len()]);
    let again = operator::reseal::reseal(&place, &vault).await.unwrap();
    assert_eq!((again.resealed, again.items), (0, done.items));
    let answer = world.label("shiprocket", "A-2").await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_secret_that_cannot_be_decrypted_is_reported_and_unchanged() {
    let world = World::start().await;
    let mut accounts = world.items("AccountsTable").await;
    let mut item = accounts.remove(0);
    let alias = item["alias"].as_s().unwrap().clone();
    with_credentials(&mut item, |_, sealed| {
        format!("1.00000000{}", &sealed[10..])
    });
    world.put("AccountsTable", item.clone()).await;
    let vault = world.stack.backends().vault();
    let place = operator::tables::Place::RunningStack(world.published());
    let done = operator::reseal::reseal(&place, &vault).await.unwrap();
    assert_eq!(done.refused, [format!("demo/account {alias}")]);
    assert!(world.items("AccountsTable").await.contains(&item));
}
