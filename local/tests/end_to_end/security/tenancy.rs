//! Every route with every unauthorized caller: a refused request changes nothing, and another client finds nothing of this
//! client.
//!
//! [`table`] has a row for each described route. A route without a row fails the test.

mod everything;
mod owned;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan as _};
use logistics::domain::client::Scope;
use serde_json::{Value, json};

use crate::security::world::{Answer, World};
use owned::{Asked, Owned};
use table::Foreign::{Own, Refused};
use table::Guard::{Either, Key, Public, Push};
use table::rows;

/// Keys that are refused, each with the status of the answer; `None` means no key.
async fn closed(world: &World) -> Vec<(&'static str, Option<String>, u16)> {
    let revoked = minted(world, &Scope::all().collect::<Vec<_>>()).await;
    let path = format!("/api-keys/{}", revoked.id);
    assert_eq!(world.as_demo("DELETE", &path, None).await.status, 204);
    let expired = minted(world, &Scope::all().collect::<Vec<_>>()).await;
    let mut items = world.items("ApiKeysTable").await.into_iter();
    let mut item = items
        .find(|item| item["keyId"].as_s() == Ok(&expired.id))
        .unwrap();
    let past = Timestamp::now().checked_sub(1.second()).unwrap();
    item.insert("expiresAt".to_owned(), AttributeValue::S(past.to_string()));
    world.put("ApiKeysTable", item).await;
    vec![
        ("no key", None, 401),
        ("an unknown key", Some("rms_unknown".to_owned()), 401),
        ("an expired key", Some(expired.key), 401),
        ("a revoked key", Some(revoked.key), 401),
    ]
}

struct Minted {
    id: String,
    key: String,
}

async fn minted(world: &World, scopes: &[Scope]) -> Minted {
    let body = json!({ "label": "test", "scopes": scopes });
    let answer = world.as_demo("POST", "/api-keys", Some(&body)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let text = |field: &str| answer.body[field].as_str().unwrap().to_owned();
    Minted {
        id: text("id"),
        key: text("apiKey"),
    }
}

async fn ask(world: &World, route: &str, asked: &Asked, key: Option<&str>) -> Answer {
    let (method, _) = route.split_once(' ').unwrap();
    let mut request = world.request(method, &asked.path);
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    if let Some(body) = &asked.body {
        request = request.json(body);
    }
    Answer::to(request).await
}

/// The scopes that the description requires of a route, for each way of sending a key.
fn described_scopes(description: &Value, route: &str) -> BTreeSet<(String, String)> {
    let (method, path) = route.split_once(' ').unwrap();
    let security = &description["paths"][path][method.to_lowercase()]["security"];
    let mut found = BTreeSet::new();
    for scheme in security.as_array().into_iter().flatten() {
        for (scheme, scopes) in scheme.as_object().unwrap() {
            let scopes = scopes.as_array().unwrap().iter();
            found.extend(scopes.map(|scope| (scheme.clone(), scope.as_str().unwrap().to_owned())));
        }
    }
    found
}

#[tokio::test]
async fn the_description_names_the_scopes_of_each_route_and_each_of_them_is_enough() {
    let world = World::start().await;
    let owned = Owned::make(&world).await;
    let description = Answer::to(world.request("GET", "/openapi.json")).await.body;
    let mut keys = BTreeMap::new();
    for scope in Scope::all() {
        keys.insert(scope, minted(&world, &[scope]).await.key);
    }
    for (route, guard, _) in rows(&world).await {
        let scopes = guard.scopes();
        let named = ["apiKey", "bearer"].into_iter().flat_map(|scheme| {
            let scopes = scopes.iter();
            scopes.map(|scope| (scheme.to_owned(), scope.to_string()))
        });
        assert_eq!(
            described_scopes(&description, route),
            named.collect(),
            "{route}"
        );
        for scope in scopes {
            let asked = owned.asked(&world, route, false);
            let answer = ask(&world, route, &asked, keys.get(scope).map(String::as_str)).await;
            // The bodies of these routes want a scope that the key lacks.
            let grants = ["POST /api-keys", "POST /console-links"];
            let is_let_in = grants.contains(&route) || answer.status != 403;
            let is_let_in = is_let_in && answer.status != 401;
            assert!(is_let_in, "{route} with {scope}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn an_unauthorized_caller_is_refused_and_changes_nothing() {
    let world = World::start().await;
    let owned = Owned::make(&world).await;
    let closed = closed(&world).await;
    let mut lacking = BTreeMap::new();
    for (_, guard, _) in rows(&world).await {
        let scopes = guard.scopes();
        if !scopes.is_empty() && !lacking.contains_key(scopes) {
            let others: Vec<_> = Scope::all()
                .filter(|other| !scopes.contains(other))
                .collect();
            lacking.insert(scopes.to_vec(), minted(&world, &others).await.key);
        }
    }
    let before = world.everything(false).await;
    for (route, guard, _) in rows(&world).await {
        let mut callers = closed.clone();
        match guard {
            Public => continue,
            Key(_) | Either(_) => {
                let key = lacking.get(guard.scopes()).cloned();
                callers.push(("a key without the scope", key, 403));
            }
            Push => callers.push(("a key", Some(world.demo().api_key.clone()), 401)),
        }
        for (caller, key, status) in callers {
            for exists in [true, false] {
                let asked = owned.asked(&world, route, exists);
                let answer = ask(&world, route, &asked, key.as_deref()).await;
                let slug = if status == 403 {
                    "forbidden"
                } else {
                    "unauthenticated"
                };
                assert_eq!(
                    (answer.status, answer.slug()),
                    (status, slug),
                    "{route} by {caller}: {answer:?}"
                );
            }
        }
        let after = world.everything(false).await;
        let changed: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(changed.is_empty(), "{route}: {changed:#?}");
    }
}

#[tokio::test]
async fn another_client_finds_nothing_of_this_one_and_changes_nothing_of_it() {
    let world = World::start().await;
    let owned = Owned::make(&world).await;
    let before = world.everything(true).await;
    for (route, guard, foreign) in rows(&world).await {
        if guard.scopes().is_empty() {
            continue;
        }
        // One client for each row, so that it does not find in one row what it created in another.
        let other = operator::client::create("Other", &world.published())
            .await
            .unwrap();
        for exists in [true, false] {
            let asked = owned.asked(&world, route, exists);
            let answer = ask(&world, route, &asked, Some(&other.api_key)).await;
            match foreign {
                Refused(status, slug) => assert_eq!(
                    (answer.status, answer.slug()),
                    (status, slug),
                    "{route}: {answer:?}"
                ),
                Own(status) => assert_eq!(answer.status, status, "{route}: {answer:?}"),
            }
            let said = answer.body.to_string();
            for mark in owned.marks() {
                assert!(!said.contains(mark), "{route} shows {mark}: {said}");
            }
        }
        let after = world.everything(true).await;
        let changed: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(changed.is_empty(), "{route}: {changed:#?}");
    }
}
