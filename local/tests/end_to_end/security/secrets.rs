//! No secret is readable in logs, tables, queues, answers or on the disk: the whole product runs, and then everything that it
//! wrote is searched for each secret in every usual encoding.

use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use local::sink::Behaviour;
use local::stack::Options;
use logistics::aggregators::PushProof;
use logistics::store::packed::unpack;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use crate::security::left::{Left, Secrets, hex};
use crate::security::world::{Answer, PATIENCE, World, event};
use crate::vendors::vendor;

/// The demo's secrets by their origin.
fn demo_secrets(data: &Path) -> Secrets {
    let demo: Value =
        serde_json::from_slice(&std::fs::read(data.join("demo.json")).unwrap()).unwrap();
    let mut secrets = Secrets::new();
    let mut take = |name: String, value: &Value| {
        secrets.insert(name, value.as_str().unwrap().to_owned());
    };
    for name in ["api_key", "endpoint_token"] {
        take(name.to_owned(), &demo[name]);
    }
    for (alias, password) in demo["passwords"].as_object().unwrap() {
        take(format!("the password of {alias}"), password);
    }
    for (alias, push) in demo["pushes"].as_object().unwrap() {
        take(format!("the push key of {alias}"), &push["key"]);
        if vendor(alias).adapter().push_proof() != PushProof::Credential {
            take(format!("the push token of {alias}"), &push["name"]);
        }
    }
    for (alias, hook) in demo["hooks"].as_object().unwrap() {
        take(format!("the webhook token of {alias}"), &hook["name"]);
        take(format!("the credential of {alias}"), &hook["key"]);
    }
    let others = demo["endpoints"].as_object().unwrap().iter();
    let main = ("demo-sink", &demo["signing_secret"]);
    for (id, signing) in others
        .map(|(id, secret)| (id.as_str(), secret))
        .chain([main])
    {
        let signing = signing.as_str().unwrap();
        secrets.insert(
            format!("the signing secret of {id}"),
            signing["whsec_".len()..].to_owned(),
        );
    }
    let pair = format!(
        "rms@brand.example:{}",
        demo["passwords"]["shipway"].as_str().unwrap()
    );
    secrets.insert("the pair of shipway".to_owned(), pair.clone());
    let hash = hex(&Md5::digest(&pair));
    secrets.insert("the hash of shipway's pushes".to_owned(), hash);
    secrets
}

/// Labels, pushes and deliveries, valid and invalid.
async fn trade(world: &World, left: &mut Left) {
    for alias in local::demo::ALIASES {
        let order = format!("{alias}-1");
        let bought = world.label(alias, &order).await;
        assert_eq!(bought.status, vendor(alias).label_status(), "{bought:?}");
        left.answer(&format!("a label of {alias}"), &bought);
        let refused = world.label("none", &order).await;
        left.answer("a label of no account", &refused);
        // One that has none yet is named by its order.
        let awb = bought.body["awb"].as_str().unwrap_or(&order);
        let url = format!("{}/{alias}/advance", world.stack.simulator_url());
        let body = json!({ "awb": awb, "to": "DELIVERED" });
        left.answer(
            "advance",
            &Answer::to(world.http.post(url).json(&body)).await,
        );
    }
    let url = format!("{}/shopify/orders", world.stack.simulator_url());
    let order = json!({ "id": 1, "name": "#1", "tags": ["vip"] });
    let sent = Answer::to(world.http.post(url).json(&order)).await;
    assert_eq!(sent.status, 200, "{sent:?}");
    left.answer("a shop's order", &sent);
    // The aggregator refuses, breaks off, does not answer or answers garbage.
    for (number, kind) in ["refuse", "garbage", "reset", "timeoutAfterEffect"]
        .iter()
        .enumerate()
    {
        let fault = json!({ "next": [{ "call": "generateShippingLabel", "kind": kind }] });
        let url = format!("{}/magic/faults", world.stack.simulator_url());
        Answer::to(world.http.put(url).body(fault.to_string())).await;
        if *kind != "timeoutAfterEffect" {
            let answer = world.label("magic", &format!("faulty-{number}")).await;
            left.answer(kind, &answer);
        }
    }
}

