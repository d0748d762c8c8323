//! API keys: created, used, listed, revoked; and the first key of a client.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use local::backends::{BackendOptions, Backends, Interceptor, Moment};
use local::stack::Options;
use logistics::aws::DynamoDb;
use serde_json::{Value, json};

use crate::program::program;
use crate::security::world::{Answer, World, label};

/// Creates a key with these scopes, authenticated by another key.
async fn mint(world: &World, by: &str, scopes: &[&str]) -> Answer {
    let body = json!({ "label": "OMS", "scopes": scopes });
    world.call(by, "POST", "/api-keys", Some(&body)).await
}

fn text(answer: &Answer, field: &str) -> String {
    answer.body[field].as_str().unwrap().to_owned()
}

async fn listed(world: &World, by: &str) -> Vec<Value> {
    let answer = world.call(by, "GET", "/api-keys", None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["cursor"], Value::Null);
    answer.body["apiKeys"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_key_is_shown_once_allows_only_its_scopes_and_ends_when_it_is_revoked() {
    let world = World::start().await;
    let demo = world.demo().api_key.clone();
    let minted = mint(&world, &demo, &["shipping"]).await;
    assert_eq!(minted.status, 201, "{minted:?}");
    let (id, key) = (text(&minted, "id"), text(&minted, "apiKey"));
    assert_eq!(minted.body["label"], "OMS");
    assert_eq!(minted.body["scopes"], json!(["shipping"]));

    let body = label("magic", "A-1");
    let bought = world
        .call(&key, "POST", "/shipping-labels", Some(&body))
        .await;
    assert_eq!(bought.status, 200, "{bought:?}");
    let forbidden = world.call(&key, "GET", "/api-keys", None).await;
    forbidden.is_problem(403, "forbidden");

    let keys = listed(&world, &demo).await;
    assert!(!json!(keys).to_string().contains(&key));
    let shown = keys.iter().find(|shown| shown["id"] == id).unwrap();
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    assert_eq!(shown["lastUsedOn"], today);
    assert_eq!(shown["expiresAt"], Value::Null);

    let path = format!("/api-keys/{id}");
    let revoked = world.call(&demo, "DELETE", &path, None).await;
    assert_eq!((revoked.status, revoked.body), (204, Value::Null));
    // An instance that has not cached the key reads it and refuses it.
    let refused = world
        .call(&key, "GET", "/return-awbs?orderNumber=A-1", None)
        .await;
    refused.is_problem(401, "unauthenticated");
    assert!(
        listed(&world, &demo)
            .await
            .iter()
            .all(|shown| shown["id"] != id)
    );
    let again = world.call(&demo, "DELETE", &path, None).await;
    again.is_problem(404, "not-found");

    let audit = world.call(&demo, "GET", "/audit", None).await;
    let changes = audit.body["changes"].as_array().unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|change| (change["id"].clone(), change["action"].clone()))
        .collect();
    assert_eq!(
        told,
        [(json!(id), json!("DELETED")), (json!(id), json!("CREATED"))]
    );
    assert_eq!(changes[0]["keyId"], "key_demo");
    assert_eq!(changes[1]["fields"], json!(["label", "scopes"]));
}

#[tokio::test]
async fn a_key_cannot_create_a_key_with_more_scopes() {
    let world = World::start().await;
    let demo = world.demo().api_key.clone();
    let minted = mint(&world, &demo, &["configuration", "returns"]).await;
    let key = text(&minted, "apiKey");
    let before = world.items("ApiKeysTable").await.len();
    for scopes in [&["shipping"][..], &["returns", "notifications"]] {
        mint(&world, &key, scopes)
            .await
            .is_problem(403, "forbidden");
    }
    assert_eq!(world.items("ApiKeysTable").await.len(), before);
    assert_eq!(mint(&world, &key, &["returns"]).await.status, 201);
}

#[tokio::test]
async fn a_key_creates_no_key_that_outlives_it() {
    let world = World::start().await;
    let in_hours = |hours: i64| Timestamp::now().checked_add(hours.hours()).unwrap();
    let create = async |by: &str, end: Option<Timestamp>| {
        let mut body = json!({ "label": "of limited age", "scopes": ["configuration"] });
        body["expiresAt"] = json!(end.map(|end| end.to_string()));
        let minted = world.call(by, "POST", "/api-keys", Some(&body)).await;
        assert_eq!(minted.status, 201, "{minted:?}");
        let end: Option<Timestamp> = minted.body["expiresAt"]
            .as_str()
            .map(|end| end.parse().unwrap());
        (text(&minted, "apiKey"), end)
    };
    let end = in_hours(2);
    let (first, its_end) = create(&world.demo().api_key, Some(end)).await;
    assert_eq!(its_end, Some(end));
    for (wanted, expected) in [
        (None, end),
        (Some(in_hours(3)), end),
        (Some(end), end),
        (Some(in_hours(1)), in_hours(1)),
    ] {
        let (second, its_end) = create(&first, wanted).await;
        let its_end = its_end.unwrap();
        assert!(its_end <= expected, "{wanted:?} gives {its_end}");
        assert!(
            its_end >= in_hours(1) - 1.minute(),
            "{wanted:?} gives {its_end}"
        );
        let (_, end_of_third) = create(&second, None).await;
        assert_eq!(end_of_third, Some(its_end));
    }
    let stored = world.items("ApiKeysTable").await;
    let without_end = stored.iter().filter(|item| !item.contains_key("expiresAt"));
    assert_eq!(without_end.count(), 1, "the demo client's own key");
    let audit = world.call(&first, "GET", "/audit", None).await;
    assert_eq!(
        audit.body["changes"][0]["fields"],
        json!(["label", "scopes", "expiresAt"])
    );
}

#[tokio::test]
async fn invalid_fields_of_a_key_request_are_named() {
    let world = World::start().await;
    let demo = world.demo().api_key.clone();
    let before = world.items("ApiKeysTable").await.len();
    let long = "l".repeat(101);
    for (body, pointers) in [
        (json!({}), vec!["/label", "/scopes"]),
        (
            json!({ "label": "", "scopes": [] }),
            vec!["/label", "/scopes"],
        ),
        (
            json!({ "label": long, "scopes": ["everything"], "expiresAt": "2020-01-01T00:00:00Z" }),
            vec!["/label", "/scopes/0", "/expiresAt"],
        ),
        (
            json!({ "label": 5, "scopes": "shipping", "expiresAt": "soon" }),
            vec!["/label", "/scopes", "/expiresAt"],
        ),
    ] {
        let answer = world.call(&demo, "POST", "/api-keys", Some(&body)).await;
        answer.is_problem(422, "invalid-request");
        let errors = answer.body["errors"].as_array().unwrap();
        let found: Vec<_> = errors.iter().map(|error| &error["pointer"]).collect();
        assert_eq!(found, pointers, "{body}");
    }
    for odd in ["a%20b", "a.b", &"k".repeat(65)] {
        let path = format!("/api-keys/{odd}");
        let answer = world.call(&demo, "DELETE", &path, None).await;
        answer.is_problem(422, "invalid-request");
    }
    assert_eq!(world.items("ApiKeysTable").await.len(), before);
}

#[tokio::test]
async fn an_expired_key_is_refused_and_listed_until_it_is_deleted() {
    let world = World::start().await;
    let demo = world.demo().api_key.clone();
    let end = Timestamp::now().checked_add(1.hour()).unwrap();
    let body = json!({ "label": "an hour", "scopes": ["shipping"], "expiresAt": end.to_string() });
    let minted = world.call(&demo, "POST", "/api-keys", Some(&body)).await;
    assert_eq!(minted.status, 201, "{minted:?}");
    let (id, key) = (text(&minted, "id"), text(&minted, "apiKey"));
    let mut items = world.items("ApiKeysTable").await.into_iter();
    let mut item = items.find(|item| item["keyId"].as_s() == Ok(&id)).unwrap();
    let past = Timestamp::now().checked_sub(1.second()).unwrap();
    item.insert("expiresAt".to_owned(), AttributeValue::S(past.to_string()));
    world.put("ApiKeysTable", item).await;
    let path = "/shipping-labels?orderNumber=A-1";
    let refused = world.call(&key, "GET", path, None).await;
    refused.is_problem(401, "unauthenticated");
    assert!(
        listed(&world, &demo)
            .await
            .iter()
            .any(|shown| shown["id"] == id)
    );
}

/// The operations on tables, each with the name of the table.
async fn observed() -> (World, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let calls = Arc::clone(&seen);
    let interceptor = Interceptor::new(move |call| {
        if call.moment == Moment::BeforeEffect {
            let request: Value = serde_json::from_slice(&call.request).unwrap_or_default();
            let operation = call.target.rsplit('.').next().unwrap();
            let table = request["TableName"].as_str().unwrap_or_default();
            calls.lock().unwrap().push(format!("{operation} {table}"));
        }
        None
    });
    let world = World::with(Options {
        instance_limit: 1,
        interceptor: Some(interceptor),
        ..Options::default()
    })
    .await;
    (world, seen)
}

#[tokio::test]
async fn a_key_costs_an_instance_one_read_a_minute_and_one_write_a_day_and_an_unknown_key_one_read()
{
    let (world, seen) = observed().await;
    let demo = world.demo().api_key.clone();
    let path = "/shipments/none";
    seen.lock().unwrap().clear();
    for _ in 0..5 {
        let answer = world.call(&demo, "GET", path, None).await;
        answer.is_problem(404, "not-found");
    }
    let known = std::mem::take(&mut *seen.lock().unwrap());
    let count = |calls: &[String], what: &str| calls.iter().filter(|call| *call == what).count();
    assert_eq!(count(&known, "GetItem ApiKeysTable"), 1);
    assert_eq!(count(&known, "PutItem KeyUsesTable"), 1);
    for _ in 0..5 {
        let answer = world.call("rms_made-up", "GET", path, None).await;
        answer.is_problem(401, "unauthenticated");
    }
    let unknown = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(unknown, ["GetItem ApiKeysTable"]);
}

#[tokio::test]
async fn keys_come_in_pages() {
    let world = World::start().await;
    let created = operator::client::create("Many keys", &world.published())
        .await
        .unwrap();
    for _ in 0..60 {
        assert_eq!(
            mint(&world, &created.api_key, &["returns"]).await.status,
            201
        );
    }
    let first = world.call(&created.api_key, "GET", "/api-keys", None).await;
    assert_eq!(first.body["apiKeys"].as_array().unwrap().len(), 50);
    let path = format!("/api-keys?cursor={}", text(&first, "cursor"));
    let second = world.call(&created.api_key, "GET", &path, None).await;
    assert_eq!(second.body["apiKeys"].as_array().unwrap().len(), 11);
    assert_eq!(second.body["cursor"], Value::Null);
    let odd = world
        .call(&created.api_key, "GET", "/api-keys?cursor=a%20b", None)
        .await;
    odd.is_problem(400, "invalid-parameter");
}

async fn create(words: &[&str], environment: &[(&str, &str)]) -> Result<Value, String> {
    let mut program = program(environment).await;
    program.args(["client", "create", "Brand & Söhne", "--json"]);
    program.args(words).stderr(Stdio::piped());
    let output = program.output().await.unwrap();
    if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    }
}

