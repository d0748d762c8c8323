//! A running stack and helpers for the tests.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use aws_sdk_dynamodb::types::AttributeValue;
use local::demo::Demo;
use local::stack::{Options, Stack};
use logistics::aws::DynamoDb;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::answer;
pub(crate) use crate::attribute::text;
use crate::demo;
pub(crate) use crate::events::event;
pub(crate) use crate::patience::PATIENCE;
use crate::vendors::find;

/// A stack for one test, published in its own directory.
pub(crate) struct World {
    pub(crate) stack: Stack,
    pub(crate) http: reqwest::Client,
    pub(crate) directory: TempDir,
}

/// An answer, read completely.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) body: Value,
}

pub(crate) type Item = HashMap<String, AttributeValue>;

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self::with_data(options, tempfile::tempdir().unwrap(), false).await
    }

    /// A stack that keeps its state in this directory.
    pub(crate) async fn with_data(options: Options, directory: TempDir, keeps: bool) -> Self {
        let options = Options {
            publish: Some(directory.path().join("stack.json")),
            data: keeps.then(|| directory.path().join("data")),
            ..options
        };
        Self {
            stack: Stack::start(options).await.unwrap(),
            http: simulators::http_client::client().unwrap(),
            directory,
        }
    }

    /// Stops the stack and keeps its directory.
    pub(crate) async fn stop(self) -> TempDir {
        self.stack.stop().await;
        self.directory
    }

    pub(crate) fn published(&self) -> PathBuf {
        self.directory.path().join("stack.json")
    }

    pub(crate) fn demo(&self) -> &Demo {
        self.stack.demo().unwrap()
    }

    /// A request without credentials.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.stack.base_url());
        self.http.request(method, url)
    }

    /// Calls the API with a key.
    pub(crate) async fn call(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = self.request(method, path).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::to(request).await
    }

    /// Calls the API as the demo client.
    pub(crate) async fn as_demo(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call(&self.demo().api_key, method, path, body).await
    }

    /// Requests a label as the demo client.
    pub(crate) async fn label(&self, alias: &str, order_number: &str) -> Answer {
        let body = label(alias, order_number);
        self.as_demo("POST", "/shipping-labels", Some(&body)).await
    }

    /// Pushes a body as an account of the demo client, with all its credentials.
    pub(crate) async fn push(&self, alias: &str, body: &Value) -> Answer {
        Answer::to(demo::push(&self.stack, &self.http, alias, body)).await
    }

    pub(crate) fn dynamodb(&self) -> DynamoDb {
        self.stack.backends().dynamodb_client()
    }

    pub(crate) fn table(&self, logical_id: &str) -> &str {
        demo::table(&self.stack, logical_id)
    }

    /// All items of a table.
    pub(crate) async fn items(&self, logical_id: &str) -> Vec<Item> {
        let scan = self.dynamodb().scan().table_name(self.table(logical_id));
        let items = scan.into_paginator().items().send();
        items.collect::<Result<_, _>>().await.unwrap()
    }

    /// Writes an item unchanged.
    pub(crate) async fn put(&self, logical_id: &str, item: Item) {
        let put = self
            .dynamodb()
            .put_item()
            .table_name(self.table(logical_id));
        put.set_item(Some(item))
            .send_with(&self.dynamodb())
            .await
            .unwrap();
    }

    /// Number of calls to each aggregator.
    pub(crate) fn calls_of_aggregators(&self) -> BTreeMap<String, usize> {
        let simulators = self.stack.simulators().unwrap();
        let aliases = self.demo().accounts.keys();
        let calls = |alias: &String| (alias.clone(), simulators.calls(alias).unwrap().len());
        aliases.map(calls).collect()
    }
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let answer = answer::Answer::to(request).await;
        let retry_after = answer.header("retry-after");
        Self {
            status: answer.status,
            retry_after: retry_after.map(|value| value.parse().unwrap()),
            body: serde_json::from_slice(&answer.body).unwrap_or_default(),
        }
    }

    /// The slug of a problem, also of one in the envelope; empty if it is not a problem.
    pub(crate) fn slug(&self) -> &str {
        let enveloped = self.body.pointer("/metadata/errors/0/code");
        let kind = enveloped.unwrap_or(&self.body["type"]);
        let kind = kind.as_str().unwrap_or_default();
        kind.rsplit('#').next().unwrap()
    }

    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, slug: &str) {
        assert_eq!((self.status, self.slug()), (status, slug), "{self:?}");
    }
}

/// A request for a label that every aggregator accepts.
pub(crate) fn label(alias: &str, order_number: &str) -> Value {
    let address = json!({
        "firstName": "Ram", "lastName": "Patel", "addressLine1": "1205, 15th Main Road, HSR layout",
        "city": "Bangalore", "state": "Karnataka", "zip": "560102", "country": "India",
        "email": "abc@example.com", "phone": "9999999999",
    });
    let mut request = json!({
        "logisticAccountAlias": alias,
        "pickupAddress": address,
        "dropAddress": address,
        "orderDetails": {
            "orderNumber": order_number, "paymentType": "PREPAID", "orderAmount": 230,
            "orderDate": "2026-03-16T12:31:02+05:30", "shipmentType": "FORWARD",
            "orderLineItems": [
                { "name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 230, "quantity": 1 },
            ],
        },
        "shipmentDimension": { "length": 10, "breadth": 10, "height": 10, "weight": 200 },
        "warehouseCode": "wh-1",
    });
    if let Some(vendor) = find(alias) {
        (vendor.at_home)(&mut request);
    }
    request
}