/// A failing endpoint, wrong credentials, and Shipway's secret in a body.
async fn fail(world: &World, secrets: &Secrets, left: &mut Left) {
    let sink = world.stack.sink().unwrap();
    let failing = json!({ "status": 500, "failNext": 2 });
    sink.behave(serde_json::from_value::<Behaviour>(failing).unwrap())
        .unwrap();
    left.answer(
        "a push",
        &world.push("magic", &event("failing", "SHIPPED")).await,
    );
    let hash = &secrets["the hash of shipway's pushes"];
    let classic = json!({ "hash": hash, "status_feed": [{
        "order_id": "feed-1", "awbno": "feed-awb", "current_status": "DEL", "status_time": "2026-11-21 10:00:00",
    }] });
    left.answer("shipway's push", &world.push("shipway", &classic).await);
    let unread = json!({ "hash": hash, "status_feed": "no list" });
    left.answer("an unreadable push", &world.push("shipway", &unread).await);
    for (alias, account) in &world.demo().accounts {
        let mut request = world.http.post(&account.push_url).body("not JSON");
        for (name, value) in &account.headers {
            request = request.header(name, value);
        }
        left.answer(&format!("garbage as {alias}"), &Answer::to(request).await);
        let wrong = world.http.post(&account.push_url).json(&json!({}));
        left.answer("a push without its key", &Answer::to(wrong).await);
    }
    let unsigned = &world.demo().channels["shopify"].webhook_url;
    let unsigned = world.http.post(unsigned).json(&json!({ "id": 1 }));
    left.answer("a webhook without a signature", &Answer::to(unsigned).await);
    let key = &secrets["api_key"];
    let wrong_place = world.request("GET", &format!("/notifications?orderNumber={key}"));
    left.answer(
        "a key in the query",
        &Answer::to(wrong_place.bearer_auth(format!("{key}x"))).await,
    );
}

