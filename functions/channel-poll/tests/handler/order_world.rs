//! An account whose orders are polled, at the demo's shop.

use std::time::Duration;

use channel_poll::{App, handle};
use jiff::{Timestamp, ToSpan as _};
use lambda_runtime::{Context, LambdaEvent};
use local::backends::BackendOptions;
use local::handler_world::HandlerWorld;
use logistics::domain::account::ChannelAccount;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::message::MessageKind;
use logistics::domain::selling::order_poll::OrderPoll;
use logistics::domain::signing::SigningSecrets;
use logistics::store::configuring::channel_accounts::ChannelAccounts;
use logistics::store::configuring::endpoints::Endpoints;
use serde_json::{Value, json};

/// The simulator, and the demo's account there, which is not polled.
pub(crate) const SHOP: &str = "magento";
/// The polled account.
pub(crate) const ALIAS: &str = "shop";

/// A message that was queued for the client's system.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) order: String,
    pub(crate) body: Value,
}

pub(crate) struct OrderPolling {
    pub(crate) world: HandlerWorld,
    pub(crate) app: App,
    account: ChannelAccount,
}

impl OrderPolling {
    /// With an account that was switched on now.
    pub(crate) async fn start() -> Self {
        let options = BackendOptions {
            count_calls: true,
            ..BackendOptions::default()
        };
        let world = HandlerWorld::start_on(options).await.unwrap();
        let shop = &world.demo.channels[SHOP];
        let credentials = shop.credentials.iter();
        let account = ChannelAccount {
            client_id: "demo".parse().unwrap(),
            alias: ALIAS.parse().unwrap(),
            channel: "MAGENTO".parse().unwrap(),
            credentials: credentials
                .map(|(name, value)| (name.clone(), value.clone().into()))
                .collect(),
            urls: [("baseUrl".to_owned(), shop.base_url.parse().unwrap())].into(),
            settings: [("pollOrders".to_owned(), "true".to_owned())].into(),
            enabled: true,
            hook_token: None,
            polled_since: Some(now()),
        };
        let polling = Self {
            app: App::new(&world.start_of("channel-poll").unwrap()).unwrap(),
            world,
            account,
        };
        polling.save(&polling.account).await;
        polling
    }

