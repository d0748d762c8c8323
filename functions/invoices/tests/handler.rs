//! The handler with an event as AWS sends it, on real tables and queues.

use insta::{assert_json_snapshot, assert_snapshot};
use invoices::{App, handle};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::message::MessageKind;
use logistics::queue::sender::Sender;
use serde_json::{Value, json};

use crate::answer::text;

struct Invoicing {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Invoicing {
    /// A handler that accepts the event's caller.
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("invoices").unwrap();
        world.admit(&event).await.unwrap();
        Self {
            app: App::new(&world.start_of("invoices").unwrap()).unwrap(),
            world,
            event,
        }
    }

    async fn send(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    /// The messages in the delivery queue.
    async fn waiting(&self) -> Vec<Value> {
        let received = self
            .world
            .backends
            .sqs_client()
            .receive_message()
            .queue_url(self.world.queue_url("DeliveryQueue").unwrap())
            .max_number_of_messages(10);
        let messages = received.send().await.unwrap().messages.unwrap_or_default();
        let bodies = messages.into_iter().map(|message| message.body.unwrap());
        bodies
            .map(|body| serde_json::from_str(&body).unwrap())
            .collect()
    }

    async fn stored(&self) -> usize {
        let table = self.world.table("NotificationsTable").unwrap();
        let scan = self.world.backends.dynamodb_client().scan();
        scan.table_name(table).send().await.unwrap().items().len()
    }
}

#[tokio::test]
async fn an_invoice_is_stored_and_queued_before_the_response() {
    let world = Invoicing::start().await;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    assert!(!answer.headers().contains_key("idempotent-replayed"));
    assert_snapshot!(text(&answer));
    assert_eq!(world.stored().await, 1);
    let mut waiting = world.waiting().await;
    assert_eq!(waiting.len(), 1);
    let payload = waiting[0]["payload"].take();
    let payload: Value = serde_json::from_str(payload.as_str().unwrap()).unwrap();
    assert_eq!(payload["notificationType"], "INVOICE_GENERATED");
    assert_json_snapshot!(waiting, { "[].acceptedAt" => "[now]" });
}

#[tokio::test]
async fn a_repeat_is_the_same_message_and_sends_only_what_has_no_record() {
    let world = Invoicing::start().await;
    let first = world.send(&world.event).await;
    let again = world.send(&world.event).await;
    assert_eq!(text(&again), text(&first));
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(world.stored().await, 1);
    // The queue dropped the second task, because it has the same deduplication id.
    assert_eq!(world.waiting().await.len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_does_not_want_invoices_gets_none() {
    let world = Invoicing::start().await;
    for (id, kind) in [
        ("others", MessageKind::ReturnOrderAck),
        ("bills", MessageKind::Invoice),
    ] {
        world.world.add_endpoint(id, &[kind]).await.unwrap();
    }
    assert_eq!(world.send(&world.event).await.status(), 200);
    let waiting = world.waiting().await;
    let mut endpoints: Vec<_> = waiting
        .iter()
        .map(|task| task["endpointId"].as_str().unwrap())
        .collect();
    endpoints.sort_unstable();
    assert_eq!(endpoints, ["bills", "demo-sink"]);
}

#[tokio::test]
async fn a_repeat_after_a_failed_send_is_marked_as_resend() {
    let mut world = Invoicing::start().await;
    let queue_url = world.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(world.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    world.app.publishing.queue = missing;
    let failed = world.send(&world.event).await;
    assert_eq!(failed.status(), 503, "{}", text(&failed));
    assert!(failed.headers().contains_key("retry-after"));
    assert_eq!(world.stored().await, 1);
    world.app.publishing.queue = present;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    let waiting = world.waiting().await;
    assert_eq!((waiting.len(), &waiting[0]["resend"]), (1, &json!(true)));
}

#[tokio::test]
async fn the_same_invoice_with_another_document_is_refused() {
    let world = Invoicing::start().await;
    world.send(&world.event).await;
    let mut invoice = world.event.body().unwrap();
    invoice["documentUrl"] = json!("https://invoice.com/other/pdf");
    let answer = world.send(&world.event.clone().with_body(&invoice)).await;
    assert_eq!(answer.status(), 422);
    let problem: Value = serde_json::from_str(text(&answer)).unwrap();
    assert!(
        problem["type"]
            .as_str()
            .unwrap()
            .ends_with("#order-number-reused")
    );
    assert_snapshot!(problem["detail"].as_str().unwrap(), @"this invoice was already sent with another documentUrl");
}
