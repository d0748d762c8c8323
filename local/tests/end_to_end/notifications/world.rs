//! A running stack and helpers: push as the aggregator, read what the client received and what is stored.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;
use local::backends::Elsewhere;
use local::demo::{Demo, DemoAccount};
use local::sink::{Behaviour, ReceivedRequest, Sink};
use local::stack::{Options, Stack};
use logistics::aws::DynamoDb;
use logistics::domain::delivery::DeliveryRecord;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::keys::Key;
use serde_json::{Value, json};

use crate::demo;
pub(crate) use crate::events::{event, event_without_id};
pub(crate) use crate::notifications::answer::Answer;
pub(crate) use crate::patience::PATIENCE;
pub(crate) use crate::signed::is_signed_with;

/// Interval between checks of a state.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A stack with its demo client.
pub(crate) struct World {
    pub(crate) stack: Arc<Stack>,
    pub(crate) http: reqwest::Client,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self {
            stack: Arc::new(Stack::start(options).await.unwrap()),
            http: simulators::http_client::client().unwrap(),
        }
    }

    pub(crate) async fn stop(self) {
        Arc::into_inner(self.stack).unwrap().stop().await;
    }

    pub(crate) fn demo(&self) -> &Demo {
        self.stack.demo().unwrap()
    }

    /// The demo account that pushes.
    pub(crate) fn magic(&self) -> &DemoAccount {
        &self.demo().accounts["magic"]
    }

    pub(crate) fn sink(&self) -> &Sink {
        self.stack.sink().unwrap()
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        self.sink().behave(behaviour).unwrap();
    }

    /// Pushes with these headers and a JSON content type.
    pub(crate) async fn push_with(
        &self,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let mut request = self.http.post(&self.magic().push_url).body(body);
        if headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request).await
    }

    /// Pushes as the demo account.
    pub(crate) async fn push_raw(&self, body: impl Into<reqwest::Body>) -> Answer {
        let headers = &self.magic().headers;
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.push_with(&headers, body).await
    }

    /// Pushes as the demo account.
    pub(crate) async fn push(&self, event: &Value) -> Answer {
        self.push_raw(event.to_string()).await
    }

    /// Pushes as the demo account, asserts the status, and returns the notification's id.
    pub(crate) async fn pushed(&self, event: &Value, status: &str) -> String {
        let answer = self.push(event).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.status_of_event(), status, "{answer:?}");
        answer.notification_id()
    }

    /// Waits until the client has received this many requests, and returns them.
    pub(crate) async fn arrived(&self, count: usize) -> Vec<ReceivedRequest> {
        self.sink().wait_for(count, PATIENCE).await.unwrap()
    }

    /// Calls the API as the demo client.
    pub(crate) async fn call(&self, path: &str, body: &Value) -> Answer {
        let url = format!("{}{path}", self.stack.base_url());
        let key = &self.demo().api_key;
        Answer::of(self.http.post(url).bearer_auth(key).json(body)).await
    }

    /// Makes the simulator push a shipment's notifications up to a state.
    pub(crate) async fn advance(&self, awb: &str, to: &str) -> Answer {
        let way = [awb, to];
        Answer::of(demo::advance(&self.stack, &self.http, "magic", way, None)).await
    }

    pub(crate) fn dynamodb(&self) -> DynamoDb {
        self.stack.backends().dynamodb_client()
    }

    pub(crate) fn table(&self, logical_id: &str) -> &str {
        demo::table(&self.stack, logical_id)
    }

    /// The table of endpoints.
    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints::new(
            self.dynamodb(),
            self.table("EndpointsTable").to_owned(),
            self.stack.backends().vault(),
        )
    }

    /// Number of items in a table.
    pub(crate) async fn items_in(&self, logical_id: &str) -> usize {
        let scan = self.dynamodb().scan().table_name(self.table(logical_id));
        scan.send().await.unwrap().items().len()
    }

    /// The attributes of a stored item.
    pub(crate) async fn item(&self, key: &Key) -> BTreeMap<String, AttributeValue> {
        let get = self
            .dynamodb()
            .get_item()
            .table_name(self.table("NotificationsTable"))
            .key("pk", AttributeValue::S(key.pk.clone()))
            .key("sk", AttributeValue::S(key.sk.clone()));
        let item = get
            .send_with(&self.dynamodb())
            .await
            .unwrap()
            .item
            .unwrap_or_default();
        item.into_iter().collect()
    }

    /// An endpoint as it is stored.
    pub(crate) async fn endpoint_item(
        &self,
        client: &str,
        endpoint: &str,
    ) -> HashMap<String, AttributeValue> {
        let get = self
            .dynamodb()
            .get_item()
            .table_name(self.table("EndpointsTable"))
            .key("clientId", AttributeValue::S(client.to_owned()))
            .key("endpointId", AttributeValue::S(endpoint.to_owned()));
        get.send_with(&self.dynamodb())
            .await
            .unwrap()
            .item
            .unwrap_or_default()
    }

    /// The key of a notification of the demo client.
    pub(crate) fn key(&self, notification_id: &str) -> Key {
        let mut parts = notification_id.splitn(3, '_').skip(1);
        Key {
            pk: format!("{}#{}", self.demo().client_id, parts.next().unwrap()),
            sk: parts.next().unwrap().to_owned(),
        }
    }

    /// The key of a notification's delivery.
    pub(crate) fn delivery_key(&self, notification_id: &str, endpoint: &str) -> Key {
        let key = self.key(notification_id);
        Key {
            sk: format!("{}#{endpoint}", key.sk),
            ..key
        }
    }

    /// Waits until a delivery has this many attempts, and returns its record.
    pub(crate) async fn record(
        &self,
        notification_id: &str,
        endpoint: &str,
        attempts: u32,
    ) -> DeliveryRecord {
        let table = self.table("NotificationsTable").to_owned();
        let deliveries = Deliveries::new(self.dynamodb(), table);
        let key = self.delivery_key(notification_id, endpoint);
        eventually("a delivery's record", async || {
            let record = deliveries.get(&key).await.unwrap();
            record.filter(|record| record.attempts >= attempts)
        })
        .await
    }

    /// Sends a message to a queue unchanged.
    pub(crate) async fn send(&self, queue: &str, group: &str, body: &str) {
        let send = self
            .stack
            .backends()
            .sqs_client()
            .send_message()
            .queue_url(&self.stack.resources().queue_urls[queue])
            .message_group_id(group)
            .message_deduplication_id(uuid::Uuid::now_v7().to_string())
            .message_body(body);
        send.send_with(&self.stack.backends().sqs_client())
            .await
            .unwrap();
    }

    /// Waits until the dead-letter queue has this many messages, and returns their bodies.
    pub(crate) async fn buried(&self, count: usize) -> Vec<String> {
        let client = self.stack.backends().sqs_client();
        let url = &self.stack.resources().queue_urls["DeliveryDeadLetterQueue"];
        let mut bodies = Vec::new();
        let gather = async {
            while bodies.len() < count {
                let received = client
                    .receive_message()
                    .queue_url(url)
                    .max_number_of_messages(10)
                    .wait_time_seconds(5);
                let messages = received.send().await.unwrap().messages.unwrap_or_default();
                for message in messages {
                    // A message that is not deleted locks its group.
                    let delete = client
                        .delete_message()
                        .queue_url(url)
                        .receipt_handle(message.receipt_handle.unwrap());
                    delete.send().await.unwrap();
                    bodies.extend(message.body);
                }
            }
        };
        tokio::time::timeout(PATIENCE, gather)
            .await
            .expect("too few messages were buried");
        bodies
    }

    /// Number of messages in a queue, visible or not.
    pub(crate) async fn depth(&self, queue: &str) -> u32 {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let attributes = self
            .stack
            .backends()
            .sqs_client()
            .get_queue_attributes()
            .queue_url(&self.stack.resources().queue_urls[queue])
            .set_attribute_names(Some(counts.to_vec()))
            .send()
            .await
            .unwrap()
            .attributes
            .unwrap();
        attributes
            .values()
            .map(|count| count.parse::<u32>().unwrap())
            .sum()
    }

    /// Waits until all deliveries have ended; none may be buried.
    pub(crate) async fn settled(&self) {
        eventually("an empty delivery queue", async || {
            (self.depth("DeliveryQueue").await == 0).then_some(())
        })
        .await;
        assert_eq!(self.depth("DeliveryDeadLetterQueue").await, 0);
    }
}