    async fn save(&self, account: &ChannelAccount) {
        let dynamodb = self.world.backends.dynamodb_client();
        let table = self.world.table("ChannelAccountsTable").unwrap();
        let delete = dynamodb.delete_item().table_name(&table);
        let text = |value: &str| aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned());
        let delete = delete.key("clientId", text("demo"));
        delete
            .key("alias", text(ALIAS))
            .send_with(&dynamodb)
            .await
            .unwrap();
        let vault = self.world.backends.vault();
        let accounts = ChannelAccounts::new(dynamodb, table, vault);
        accounts.add(account).await.unwrap();
    }

    /// Switches polling on at this time, or off.
    pub(crate) async fn switch(&self, polled_since: Option<Timestamp>) {
        let mut account = self.account.clone();
        account.polled_since = polled_since;
        let on = polled_since.is_some().to_string();
        account.settings.insert("pollOrders".to_owned(), on);
        self.save(&account).await;
    }

    /// Changes a setting of the account, which is polled on.
    pub(crate) async fn set(&self, name: &str, value: &str) {
        let mut account = self.account.clone();
        account.settings.insert(name.to_owned(), value.to_owned());
        self.save(&account).await;
    }

    pub(crate) async fn disable(&self) {
        let enabled = false;
        self.save(&ChannelAccount {
            enabled,
            ..self.account.clone()
        })
        .await;
    }

    /// Adds another system of the client that gets the orders.
    pub(crate) async fn add_endpoint(&self, id: &str) {
        let url = format!("{}/{id}", self.world.sink_url());
        let signing = SigningSecrets::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        let (client, id) = ("demo".parse().unwrap(), id.parse().unwrap());
        let endpoint = WebhookEndpoint {
            messages: vec![MessageKind::ChannelOrder],
            ..WebhookEndpoint::new(client, id, url.parse().unwrap(), signing)
        };
        let table = self.world.table("EndpointsTable").unwrap();
        let dynamodb = self.world.backends.dynamodb_client();
        let endpoints = Endpoints::new(dynamodb, table, self.world.backends.vault());
        endpoints.add(&endpoint).await.unwrap();
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: &Value) {
        let base = &self.world.demo.channels[SHOP].base_url;
        let http = simulators::http_client::client().unwrap();
        let method = method.parse().unwrap();
        let request = http.request(method, format!("{base}/{path}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    pub(crate) async fn sell(&self, orders: &[Value]) {
        self.control("POST", "orders", &json!(orders)).await;
    }

    pub(crate) fn fault(&self, faults: &Value) {
        let faults = json!({ "next": faults });
        self.world.simulators.set_faults(SHOP, faults).unwrap();
    }

    /// One run with this much time.
    pub(crate) async fn run_for(&self, time: Duration) {
        let mut context = Context::default();
        context.deadline = u64::try_from((Timestamp::now() + time).as_millisecond()).unwrap();
        let event = serde_json::from_str(r#"{"poll":"orders"}"#).unwrap();
        handle(&self.app, LambdaEvent::new(event, context))
            .await
            .unwrap();
    }

    pub(crate) async fn run(&self) {
        self.run_for(Duration::from_mins(5)).await;
    }

    /// One run, and what it told.
    pub(crate) async fn told(&self) -> Vec<Told> {
        self.run().await;
        self.queued().await
    }

    /// The ids of the orders that one run told, in order.
    pub(crate) async fn told_orders(&self) -> Vec<String> {
        let told = self.told().await.into_iter();
        told.map(|told| told.order).collect()
    }

    /// Takes the messages from the queue.
    pub(crate) async fn queued(&self) -> Vec<Told> {
        let sqs = self.world.backends.sqs_client();
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        let mut all = Vec::new();
        loop {
            let receive = sqs.receive_message().queue_url(&url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return all;
            }
            for message in messages {
                let handle = message.receipt_handle.unwrap();
                let delete = sqs.delete_message().queue_url(&url).receipt_handle(handle);
                delete.send().await.unwrap();
                let task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                all.push(told(&task));
            }
        }
    }

    /// How far the poll is.
    pub(crate) async fn poll(&self) -> OrderPoll {
        let polls = &self.app.orders.polls;
        let (client, alias) = ("demo".parse().unwrap(), ALIAS.parse().unwrap());
        polls.read(&client, &alias).await.unwrap().unwrap()
    }

    /// Pretends that the wait after failures is over.
    pub(crate) async fn end_wait(&self) {
        let (client, alias) = ("demo".parse().unwrap(), ALIAS.parse().unwrap());
        let polls = &self.app.orders.polls;
        let lease = polls
            .lease(&client, &alias, Timestamp::now(), Duration::from_mins(1))
            .await;
        let (lease, poll) = lease.unwrap().unwrap();
        let mut poll = poll.unwrap();
        poll.not_before = None;
        for left in &mut poll.left_out {
            left.due_at = Timestamp::now();
        }
        polls.release(&lease, &poll).await.unwrap();
    }

    /// How often this operation of DynamoDB was called.
    pub(crate) fn operations(&self, name: &str) -> u64 {
        let calls = self.world.backends.calls();
        let name = format!("DynamoDB_20120810.{name}");
        calls.get(&name).copied().unwrap_or_default()
    }

    /// How often the shop was called.
    pub(crate) fn calls(&self) -> usize {
        self.world.simulators.calls(SHOP).unwrap().len()
    }
}

fn told(task: &Value) -> Told {
    assert_eq!(task["messageKind"], "CHANNEL_ORDER", "{task}");
    let body = task["payload"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    Told {
        id: task["deliveryId"].as_str().unwrap().to_owned(),
        order: body["channelOrderId"].as_str().unwrap().to_owned(),
        body,
    }
}

/// Now, with the digits that are stored.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap()
}

/// A time of the shop, some seconds ago.
pub(crate) fn ago(seconds: i64) -> String {
    let at = Timestamp::now() - seconds.seconds();
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// An order in the shop's shape.
pub(crate) fn order(id: u64, status: &str, updated_at: &str) -> Value {
    json!({
        "entity_id": id, "created_at": "2026-11-01 08:00:00", "updated_at": updated_at, "order_currency_code": "INR",
        "grand_total": 99.90, "status": status, "state": status,
        "items": [{ "item_id": id * 10, "product_type": "simple", "sku": format!("SKU-{id}"), "qty_ordered": 1 }],
    })
}
