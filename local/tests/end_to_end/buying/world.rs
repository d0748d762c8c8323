//! A stack with its demo client, and helpers for the tests.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use local::stack::{Options, Stack};
use logistics::domain::client::{ApiKey, Scope};
use logistics::store::configuring::api_keys::add_first;
use logistics::store::keys::Key;
use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use simulators::Call;
use tempfile::TempDir;
use url::form_urlencoded::Serializer;

use crate::answer::Answer;
use crate::attribute::text;
use crate::buying::samples;
use crate::demo;
use crate::patience::soon;

pub(crate) const LABELS: &str = "/shipping-labels";
pub(crate) const RETURNS: &str = "/return-awbs";
pub(crate) const COURIERS: &str = "/courier-recommendations";
pub(crate) const SETTLE: &str = "/shipping-labels/settle";

/// Interval between checks of a condition.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A stack for one test.
pub(crate) struct World {
    pub(crate) stack: Stack,
    pub(crate) client: Client,
    directory: TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let stack = Stack::start(Options {
            publish: Some(directory.path().join("stack.json")),
            ..Options::default()
        });
        Self {
            stack: stack.await.unwrap(),
            client: simulators::http_client::client().unwrap(),
            directory,
        }
    }

    /// A request without credentials.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.stack.base_url());
        self.client.request(method, url)
    }

    /// A request of the demo client.
    pub(crate) fn as_demo(&self, method: Method, path: &str) -> RequestBuilder {
        let key = &self.stack.demo().unwrap().api_key;
        self.request(method, path).bearer_auth(key)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.as_demo(Method::POST, path).json(body)).await
    }

    /// Posts bytes unchanged, with a JSON content type.
    pub(crate) async fn post_raw(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.as_demo(Method::POST, path);
        Answer::to(
            request
                .header("content-type", "application/json")
                .body(body),
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        Answer::to(self.as_demo(Method::GET, &with_query(path, query))).await
    }

    /// Requests a label with the documented sample.
    pub(crate) async fn label(&self, order_number: &str) -> Answer {
        self.post(LABELS, &samples::label(order_number)).await
    }

    /// Reads a label back by its order number.
    pub(crate) async fn read_label(&self, order_number: &str) -> Answer {
        self.get(LABELS, &[("orderNumber", order_number)]).await
    }

    /// Sets the faults of the aggregator's next calls.
    pub(crate) async fn faults(&self, next: Value) {
        demo::set_faults(&self.stack, &self.client, "magic", next).await;
    }

    /// Sets the fault of the next call with this name.
    pub(crate) async fn fault(&self, call: &str, mut fault: Value) {
        fault["call"] = json!(call);
        self.faults(json!([fault])).await;
    }

    /// All calls to the aggregator.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.stack.simulators().unwrap().calls("magic").unwrap()
    }

    /// Number of purchases requested from the aggregator for an order.
    pub(crate) fn purchases(&self, order_number: &str) -> usize {
        let is_purchase = |call: &&Call| {
            call.path.contains("/generate-")
                && call.body["orderDetails"]["orderNumber"] == order_number
        };
        self.calls().iter().filter(is_purchase).count()
    }

    /// The aggregator's own label of a forward order, if there is one.
    pub(crate) async fn at_aggregator(&self, order_number: &str) -> Option<Value> {
        let query = [("orderNumber", order_number)];
        let path = with_query("/magic/get-shipping-label", &query);
        let mut request = self
            .client
            .get(format!("{}{path}", self.stack.simulator_url()));
        for (name, value) in &demo::account(&self.stack, "magic").await.credentials {
            request = request.header(name, value.expose_secret());
        }
        let answer = Answer::to(request).await;
        (answer.status == 200).then(|| answer.json())
    }

    /// The tables' names by logical id.
    pub(crate) fn table(&self, logical_id: &str) -> &str {
        demo::table(&self.stack, logical_id)
    }

    /// Number of items in the table of shipments.
    pub(crate) async fn stored(&self) -> usize {
        let client = self.stack.backends().dynamodb_client();
        let scan = client.scan().table_name(self.table("ShipmentsTable"));
        scan.send().await.unwrap().items().len()
    }

    /// Expires the lease of a claim.
    pub(crate) async fn end_lease(&self, order_number: &str) {
        let Key { pk, sk } = demo::shipment(&self.stack, order_number).key();
        let past = AttributeValue::N((Timestamp::now().as_millisecond() - 1).to_string());
        self.stack
            .backends()
            .dynamodb_client()
            .update_item()
            .table_name(self.table("ShipmentsTable"))
            .key("pk", text(&pk))
            .key("sk", text(&sk))
            .condition_expression("attribute_exists(leaseUntil)")
            .update_expression("SET leaseUntil = :past")
            .expression_attribute_values(":past", past)
            .send_with(&self.stack.backends().dynamodb_client())
            .await
            .unwrap();
    }

    /// Removes the demo client's other accounts.
    pub(crate) async fn keep_only_account(&self, alias: &str) {
        let demo = self.stack.demo().unwrap();
        for other in demo.accounts.keys().filter(|other| *other != alias) {
            let client = self.stack.backends().dynamodb_client();
            let delete = client
                .delete_item()
                .table_name(self.table("AccountsTable"))
                .key("clientId", text(&demo.client_id))
                .key("alias", text(other));
            delete.send_with(&client).await.unwrap();
        }
    }

    /// A new key of the demo client with these scopes.
    pub(crate) async fn key_with(&self, scopes: Vec<Scope>) -> String {
        let api_key = format!("rms_test_{}", uuid::Uuid::now_v7().simple());
        let described = ApiKey {
            id: "key_test".to_owned(),
            label: "test".to_owned(),
            scopes,
            created_at: Timestamp::now(),
            expires_at: None,
            last_used_on: None,
        };
        let client = self.stack.backends().dynamodb_client();
        let client_id = self.stack.demo().unwrap().client_id.parse().unwrap();
        let (table, secret) = (self.table("ApiKeysTable"), api_key.as_str().into());
        let added = add_first(&client, table, &secret, &client_id, &described);
        added.await.unwrap();
        api_key
    }

    /// The first key of another client.
    pub(crate) async fn another_client(&self) -> String {
        let published = self.directory.path().join("stack.json");
        let created = operator::client::create("Another brand", &published).await;
        created.unwrap().api_key
    }
}

pub(crate) fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{path}?{query}")
}

/// Waits for a condition, and fails instead of hanging.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    soon(async {
        while !condition() {
            looks.tick().await;
        }
    })
    .await;
}