/// An event of this many bytes, with the maximum number of items. Their names are random, which is the worst case for
/// compression.
pub(crate) fn large_event(bytes: usize, name: usize) -> Value {
    let mut random = fastrand::Rng::with_seed(1);
    let mut character = || match random.char('!'..='~') {
        '"' | '\\' => 'x',
        other => other,
    };
    let mut event = event("large", "SHIPPED");
    event["items"] = (0..500)
        .map(|_| (0..name).map(|_| character()).collect::<String>())
        .map(|sku| json!({ "sku": sku, "quantity": 1 }))
        .collect();
    event["padding"] = json!("");
    let missing = bytes - event.to_string().len();
    event["padding"] = json!("x".repeat(missing));
    assert_eq!(event.to_string().len(), bytes);
    event
}

/// Whether the backends are external.
pub(crate) fn are_backends_elsewhere() -> bool {
    Elsewhere::of_environment().is_some()
}

/// Prints that a test is skipped, bypassing the capture of output.
#[expect(
    clippy::explicit_write,
    reason = "eprintln! is captured in a test that passes"
)]
pub(crate) fn leave_out(reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    writeln!(std::io::stderr(), "skipped: {test}: {reason}").unwrap();
}

/// The parsed body of a received request.
pub(crate) fn body(request: &ReceivedRequest) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

/// The received notifications as "order TYPE", in the order of arrival.
pub(crate) fn told(requests: &[ReceivedRequest]) -> Vec<String> {
    requests
        .iter()
        .map(|request| {
            let body = body(request);
            let text = |name: &str| body[name].as_str().unwrap().to_owned();
            format!("{} {}", text("forwardOrderCode"), text("notificationType"))
        })
        .collect()
}

/// The `webhook-id` of a notification for an endpoint.
pub(crate) fn webhook_id(notification_id: &str, endpoint: &str) -> String {
    let rest = notification_id.strip_prefix("ntf_").unwrap();
    format!("dlv_{rest}_{endpoint}")
}

/// Order numbers of the demo client, each in a different lane.
pub(crate) fn orders_in_lanes<const COUNT: usize>() -> [String; COUNT] {
    let lane = |order: &str| {
        let shipment = ShipmentId {
            client_id: "demo".parse().unwrap(),
            shipment_type: ShipmentType::Forward,
            order_number: order.parse().unwrap(),
            shipment_code: None,
        };
        shipment.subject().lane_seed(&shipment.client_id)
            % u64::from(logistics::domain::endpoint::DEFAULT_LANES)
    };
    let mut found: BTreeMap<u64, String> = BTreeMap::new();
    for number in 0.. {
        if found.len() == COUNT {
            break;
        }
        let order = format!("order-{number}");
        found.entry(lane(&order)).or_insert(order);
    }
    let orders: Vec<String> = found.into_values().collect();
    orders.try_into().unwrap()
}

/// Checks repeatedly until there is a value.
pub(crate) async fn eventually<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .unwrap_or_else(|_| panic!("timed out waiting for {what}"))
}