/// Creates, reads and changes configuration; adds the secrets that appear only here.
async fn configure(world: &World, secrets: &mut Secrets, left: &mut Left) {
    let sent = [
        ("a header that was configured", "header-token-4f9d1c7be2"),
        ("a password that was configured", "basic-password-77aa01c3"),
    ];
    let body = json!({
        "url": format!("{}/second", world.stack.sink_url()),
        "headers": { "x-token": sent[0].1 },
        "basic": { "username": "rms", "password": sent[1].1 },
    });
    for (name, secret) in sent {
        secrets.insert(name.to_owned(), secret.to_owned());
    }
    let path = "/webhook-endpoints/second";
    let made = world.as_demo("PUT", path, Some(&body)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let rotated = world
        .as_demo("POST", &format!("{path}/rotate-secret"), None)
        .await;
    for (name, answer) in [("first", &made), ("second", &rotated)] {
        let secret = answer.body["signingSecret"].as_str().unwrap();
        let secret = secret["whsec_".len()..].to_owned();
        secrets.insert(format!("the {name} signing secret"), secret);
    }
    let account = json!({
        "aggregator": "CLICKPOST", "credentials": { "username": "second", "key": "configured-key-5be0cd19" },
        "webhookKey": "configured-webhook-key-9b05688c", "settings": { "sellerGstin": "29ABCDE1234F1Z5" },
    });
    for name in ["/credentials/key", "/webhookKey"] {
        let secret = account.pointer(name).unwrap().as_str().unwrap();
        secrets.insert(format!("the configured {name}"), secret.to_owned());
    }
    let path_of_account = "/logistic-accounts/second";
    let saved = world.as_demo("PUT", path_of_account, Some(&account)).await;
    assert_eq!(saved.status, 201, "{saved:?}");
    let url = saved.body["pushUrl"].as_str().unwrap();
    let token = url.rsplit('/').next().unwrap().to_owned();
    secrets.insert("the new push token".to_owned(), token);
    left.add("the account as it was made", without_url(&saved.body));
    let check = format!("{path_of_account}/check");
    left.answer("a check", &world.as_demo("POST", &check, None).await);
    let magic = json!({
        "aggregator": "RMS_MAGIC", "urls": { "generateShippingLabel": "https://127.0.0.1/" },
        "credentials": { "authUsername": "rms", "authPassword": "configured-key-5be0cd19", "key": 5 },
    });
    let wrong = world
        .as_demo("PUT", "/logistic-accounts/third", Some(&magic))
        .await;
    assert_eq!(wrong.status, 422, "{wrong:?}");
    left.answer("a wrong account", &wrong);
    for path in [
        "/logistic-accounts",
        path_of_account,
        "/logistic-accounts/magic",
    ] {
        let shown = world.as_demo("GET", path, None).await;
        assert_eq!(shown.status, 200, "{shown:?}");
        left.add(path, without_url(&shown.body));
    }
    let key = json!({ "label": "reader", "scopes": ["notifications", "configuration"] });
    let minted = world.as_demo("POST", "/api-keys", Some(&key)).await;
    let key = minted.body["apiKey"].as_str().unwrap().to_owned();
    secrets.insert("a key that was minted".to_owned(), key.clone());
    left.answer(
        "a test delivery",
        &world.as_demo("POST", &format!("{path}/test"), None).await,
    );
    left.answer(
        "the same PUT",
        &world.as_demo("PUT", path, Some(&body)).await,
    );
    let forbidden = json!({ "url": "https://127.0.0.1/", "headers": { "host": sent[0].1 }, "basic": sent[1].1 });
    left.answer(
        "a wrong PUT",
        &world.as_demo("PUT", path, Some(&forbidden)).await,
    );
    left.answer(
        "no scope",
        &world
            .call(&key, "GET", "/shipping-labels?orderNumber=a", None)
            .await,
    );
    for path in [
        "/webhook-endpoints",
        path,
        "/webhook-endpoints/demo-sink",
        "/api-keys",
        "/audit",
        "/notifications?orderNumber=magic-1",
        "/notifications?orderNumber=failing",
        "/shipments/shipway-1",
        "/notifications?status=unmapped",
        "/openapi.json",
    ] {
        left.answer(path, &world.call(&key, "GET", path, None).await);
    }
}

/// An answer about accounts without their push URLs, whose tokens the client must see.
fn without_url(body: &Value) -> String {
    match body {
        Value::Object(fields) => {
            let others = fields.iter().filter(|(name, _)| *name != "pushUrl");
            let fields: Vec<_> = others
                .map(|(name, value)| format!("{name}: {}", without_url(value)))
                .collect();
            fields.join("\n")
        }
        Value::Array(entries) => entries.iter().map(without_url).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => body.to_string(),
    }
}

/// The content of the tables, including packed content.
async fn tables(world: &World, left: &mut Left) {
    for table in world.stack.resources().tables.keys() {
        for item in world.items(table).await {
            texts(table, &AttributeValue::M(item), left);
        }
    }
}

fn texts(place: &str, value: &AttributeValue, left: &mut Left) {
    match value {
        AttributeValue::S(text) => left.add(place, text.as_bytes()),
        AttributeValue::B(bytes) => {
            left.add(place, bytes.as_ref());
            left.add(place, unpack(bytes.as_ref()).unwrap_or_default());
        }
        AttributeValue::M(values) => {
            for value in values.values() {
                texts(place, value, left);
            }
        }
        AttributeValue::L(values) => values.iter().for_each(|value| texts(place, value, left)),
        _ => {}
    }
}

fn files(directory: &Path, left: &mut Left) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        // The demo's own file, which only its owner can read.
        if path.is_dir() {
            files(&path, left);
        } else if !path.ends_with("demo.json") {
            left.add(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
}

#[tokio::test]
async fn no_secret_is_left_in_logs_tables_queues_answers_or_on_the_disk() {
    let options = Options {
        environment: [("RUST_LOG".to_owned(), "debug".to_owned())].into(),
        ..Options::default()
    };
    let world = World::with_data(options, tempfile::tempdir().unwrap(), true).await;
    let data = world.directory.path().join("data");
    let mut secrets = demo_secrets(&data);
    let account = &world.demo().accounts["shipper"];
    let proof = format!("{}{}json", account.password, account.push_url);
    let proof = hex(&Md5::digest(&proof));
    secrets.insert("the proof of shipper's pushes".to_owned(), proof);
    let mut left = Left::default();
    trade(&world, &mut left).await;
    fail(&world, &secrets, &mut left).await;
    configure(&world, &mut secrets, &mut left).await;
    let sink = world.stack.sink().unwrap();
    let arrived = sink.wait_for(10, PATIENCE).await.unwrap();
    // The client receives its own secrets, which proves that the search uses the right encodings.
    let mut at_client = Left::default();
    at_client.add("the client", format!("{arrived:?}"));
    assert!(!at_client.places_of(&secrets).is_empty());

    tables(&world, &mut left).await;
    let log = world.stack.log().lines();
    assert!(log.len() > 50, "{} lines", log.len());
    for line in log {
        left.add(format!("log of {}", line.source), line.text);
    }
    // The stack's own file has the demo's secrets for scripts; it is removed when the stack stops.
    let directory = world.stop().await;
    files(&directory.path().join("data"), &mut left);
    let found = left.places_of(&secrets);
    assert!(found.is_empty(), "{found:#?}");
}
