//! The function on its tables and queue, and the return order of its event.

use lambda_http::{Body, Response, request};
use local::backends::BackendOptions;
use local::handler_world::stored::{add_return_order, notification, return_order, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use logistics::domain::returning::timeline::ReturnTimeline;
use logistics::domain::shipment::ShipmentType;
use logistics::store::notifying::notifications::{Notifications, Stored};
use logistics::store::returning::return_orders::{Appended, ReturnOrders, StoredReturn};
use logistics::store::transaction::Part;
use return_processing::{App, handle};
use serde_json::{Value, json};

use crate::answer;

/// The return order of the event.
pub(super) const CODE: &str = "H893RUOT123";
pub(super) const PASSED: &str = "I10097";
pub(super) const FAILED: &str = "I10098";

pub(super) struct Processing {
    pub(super) world: HandlerWorld,
    pub(super) app: App,
    pub(super) event: HttpEvent,
    pub(super) returns: ReturnOrders,
}

impl Processing {
    /// A handler that accepts the event's caller; the return order has one piece more than the event.
    pub(super) async fn start() -> Self {
        Self::start_on(BackendOptions::default()).await
    }

    pub(super) async fn start_on(options: BackendOptions) -> Self {
        let world = HandlerWorld::start_on(options).await.unwrap();
        let event = HttpEvent::of("return-processing").unwrap();
        world.admit(&event).await.unwrap();
        let table = world.table("ReturnOrdersTable").unwrap();
        let processing = Self {
            app: App::new(&world.start_of("return-processing").unwrap()).unwrap(),
            returns: ReturnOrders::new(world.backends.dynamodb_client(), table),
            world,
            event,
        };
        processing.add("demo", CODE).await;
        processing
    }

    /// Adds a return order.
    pub(super) async fn add(&self, client: &str, code: &str) {
        let order = return_order(code, &[PASSED, FAILED, "I10099"]).unwrap();
        add_return_order(&self.returns, client, &order)
            .await
            .unwrap();
    }

    pub(super) async fn send(&self, event: &HttpEvent) -> Answered {
        let response = handle(&self.app, request::from_str(&event.to_string()).unwrap()).await;
        Answered {
            body: answer::json(&response),
            response,
        }
    }

    /// A call about the return order of the event.
    pub(super) async fn process(&self, body: &Value) -> Answered {
        self.send(&self.event.clone().with_body(body)).await
    }

    pub(super) async fn stored(&self, code: &str) -> StoredReturn {
        self.stored_of("demo", code).await
    }

    pub(super) async fn stored_of(&self, client: &str, code: &str) -> StoredReturn {
        let (client, code) = (client.parse().unwrap(), code.parse().unwrap());
        self.returns.read(&client, &code).await.unwrap().unwrap()
    }

    /// The history of the return order of the event.
    pub(super) async fn timeline(&self) -> ReturnTimeline {
        let stored = self.stored(CODE).await;
        ReturnTimeline::of(&stored.order, stored.created_at, &stored.events, &[])
    }

    /// Something else happens to a return order.
    pub(super) async fn happens(&self, code: &str, event: ReturnEvent) {
        let stored = self.stored(code).await;
        let event = DatedReturnEvent {
            at: jiff::Timestamp::now(),
            identity: "test".to_owned(),
            event,
        };
        let (client, also): (_, [Part; 0]) = ("demo".parse().unwrap(), []);
        let added = self.returns.append(&client, &stored, &event, also).await;
        assert_eq!(added.unwrap(), Appended::Added);
    }

    /// A status of the parcel of the return order of the event was pushed.
    pub(super) async fn is_pushed(&self, event: NotificationType) {
        let parcel = shipment("demo", CODE, ShipmentType::Return, None).unwrap();
        let mut pushed = notification(&parcel, jiff::Timestamp::now().as_millisecond()).unwrap();
        pushed.notification_type = Some(event);
        let table = self.world.table("NotificationsTable").unwrap();
        let notifications = Notifications::new(self.world.backends.dynamodb_client(), table);
        let identity = Identity::Event(event.to_string());
        let stored = notifications.store(&parcel, &identity, &pushed).await;
        assert!(matches!(stored.unwrap(), Stored::New(_)));
    }

    /// The tasks in the delivery queue, in order within each endpoint.
    pub(super) async fn tasks(&self) -> Vec<Value> {
        let queue_url = self.world.queue_url("DeliveryQueue").unwrap();
        let sqs = self.world.backends.sqs_client();
        let mut tasks = Vec::new();
        loop {
            let received = sqs.receive_message().queue_url(&queue_url);
            let received = received.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return tasks;
            }
            for message in messages {
                tasks.push(serde_json::from_str(&message.body.unwrap()).unwrap());
                let delete = sqs.delete_message().queue_url(&queue_url);
                let delete = delete.receipt_handle(message.receipt_handle.unwrap());
                delete.send().await.unwrap();
            }
        }
    }

    /// Number of items of all messages.
    pub(super) async fn messages(&self) -> usize {
        let table = self.world.table("NotificationsTable").unwrap();
        let scan = self.world.backends.dynamodb_client().scan();
        scan.table_name(table).send().await.unwrap().items().len()
    }
}

/// A response with its parsed body.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) response: Response<Body>,
    pub(super) body: Value,
}

impl Answered {
    pub(super) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The state of the return order and the ids of the messages.
    #[track_caller]
    pub(super) fn told(&self) -> (&str, Vec<&str>) {
        assert_eq!(self.status(), 200, "{}", self.body);
        let messages = self.body["messages"].as_array().unwrap().iter();
        let ids = messages.map(|message| message["messageId"].as_str().unwrap());
        (self.body["state"].as_str().unwrap(), ids.collect())
    }

    pub(super) fn is_replayed(&self) -> bool {
        let header = self.response.headers().get("idempotent-replayed");
        header.is_some_and(|value| value == "true")
    }

    /// The status, the slug and the wrong fields of a problem.
    pub(super) fn problem(&self) -> (u16, &str, Vec<&str>) {
        let kind = self.body["type"].as_str().unwrap_or_default();
        let errors = self.body["errors"].as_array().into_iter().flatten();
        let pointers = errors.map(|error| error["pointer"].as_str().unwrap());
        let slug = kind.rsplit('#').next().unwrap_or_default();
        (self.status(), slug, pointers.collect())
    }
}

pub(super) fn passed(code: &str) -> Value {
    json!({ "itemCode": code, "qcStatus": "PASS" })
}

pub(super) fn failed(code: &str) -> Value {
    json!({
        "itemCode": code, "qcStatus": "FAIL", "qcReason": "STAIN_DAMAGE",
        "imageUrls": ["https://increff.com/img.jpg"],
    })
}

pub(super) fn results(items: &[Value]) -> Value {
    json!({ "orderItems": items })
}

pub(super) fn correction(items: &[Value]) -> Value {
    json!({ "orderItems": items, "correction": true })
}
