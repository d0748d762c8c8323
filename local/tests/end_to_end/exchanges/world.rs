//! A stack with its demo client, and helpers for exchanges at Shiprocket.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use local::stack::{Options, Stack};
use logistics::domain::account::LogisticAccount;
use logistics::domain::claim::Standing;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::aggregators::requests;
use crate::answer::Answer;
use crate::attribute::text;
use crate::demo;

pub(crate) const EXCHANGES: &str = "/exchanges";
pub(crate) const LABELS: &str = "/shipping-labels";
pub(crate) const RETURNS: &str = "/return-awbs";
pub(crate) const ALIAS: &str = "shiprocket";

/// A stack for one test.
pub(crate) struct World {
    pub(crate) stack: Arc<Stack>,
    client: Client,
}

/// An exchange with these numbers.
pub(crate) fn exchange(forward_number: &str, return_number: &str) -> Value {
    let line = |name: &str| json!([{ "name": name, "sku": name, "sellingPricePerUnit": 230, "quantity": 1, "hsCode": "62034200" }]);
    let mut forward = requests::label(ALIAS, forward_number);
    forward["orderDetails"]["orderLineItems"] = line("jeans-34");
    let mut returned = requests::return_awb(ALIAS, return_number);
    returned["orderDetails"]["orderLineItems"] = line("jeans-32");
    returned["returnReason"] = json!("Does not fit");
    json!({
        "exchangeOrderNumber": forward_number,
        "returnOrderCode": return_number,
        "logisticAccountAlias": ALIAS,
        "forward": forward,
        "return": returned,
    })
}

/// The exchange of an order: its numbers are the order's with a suffix.
pub(crate) fn of(order: &str) -> Value {
    exchange(&forward_number(order), &return_number(order))
}

pub(crate) fn forward_number(order: &str) -> String {
    format!("{order}-E")
}

pub(crate) fn return_number(order: &str) -> String {
    format!("{order}-R")
}