#[tokio::test]
async fn the_first_client_of_a_deployed_stack_needs_only_credentials_for_dynamodb() {
    let backends = Backends::start(BackendOptions::default()).await.unwrap();
    let dynamodb = backends.dynamodb_client();
    let table = "rms-ApiKeysTable-1AB2CD";
    for name in [table, "rms-ApiKeysTable", "rms-ApiKeysTable2-1AB2CD"] {
        make_table(&dynamodb, name).await;
    }
    let environment = [
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "ap-south-1"),
        ("AWS_ENDPOINT_URL_DYNAMODB", backends.dynamodb_url.as_str()),
    ];
    let by_name = create(&["--aws", "--stack-name", "rms"], &environment)
        .await
        .unwrap();
    assert!(
        by_name["clientId"]
            .as_str()
            .unwrap()
            .starts_with("brand---s-hne-")
    );
    let by_table = create(&["--aws", "--table", table], &environment)
        .await
        .unwrap();
    assert_ne!(by_table["apiKey"], by_name["apiKey"]);
    let scan = dynamodb.scan().table_name(table).send().await.unwrap();
    assert_eq!(scan.items().len(), 2);
    assert!(!format!("{:?}", scan.items()).contains(by_name["apiKey"].as_str().unwrap()));

    let unknown = create(&["--aws"], &environment).await.unwrap_err();
    assert!(unknown.contains("--stack-name"), "{unknown}");
    let missing = create(&["--aws"], &environment[2..]).await.unwrap_err();
    assert!(missing.contains("AWS_ACCESS_KEY_ID"), "{missing}");
}

async fn make_table(client: &DynamoDb, name: &str) {
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    };
    let attribute = AttributeDefinition::builder()
        .attribute_name("keyHash")
        .attribute_type(ScalarAttributeType::S);
    let key = KeySchemaElement::builder()
        .attribute_name("keyHash")
        .key_type(KeyType::Hash);
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute.build().unwrap())
        .key_schema(key.build().unwrap())
        .send()
        .await
        .unwrap();
}
