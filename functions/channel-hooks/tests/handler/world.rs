//! A handler on real tables and queues, with the account of a shop; and webhooks of that shop.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use channel_hooks::handle;
use lambda_http::request;
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::account::ChannelAccount;
use logistics::flows::channelling::dependencies::HookDependencies;
use logistics::store::configuring::channel_accounts::ChannelAccounts;
use logistics::store::configuring::push_credentials::{PushCredential, PushCredentials};
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde_json::Value;

use crate::answer::json as body_of;

const SHOP: &str = "brand.myshopify.com";
pub(crate) const SIGNATURE: &str = "x-shopify-hmac-sha256";
pub(crate) const EVENT_ID: &str = "x-shopify-event-id";

/// A handler with its surroundings.
pub(crate) struct Hooks {
    pub(crate) world: HandlerWorld,
    pub(crate) app: HookDependencies,
    pub(crate) event: HttpEvent,
}

/// An answer to a webhook.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Hooks {
    /// A handler with the account of a shop.
    pub(crate) async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let hooks = Self {
            app: world.start_of("channel-hooks").unwrap().hooks().unwrap(),
            event: HttpEvent::of("channel-hooks").unwrap(),
            world,
        };
        hooks.add(&shop("shop", true)).await;
        hooks
    }

    pub(crate) async fn add(&self, account: &ChannelAccount) {
        let dynamodb = || self.world.backends.dynamodb_client();
        let table = |name| self.world.table(name).unwrap();
        let vault = self.world.backends.vault();
        let accounts = ChannelAccounts::new(dynamodb(), table("ChannelAccountsTable"), vault);
        accounts.add(account).await.unwrap();
        let (client, alias) = (account.client_id.clone(), account.alias.clone());
        let credential = PushCredential::hook(&token(alias.as_str()), client, alias);
        let credentials = PushCredentials::new(dynamodb(), table("PushCredentialsTable"));
        credentials.add(&credential).await.unwrap();
    }

    /// A webhook of the shop, signed with this secret.
    pub(crate) fn signed(&self, order: &Value, secret: &str) -> HttpEvent {
        let key = Key::new(HMAC_SHA256, secret.as_bytes());
        let signature = STANDARD.encode(sign(&key, order.to_string().as_bytes()));
        self.event
            .clone()
            .with_body(order)
            .with_header(SIGNATURE, Some(&signature))
            .with_path_parameter("token", &token("shop"))
    }

    /// A webhook of the shop: an event that was triggered in this minute.
    pub(crate) fn hook(&self, minute: u8, order: &Value) -> HttpEvent {
        self.signed(order, "secret")
            .with_header(EVENT_ID, Some(&format!("event-{minute}")))
            .with_header("x-shopify-topic", Some("orders/updated"))
            .with_header("x-shopify-triggered-at", Some(&at(minute)))
    }

    pub(crate) async fn send(&self, event: &HttpEvent) -> Answer {
        let answer = handle(&self.app, request::from_str(&event.to_string()).unwrap()).await;
        Answer {
            status: answer.status().as_u16(),
            body: body_of(&answer),
        }
    }

    /// Sends an event, which must be received, and returns its status.
    pub(crate) async fn sent(&self, minute: u8, order: &Value) -> String {
        self.send(&self.hook(minute, order)).await.received()
    }

    /// Takes the tasks from the delivery queue, oldest first, each with its body.
    pub(crate) async fn waiting(&self) -> Vec<(Value, Value)> {
        let mut tasks = Vec::new();
        let sqs = self.world.backends.sqs_client();
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        loop {
            let receive = sqs.receive_message().queue_url(&url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return tasks;
            }
            for message in messages {
                let handle = message.receipt_handle.unwrap();
                let delete = sqs.delete_message().queue_url(&url).receipt_handle(handle);
                delete.send().await.unwrap();
                let mut task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                let payload = task["payload"].take();
                let payload = serde_json::from_str(payload.as_str().unwrap()).unwrap();
                tasks.push((task, payload));
            }
        }
    }

    /// The changes that wait in the queue: change, on hold, and what was cancelled.
    pub(crate) async fn changes(&self) -> Vec<(String, bool, Value)> {
        let waiting = self.waiting().await.into_iter();
        let change = |(_, body): (Value, Value)| {
            let change = body["change"].as_str().unwrap().to_owned();
            let on_hold = body["onHold"].as_bool().unwrap();
            (change, on_hold, body["cancelledItems"].clone())
        };
        waiting.map(change).collect()
    }

    async fn items_in(&self, table: &str) -> usize {
        let table = self.world.table(table).unwrap();
        let scan = self.world.backends.dynamodb_client().scan();
        scan.table_name(table).send().await.unwrap().items().len()
    }

    /// Number of stored messages, and of orders.
    pub(crate) async fn stored(&self) -> [usize; 2] {
        [
            self.items_in("NotificationsTable").await,
            self.items_in("ChannelOrdersTable").await,
        ]
    }
}

impl Answer {
    /// The status of a webhook that was received.
    pub(crate) fn received(&self) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["status"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn token(alias: &str) -> String {
    format!("token-of-{alias}")
}

/// The account of a shop with two secrets.
pub(crate) fn shop(alias: &str, enabled: bool) -> ChannelAccount {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let settings = [
        ("shopDomain", SHOP),
        ("replacementTag", "exchange"),
        ("holdTag", "exchange-hold"),
    ];
    let secrets = [("clientSecret", "secret"), ("previousClientSecret", "old")];
    ChannelAccount {
        client_id: "demo".parse().unwrap(),
        alias: alias.parse().unwrap(),
        channel: "SHOPIFY".parse().unwrap(),
        credentials: secrets
            .map(|(name, secret)| (name.to_owned(), secret.into()))
            .into(),
        urls: BTreeMap::new(),
        settings: settings.map(owned).into(),
        enabled,
        hook_token: Some(token(alias).into()),
        polled_since: None,
    }
}

pub(crate) fn at(minute: u8) -> String {
    format!("2026-11-21T10:{minute:02}:00.123456789Z")
}
