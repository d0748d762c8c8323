//! A stack with its demo client, and helpers for the tests.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use local::stack::{Options, Stack};
use logistics::domain::account::{LogisticAccount, Region};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use simulators::Call;
use url::form_urlencoded::Serializer;

use crate::aggregators::requests;
use crate::answer::Answer;
use crate::attribute::text;
use crate::demo;
use crate::patience::PATIENCE;
use crate::vendors::{find, vendor};

pub(crate) const LABELS: &str = "/shipping-labels";
pub(crate) const RETURNS: &str = "/return-awbs";
pub(crate) const ORDERS: &str = "/orders";

/// A stack for one test.
pub(crate) struct World {
    pub(crate) stack: Stack,
    pub(crate) client: Client,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self {
            stack: Stack::start(Options::default()).await.unwrap(),
            client: simulators::http_client::client().unwrap(),
        }
    }

    fn as_demo(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.stack.base_url());
        let key = &self.stack.demo().unwrap().api_key;
        self.client.request(method, url).bearer_auth(key)
    }

    /// Sends a request. A label that has no AWB before its first push gets that push, and is then as the others are.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let answer = self.asked_once(path, body).await;
        let alias = body["logisticAccountAlias"].as_str().unwrap_or_default();
        let waits = find(alias).is_some_and(|vendor| vendor.awb_is_pushed);
        if !waits || path != LABELS || answer.status != 202 {
            return answer;
        }
        let order_number = body["orderDetails"]["orderNumber"].as_str().unwrap();
        let name = self.name_of_newest(alias, order_number);
        let told = self.advance(alias, &name, "AWB_GENERATED", None).await;
        assert_eq!(told.status, 200, "{told:?}");
        let mut query = of_order(path, order_number);
        if let Some(code) = body["shipmentCode"].as_str() {
            query = format!("{query}&shipmentCode={code}");
        }
        self.query(&query).await
    }

    /// Sends a request and nothing else.
    pub(crate) async fn asked_once(&self, path: &str, body: &Value) -> Answer {
        Answer::to(self.as_demo(Method::POST, path).json(body)).await
    }

    /// The aggregator's name of the newest order with an order number.
    fn name_of_newest(&self, alias: &str, order_number: &str) -> String {
        let calls = self.calls(alias).into_iter().rev();
        let mut names =
            calls.filter_map(|call| Some(call.body["external_id"].as_str()?.to_owned()));
        names
            .find(|name| name.starts_with(order_number))
            .unwrap_or_else(|| panic!("no order {order_number}"))
    }

    pub(crate) async fn get(&self, path: &str, order_number: &str) -> Answer {
        Answer::to(self.as_demo(Method::GET, &of_order(path, order_number))).await
    }

    pub(crate) async fn query(&self, path_and_query: &str) -> Answer {
        Answer::to(self.as_demo(Method::GET, path_and_query)).await
    }

    pub(crate) async fn delete(&self, path: &str, order_number: &str) -> Answer {
        Answer::to(self.as_demo(Method::DELETE, &of_order(path, order_number))).await
    }

    /// Where a shipment is, and its time line.
    pub(crate) async fn shipment(&self, order_number: &str, shipment_type: &str) -> Answer {
        let path = format!("/shipments/{order_number}?shipmentType={shipment_type}");
        self.query(&path).await
    }

    /// Removes an account, if it may be.
    pub(crate) async fn remove_account(&self, alias: &str) -> Answer {
        let path = format!("/logistic-accounts/{alias}");
        Answer::to(self.as_demo(Method::DELETE, &path)).await
    }

    pub(crate) async fn remove(&self, path: &str) -> Answer {
        Answer::to(self.as_demo(Method::DELETE, path)).await
    }

    /// The label's document.
    pub(crate) async fn document(&self, order_number: &str) -> Answer {
        let request = self.as_demo(Method::GET, &of_order(LABELS, order_number));
        Answer::to(request.header("accept", "application/pdf")).await
    }

    /// Requests a label.
    pub(crate) async fn label(&self, alias: &str, order_number: &str) -> Answer {
        self.post(LABELS, &requests::label(alias, order_number))
            .await
    }

    /// Requests a return AWB.
    pub(crate) async fn return_awb(&self, alias: &str, order_number: &str) -> Answer {
        let request = requests::return_awb(alias, order_number);
        self.post(RETURNS, &request).await
    }

    /// Sets the faults of an aggregator's next calls.
    pub(crate) async fn faults(&self, alias: &str, next: Value) {
        demo::set_faults(&self.stack, &self.client, alias, next).await;
    }

    /// Sets the fault of the next call with this name.
    pub(crate) async fn fault(&self, alias: &str, call: &str, kind: &str) {
        self.faults(alias, json!([{ "call": call, "kind": kind }]))
            .await;
    }

    /// All calls to an aggregator.
    pub(crate) fn calls(&self, alias: &str) -> Vec<Call> {
        self.stack.simulators().unwrap().calls(alias).unwrap()
    }

    /// The methods and paths of all calls to an aggregator, without queries.
    pub(crate) fn paths(&self, alias: &str) -> Vec<String> {
        let prefix = format!("/{alias}");
        let path = |call: &Call| {
            let path = call.path.split('?').next().unwrap_or_default();
            format!("{} {}", call.method, path.trim_start_matches(&prefix))
        };
        self.calls(alias).iter().map(path).collect()
    }

    /// Number of calls to an aggregator on a path.
    pub(crate) fn asked(&self, alias: &str, path: &str) -> usize {
        let paths = self.paths(alias);
        paths.iter().filter(|asked| asked.contains(path)).count()
    }

    /// Number of calls to an aggregator that create an order.
    pub(crate) fn created(&self, alias: &str) -> usize {
        let creates = vendor(alias).creates;
        let paths = self.paths(alias);
        paths.iter().filter(|path| path.ends_with(creates)).count()
    }

    /// Makes the simulator push a shipment's notifications up to a state, in a dialect.
    pub(crate) async fn advance(
        &self,
        alias: &str,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Answer {
        let way = [awb, to];
        Answer::to(demo::advance(
            &self.stack,
            &self.client,
            alias,
            way,
            dialect,
        ))
        .await
    }

    /// Waits until the client's main endpoint has received this many requests, and returns their bodies. Pushes that were
    /// passed on as they came are not counted.
    pub(crate) async fn arrived(&self, count: usize) -> Vec<Value> {
        let is_wanted = |request: &local::sink::ReceivedRequest| {
            request.path == demo::MAIN_PATH
                && request.headers["rms-message-kind"] != "LOGISTICS_STATUS"
        };
        let sink = self.stack.sink().unwrap();
        let received = sink.wait_for_those(is_wanted, count, PATIENCE).await;
        let received = received.unwrap();
        let body =
            |request: &local::sink::ReceivedRequest| serde_json::from_str(&request.body).unwrap();
        received.iter().map(body).collect()
    }

    /// Asserts that the client got nothing except pushes that were passed on as they came.
    pub(crate) fn told_nothing(&self) {
        let received = self.stack.sink().unwrap().received();
        for request in received {
            let kind = &request.headers["rms-message-kind"];
            assert_eq!(kind, "LOGISTICS_STATUS", "{}", request.body);
        }
    }

    /// Pushes a body as an aggregator's account, with all its credentials.
    pub(crate) async fn push(&self, alias: &str, body: &Value) -> Answer {
        Answer::to(demo::push(&self.stack, &self.client, alias, body)).await
    }

    /// Adds an account like the demo's, but for international shipments.
    pub(crate) async fn add_international(&self, alias: &str) -> String {
        let international = format!("{alias}-abroad");
        let account = demo::account(&self.stack, alias).await;
        let abroad = LogisticAccount {
            alias: international.parse().unwrap(),
            region: Region::International,
            ..LogisticAccount::clone(&account)
        };
        demo::accounts(&self.stack).add(&abroad).await.unwrap();
        international
    }

    /// Puts a claim into the state after a crash: held, with an expired lease and its present progress.
    pub(crate) async fn crash(&self, order_number: &str) {
        let key = demo::shipment(&self.stack, order_number).key();
        let past = AttributeValue::N((Timestamp::now().as_millisecond() - 1).to_string());
        let client = self.stack.backends().dynamodb_client();
        let update = client
            .update_item()
            .table_name(demo::table(&self.stack, "ShipmentsTable"))
            .key("pk", text(&key.pk))
            .key("sk", text(&key.sk))
            .update_expression("SET standing = :claimed, leaseUntil = :past")
            .expression_attribute_values(":claimed", text("CLAIMED"))
            .expression_attribute_values(":past", past);
        update.send_with(&client).await.unwrap();
    }

    /// Changes the recorded URL of a label.
    pub(crate) async fn move_label(&self, order_number: &str, url: &str) {
        let key = demo::shipment(&self.stack, order_number).key();
        let client = self.stack.backends().dynamodb_client();
        let update = client
            .update_item()
            .table_name(demo::table(&self.stack, "ShipmentsTable"))
            .key("pk", text(&key.pk))
            .key("sk", text(&key.sk))
            .update_expression("SET labelUrl = :url")
            .expression_attribute_values(":url", text(url));
        update.send_with(&client).await.unwrap();
    }
}

fn of_order(path: &str, order_number: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("orderNumber", order_number)
        .finish();
    format!("{path}?{query}")
}