/// The same exchange with other content.
pub(crate) fn otherwise(mut exchange: Value) -> Value {
    exchange["forward"]["dropAddress"]["addressLine1"] = json!("Flat 8, Lake Road");
    exchange
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self {
            stack: Arc::new(Stack::start(options).await.unwrap()),
            client: simulators::http_client::client().unwrap(),
        }
    }

    fn as_demo(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.stack.base_url());
        let key = &self.stack.demo().unwrap().api_key;
        self.client.request(method, url).bearer_auth(key)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.as_demo(Method::POST, path).json(body)).await
    }

    /// Requests the exchange of an order.
    pub(crate) async fn exchange(&self, order: &str) -> Answer {
        self.post(EXCHANGES, &of(order)).await
    }

    pub(crate) async fn get(&self, path: &str, number: &str) -> Answer {
        Answer::to(self.as_demo(Method::GET, &of_number(path, number))).await
    }

    pub(crate) async fn delete(&self, path: &str, number: &str) -> Answer {
        Answer::to(self.as_demo(Method::DELETE, &of_number(path, number))).await
    }

    /// Where a shipment is, and its time line.
    pub(crate) async fn shipment(&self, number: &str, shipment_type: &str) -> Answer {
        let path = format!("/shipments/{number}?shipmentType={shipment_type}");
        Answer::to(self.as_demo(Method::GET, &path)).await
    }

    /// Adds an account like the demo's.
    pub(crate) async fn add_account(&self, alias: &str) {
        let account = demo::account(&self.stack, ALIAS).await;
        let another = LogisticAccount {
            alias: alias.parse().unwrap(),
            ..LogisticAccount::clone(&account)
        };
        demo::accounts(&self.stack).add(&another).await.unwrap();
    }

    pub(crate) async fn remove_account(&self, alias: &str) {
        let path = format!("/logistic-accounts/{alias}?force=true");
        let removed = Answer::to(self.as_demo(Method::DELETE, &path)).await;
        assert_eq!(removed.status, 204, "{removed:?}");
    }

    pub(crate) async fn faults(&self, next: Value) {
        demo::set_faults(&self.stack, &self.client, ALIAS, next).await;
    }

    /// Makes the simulator push a shipment's notifications up to a state.
    pub(crate) async fn advance(&self, awb: &str, to: &str) {
        let request = demo::advance(&self.stack, &self.client, ALIAS, [awb, to], None);
        let answer = Answer::to(request).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Number of calls to the aggregator on a path.
    pub(crate) fn asked(&self, path: &str) -> usize {
        let calls = self.stack.simulators().unwrap().calls(ALIAS).unwrap();
        calls.iter().filter(|call| call.path.contains(path)).count()
    }

    /// The orders at the aggregator that are not cancelled: their names, each with its AWB.
    pub(crate) async fn living(&self) -> BTreeSet<(String, String)> {
        let account = demo::account(&self.stack, ALIAS).await;
        let secret = |name: &str| account.credentials[name].expose_secret().to_owned();
        let base = format!("{}/{ALIAS}/v1/external", self.stack.simulator_url());
        let login = json!({ "email": secret("email"), "password": secret("password") });
        let session = self.client.post(format!("{base}/auth/login")).json(&login);
        let session: Value = session.send().await.unwrap().json().await.unwrap();
        let token = session["token"].as_str().unwrap();
        let mut living = BTreeSet::new();
        for list in ["orders", "orders/processing/return"] {
            let get = self.client.get(format!("{base}/{list}?per_page=100"));
            let listed = get.bearer_auth(token).send().await.unwrap();
            let listed: Value = listed.json().await.unwrap();
            for order in listed["data"].as_array().unwrap() {
                let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                if !word(&order["status"]).contains("CANCEL") {
                    let awb = word(&order["shipments"][0]["awb"]);
                    living.insert((word(&order["channel_order_id"]), awb));
                }
            }
        }
        living
    }

    /// Asserts that the aggregator has exactly the pair of this answer for an order, and that each was assigned once.
    pub(crate) async fn assert_one_pair(&self, order: &str, answer: &Value) {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let (forward, returned) = (forward_number(order), return_number(order));
        let returned = format!("{returned}-.R");
        let living = self.living().await.into_iter();
        // Names of further rounds have a suffix.
        let theirs = |name: &str| name.starts_with(&forward) || name.starts_with(&returned);
        let found: BTreeSet<_> = living.filter(|(name, _)| theirs(name)).collect();
        let expected = BTreeSet::from([
            (forward.clone(), word(&answer["forward"]["awb"])),
            (returned.clone(), word(&answer["return"]["returnAwb"])),
        ]);
        assert_eq!(found, expected, "{order}");
    }

    /// The claims of both halves of an order's exchange.
    pub(crate) async fn standings(&self, order: &str) -> [Standing; 2] {
        let [forward, returned] = ids(&self.stack, order);
        [
            self.standing(&forward).await,
            self.standing(&returned).await,
        ]
    }

    async fn standing(&self, id: &ShipmentId) -> Standing {
        let key = id.key();
        let get = self.stack.backends().dynamodb_client().get_item();
        let found = get
            .table_name(demo::table(&self.stack, "ShipmentsTable"))
            .key("pk", text(&key.pk))
            .key("sk", text(&key.sk))
            .consistent_read(true)
            .send_with(&self.stack.backends().dynamodb_client())
            .await
            .unwrap();
        let word = found.item.unwrap()["standing"].as_s().unwrap().clone();
        serde_json::from_value(json!(word)).unwrap()
    }

    /// Ends the leases of both claims of an order's exchange, if they are held: their holders are dead.
    pub(crate) async fn end_leases(&self, order: &str) {
        let past = AttributeValue::N((Timestamp::now().as_millisecond() - 1).to_string());
        for id in ids(&self.stack, order) {
            let key = id.key();
            let update = self.stack.backends().dynamodb_client().update_item();
            // The claims may not exist yet.
            let _ = update
                .table_name(demo::table(&self.stack, "ShipmentsTable"))
                .key("pk", text(&key.pk))
                .key("sk", text(&key.sk))
                .update_expression("SET leaseUntil = :past")
                .condition_expression("attribute_exists(leaseUntil)")
                .expression_attribute_values(":past", past.clone())
                .send_with(&self.stack.backends().dynamodb_client())
                .await;
        }
    }
}

fn ids(stack: &Stack, order: &str) -> [ShipmentId; 2] {
    [
        (ShipmentType::Forward, forward_number(order)),
        (ShipmentType::Return, return_number(order)),
    ]
    .map(|(shipment_type, number)| ShipmentId {
        shipment_type,
        ..demo::shipment(stack, &number)
    })
}

fn of_number(path: &str, number: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("orderNumber", number)
        .finish();
    format!("{path}?{query}")
}
